//! What people fill in below a message: polls, and chains to which everyone adds a line.

mod chain;
mod making;
mod plus;
mod poll;

use leptos::prelude::*;
use shared::frame::Deed;
use shared::message::Card;

use super::message::Drawn;
use super::naming::is_me;
use super::talk::use_talk;
use crate::locales::use_words;
use chain::Chain;
pub use making::{ChainDialog, PollDialog};
pub use plus::PlusMenu;
use poll::Poll;

/// The card of a message. `is_near` says whether its buttons can be reached by Tab.
#[component]
pub fn CardOf(drawn: Memo<Drawn>, is_near: RwSignal<bool>) -> impl IntoView {
    let card = drawn.with_untracked(|drawn| drawn.message.entry.message().and_then(|post| post.card.clone()));
    match card {
        Some(Card::Poll { choices, many }) => view! { <Poll drawn is_near choices many/> }.into_any(),
        Some(Card::Chain) => view! { <Chain drawn is_near/> }.into_any(),
        Some(Card::Unknown) | None => ().into_any(),
    }
}

/// Ends a poll or chain of one's own. It is asked once more, since nothing opens it again.
#[component]
fn CloseButton(
    drawn: Memo<Drawn>,
    is_near: RwSignal<bool>,
    #[prop(into)] label: Signal<&'static str>,
) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let is_asked = RwSignal::new(false);
    let author = drawn.with_untracked(|drawn| drawn.message.entry.author);
    let is_mine = talk.state.peek(|client| is_me(client, author));
    let target = Memo::new(move |_| {
        let message = &drawn.read().message;
        let is_open = message.entry.more.as_ref().is_none_or(|more| !more.closed);
        message.seq.filter(|_| is_mine && is_open)
    });
    let press = move |_| match target.get_untracked() {
        Some(target) if is_asked.get_untracked() => talk.amend(Deed::Close { conversation: talk.id, target }),
        _ => is_asked.set(true),
    };
    view! {
        <Show when=move || target.get().is_some()>
            <button
                type="button"
                class="link-btn"
                class:is-danger=is_asked
                tabindex=move || tab_stop(is_near)
                on:click=press
                on:blur=move |_| is_asked.set(false)
            >
                {move || if is_asked.get() { words().cards.close_sure } else { label.get() }}
            </button>
        </Show>
    }
}

/// Only what is in the message at hand is on the way of Tab.
fn tab_stop(is_near: RwSignal<bool>) -> &'static str {
    if is_near.get() { "0" } else { "-1" }
}
