//! New messages of others, said to those who listen instead of looking.

use leptos::prelude::*;
use shared::client::{Client, Part};
use shared::id::{ConversationId, Seq};
use shared::markup::plain;
use shared::text::BODY_CHARS;

use crate::locales::{Words, use_words};
use crate::state::State;
use crate::views::naming::{is_me, name_of};

/// After a long absence only so many are said.
const SAID_AT_ONCE: usize = 3;
/// Lines that stay in the log.
const KEPT: usize = 6;

#[component]
pub(super) fn Announcer(id: ConversationId, landed: RwSignal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let lines = RwSignal::new(Vec::<(Seq, String)>::new());
    Effect::new(move |said: Option<Option<Seq>>| {
        if !landed.get() {
            return None;
        }
        let (cursor, new) = state.read(Part::Conversation(id), |client| {
            let cursor = client.room(id).map(|room| room.timeline().cursor());
            let said = said.flatten().or(cursor);
            (cursor, said.map(|said| news(client, id, said, words())).unwrap_or_default())
        });
        if !new.is_empty() {
            lines.update(|lines| {
                lines.extend(new);
                let surplus = lines.len().saturating_sub(KEPT);
                lines.drain(..surplus);
            });
        }
        cursor
    });
    view! {
        <div class="sr" role="log" aria-live="polite">
            <For each=move || lines.get() key=|(seq, _)| *seq let((_, line))>
                <p>{line}</p>
            </For>
        </div>
    }
}

/// The newest messages of others after a place, as "name: text".
fn news(client: &Client, id: ConversationId, after: Seq, words: &Words) -> Vec<(Seq, String)> {
    let Some(room) = client.room(id) else { return Vec::new() };
    let mut new: Vec<(Seq, String)> = room
        .timeline()
        .after(after)
        .rev()
        .filter(|entry| !is_me(client, entry.author))
        .filter_map(|entry| {
            let who = name_of(client, entry.author, words);
            let said = plain(entry.message()?.body.as_str(), BODY_CHARS);
            Some((entry.seq, (words.room.announced)(&who, &said)))
        })
        .take(SAID_AT_ONCE)
        .collect();
    new.reverse();
    new
}
