//! When a message was said, whether it was changed or pinned, and how far it got.

use leptos::prelude::*;
use shared::frame::Deed;
use shared::rows::{Delivery, Message};

use super::{Drawn, tab_stop};
use crate::browser;
use crate::locales::use_words;
use crate::ui::Icon;
use crate::views::talk::{Talk, use_talk};
use crate::views::ticks::Ticks;

#[component]
pub(super) fn Meta(drawn: Memo<Drawn>, is_near: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let at = Memo::new(move |_| drawn.read().message.entry.at);
    let marks = Memo::new(move |_| {
        let drawn = drawn.read();
        let more = drawn.message.entry.more.as_ref();
        let edited = more.is_some_and(|more| more.edited.is_some());
        (edited, more.is_some_and(|more| more.pinned), drawn.message.seq)
    });
    let seq = Memo::new(move |_| drawn.read().message.seq);
    let delivery = Memo::new(move |_| shown_delivery(talk, &drawn.read().message));
    let state = move || match delivery.get() {
        Delivery::Theirs | Delivery::Sent => "",
        Delivery::Waiting => words().room.waiting,
        Delivery::Failed(_) => words().room.failed,
    };
    view! {
        <span class="meta">
            {move || marks.get().1.then(|| view! {
                <Icon name="pin"/><span class="sr">{move || words().message.pinned}</span>
            })}
            {move || marks.get().0.then(|| view! {
                <button
                    type="button"
                    class="edited"
                    tabindex=tab_stop(is_near)
                    title=move || words().message.history
                    on:click=move |_| if let Some(seq) = marks.get_untracked().2 {
                        talk.open_sheet(talk.sheets.versions, vec![seq]);
                    }
                >
                    {move || words().message.edited}
                </button>
            })}
            <time>{move || browser::time_of_day(at.get())}</time>
            {move || (delivery.get() == Delivery::Sent).then(|| view! { <Ticks id=talk.id seq=seq.get() is_near/> })}
            {move || icon_of(delivery.get()).map(|name| view! { <Icon name/><span class="sr">{state}</span> })}
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
