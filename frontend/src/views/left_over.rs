//! What was written to a conversation that is no longer this person's: it stays until they have copied or discarded it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Client, Part};
use shared::code::Code;
use shared::frame::Deed;
use shared::id::{ClientId, ConversationId};
use shared::outbox::State as Progress;
use shared::sorted;

use crate::actions::Actions;
use crate::browser;
use crate::erased::{Show, live, memo};
use crate::locales::{say, use_words};
use crate::place::Place;
use crate::state::State;
use crate::ui::Icon;

/// A message that has no timeline to stand in; the code says why it was not sent, once that is known.
#[derive(Clone, PartialEq)]
struct Left {
    id: ClientId,
    text: String,
    code: Option<Code>,
}

/// What is left of one conversation, with the ways out.
#[component]
pub fn LeftOver(id: ConversationId) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let left = memo(move |_| state.read(Part::Conversation(id), |client| left_in(client, id)));
    view! {
        <Show when=move || !left.read().is_empty()>
            <section class="left-over">
                <h3>{say(words, |words| words.room.left_over)}</h3>
                <ul>
                    <For each=move || left.get() key=|left| (left.id, left.code) let:left>
                        <LeftMessage left/>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn LeftMessage(left: Left) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let words = use_words();
    let copied = RwSignal::new(false);
    let shown = NodeRef::new();
    let Left { id, text, code } = left;
    let said = text.clone();
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let is_there = browser::copy(&text).await;
            let _ = copied.try_set(is_there);
            if let Some(shown) = shown.try_get_untracked().flatten().filter(|_| !is_there) {
                let shown: leptos::web_sys::HtmlParagraphElement = shown;
                browser::select(&shown);
            }
        });
    };
    let state = move || match code {
        Some(code) => (words().room.not_sent)((words().code)(code)),
        None => words().room.waiting.to_owned(),
    };
    view! {
        <li>
            <p class="text" dir="auto" node_ref=shown>{said}</p>
            <div class="trouble">
                <span role="status">{live(state)}</span>
                <button type="button" class="link-btn" on:click=copy>
                    {live(move || if copied.get() { words().settings.copied } else { words().settings.copy })}
                </button>
                // What is on its way cannot be taken back.
                {code.map(|_| view! {
                    <button type="button" class="link-btn is-danger" on:click=move |_| actions.discard(id)>
                        {say(words, |words| words.room.discard)}
                    </button>
                })}
            </div>
        </li>
    }
}

/// The way to what is left: a line for each conversation that is in no list any more.
#[component]
pub fn LeftOverLines() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let left = memo(move |_| state.read(Part::List, counts));
    view! {
        <For each=move || left.get() key=|line| *line let((id, count))>
            <p class="wire">
                <Icon name="alert" small=true/>
                <span>{say(words, |words| words.list.left_over)}</span>
                <a class="link-btn" href=Place::path(id)>{live(move || (words().list.not_sent)(count))}</a>
            </p>
        </For>
    }
}

fn left_in(client: &Client, id: ConversationId) -> Vec<Left> {
    let left = client.outbox().of(id).filter_map(|pending| match (&pending.deed, pending.state) {
        (_, Progress::Sent { .. }) => None,
        (Deed::Post { body, .. }, state) => {
            let code = if let Progress::Failed { code } = state { Some(code) } else { None };
            Some(Left { id: pending.client_id, text: body.to_string(), code })
        }
        _ => None,
    });
    left.collect()
}

/// Whether something waits for a conversation that this person is not in.
pub fn is_left_over(client: &Client, id: ConversationId) -> bool {
    client.me().is_some() && client.room(id).is_none() && !left_in(client, id).is_empty()
}

/// Whether that is so for any conversation.
pub fn is_something_left(client: &Client) -> bool {
    let mut named = client.outbox().iter().filter_map(|pending| pending.deed.conversation());
    named.any(|id| is_left_over(client, id))
}

fn counts(client: &Client) -> Vec<(ConversationId, usize)> {
    let named = client.outbox().iter().filter_map(|pending| pending.deed.conversation());
    let mut gone = sorted::Set::new();
    gone.extend(named.filter(|id| is_left_over(client, *id)));
    gone.into_iter().map(|id| (id, left_in(client, id).len())).collect()
}
