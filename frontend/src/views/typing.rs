//! Who types: the line under a timeline, and telling the others that this person does.

use std::time::Duration;

use leptos::prelude::*;
use shared::client::Part;
use shared::id::{ConversationId, Timestamp, UserId};

use super::naming::name_of;
use crate::actions::Actions;
use crate::browser;
use crate::erased::{effect, live, memo};
use crate::locales::use_words;
use crate::state::State;

/// The core is told this often at most, in milliseconds: each time all pages of the account take a step.
const TOLD: u64 = 3_000;
/// How often one looks whether somebody has stopped.
const LOOK: Duration = Duration::from_secs(1);
/// So many names stand in the line; of more people it says that they are several.
const NAMED: usize = 2;

/// Who else types there. Each page looks for itself whether they still do: the one that leads may sleep.
pub fn use_typists(id: ConversationId) -> Memo<Vec<UserId>> {
    let state = expect_context::<State>();
    let beat = Trigger::new();
    let typists = memo(move |_| {
        beat.track();
        state.read(Part::Typing(id), |client| client.typists(id, browser::now()))
    });
    effect(move || {
        beat.track();
        if !typists.read().is_empty()
            && let Ok(timer) = set_timeout_with_handle(move || beat.notify(), LOOK)
        {
            on_cleanup(move || timer.clear());
        }
    });
    typists
}

/// Who types, under the timeline. It has its place whether or not somebody does, so that nothing moves.
#[component]
pub fn TypingLine(id: ConversationId) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let typists = use_typists(id);
    let line = move || {
        let typists = typists.read();
        (!typists.is_empty()).then(|| {
            let names: Vec<String> = state.read(Part::People, |client| {
                typists.iter().take(NAMED + 1).map(|user| name_of(client, *user, words())).collect()
            });
            view! {
                <span>
                    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
                    <span class="clip">{(words().room.typing)(&names)}</span>
                </span>
            }
        })
    };
    // No live region: who listens to a page would hear nothing else.
    view! { <p class="typing" aria-live="off">{live(line)}</p> }
}

/// To be called with each input of the person's own, and whether a text begins with it; tells the core that at once, and
/// from time to time that it goes on.
pub fn use_tell_typing(id: ConversationId) -> impl Fn(bool) + Copy + 'static {
    let actions = expect_context::<Actions>();
    let told = StoredValue::new(Timestamp::default());
    move |is_begun| {
        let (now, before) = (browser::now(), told.get_value());
        if is_begun || now < before || now.since(before) >= TOLD {
            told.set_value(now);
            actions.type_on(id);
        }
    }
}
