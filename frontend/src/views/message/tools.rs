//! The few things done most, beside the message that one points at.

use leptos::prelude::*;
use shared::id::Seq;

use crate::locales::use_words;
use crate::ui::Icon;
use crate::views::talk::{MenuAt, Talk, use_talk};

#[component]
pub(super) fn Tools(seq: Seq) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    view! {
        <div class="tools" role="group" aria-label=move || words().message.actions>
            <button
                type="button"
                aria-label=move || words().message.react
                title=move || words().message.react
                on:click=move |_| talk.open_menu(seq, place_of(talk, seq, true))
            >
                <Icon name="smile"/>
            </button>
            <button
                type="button"
                aria-label=move || words().message.reply
                title=move || words().message.reply
                on:click=move |_| talk.reply(seq)
            >
                <Icon name="reply"/>
            </button>
            <button
                type="button"
                aria-label=move || words().message.more
                title=move || words().message.more
                on:click=move |_| talk.open_menu(seq, place_of(talk, seq, false))
            >
                <Icon name="more"/>
            </button>
        </div>
    }
}

/// Where the menu of the message at a place opens: below its upper edge.
pub fn place_of(talk: Talk, seq: Seq, is_short: bool) -> MenuAt {
    let pane = if talk.thread.is_some() { ".thread" } else { ".room" };
    let bubble = document().query_selector(&format!("{pane} [data-seq=\"{seq}\"] > .body")).ok().flatten();
    let Some(bubble) = bubble.map(|bubble| bubble.get_bounding_client_rect()) else {
        return MenuAt { is_short, ..MenuAt::default() };
    };
    #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
    let (x, y) = (bubble.x() as i32, bubble.y() as i32);
    MenuAt { x, y, is_short }
}
