//! When a message was said, whether it was changed or pinned, and how far it got.

use leptos::prelude::*;
use shared::frame::Deed;
use shared::rows::{Delivery, Message};

use super::{Drawn, tab_stop};
use crate::browser;
use crate::erased::{live, memo};
use crate::locales::{say, use_words};
use crate::ui::Icon;
use crate::views::talk::{Talk, use_talk};
use crate::views::ticks::Ticks;

#[component]
pub(super) fn Meta(drawn: Memo<Drawn>, is_near: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let at = memo(move |_| drawn.read().message.entry.at);
    let marks = memo(move |_| {
        let drawn = drawn.read();
        let more = drawn.message.entry.more.as_ref();
        let edited = more.is_some_and(|more| more.edited.is_some());
        (edited, more.is_some_and(|more| more.pinned), drawn.message.seq)
    });
    let seq = memo(move |_| drawn.read().message.seq);
    let delivery = memo(move |_| shown_delivery(talk, &drawn.read().message));
    let state = move || match delivery.get() {
        Delivery::Theirs | Delivery::Sent => "",
        Delivery::Waiting => words().room.waiting,
        Delivery::Failed(_) => words().room.failed,
    };
    view! {
        <span class="meta">
            {live(move || marks.get().1.then(|| view! {
                <Icon name="pin"/><span class="sr">{say(words, |words| words.message.pinned)}</span>
            }))}
            {live(move || marks.get().0.then(|| view! {
                <button
                    type="button"
                    class="edited"
                    tabindex=tab_stop(is_near)
                    title=say(words, |words| words.message.history)
                    on:click=move |_| if let Some(seq) = marks.get_untracked().2 {
                        talk.open_sheet(talk.sheets.versions, vec![seq]);
                    }
                >
                    {say(words, |words| words.message.edited)}
                </button>
            }))}
            <time>{live(move || browser::time_of_day(at.get()))}</time>
            {live(move || (delivery.get() == Delivery::Sent).then(|| view! { <Ticks id=talk.id seq=seq.get() is_near/> }))}
            {live(move || icon_of(delivery.get()).map(|name| view! { <Icon name/><span class="sr">{live(state)}</span> }))}
        </span>
    }
}

fn icon_of(delivery: Delivery) -> Option<&'static str> {
    match delivery {
        // How far it got beyond the log is told by its ticks.
        Delivery::Theirs | Delivery::Sent => None,
        Delivery::Waiting => Some("clock"),
        Delivery::Failed(_) => Some("alert"),
    }
}

/// A message whose new text is still on its way waits as a new one does.
fn shown_delivery(talk: Talk, message: &Message) -> Delivery {
    let is_edit = |id| {
        let is_edit = |pending: &shared::outbox::Pending| matches!(pending.deed, Deed::Edit { .. });
        talk.state.peek(|client| client.outbox().get(id).is_some_and(is_edit))
    };
    let mut amending = message.amending.iter();
    if amending.any(|(id, delivery)| *delivery == Delivery::Waiting && is_edit(*id)) {
        Delivery::Waiting
    } else {
        message.delivery
    }
}
