//! What stands where a message was that was taken back.

use leptos::prelude::*;
use shared::client::Part;

use super::Drawn;
use crate::aside;
use crate::erased::live;
use crate::locales::{say, use_words};
use crate::views::naming::{is_me, name_of};
use crate::views::talk::use_talk;

/// Who took it back, and, on the device where it was one's own, the way to write it anew.
#[component]
pub(super) fn RecalledLine(drawn: Memo<Drawn>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let (author, seq) = drawn.with_untracked(|drawn| (drawn.message.entry.author, drawn.message.seq));
    let is_mine = talk.state.peek(|client| is_me(client, author));
    let line = move || {
        if is_mine {
            return words().message.you_recalled.to_owned();
        }
        let name = talk.state.read(Part::People, |client| name_of(client, author, words()));
        (words().message.recalled_by)(&name)
    };
    let kept = seq.filter(|_| is_mine).and_then(|seq| aside::recalled(talk.id, seq));
    let again = kept.map(|text| {
        view! {
            " · "
            <button type="button" class="link-btn" on:click=move |_| talk.put_back(&text)>
                {say(words, |words| words.message.edit_again)}
            </button>
        }
    });
    view! { <span class="gone-line">{live(line)}{again}</span> }
}
