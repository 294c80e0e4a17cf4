//! What one does with several messages: a bar in place of the composer.

use leptos::prelude::*;
use shared::id::Seq;
use shared::model::Entry;

use super::menu::copy;
use super::naming::{is_me, name_of};
use super::talk::{Talk, use_talk};
use crate::locales::use_words;
use crate::ui::Icon;

/// The bar.
#[component]
pub fn ChoosingBar() -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let count = Memo::new(move |_| talk.chosen.read().as_ref().map_or(0, std::collections::BTreeSet::len));
    let is_idle = move || count.get() == 0;
    // What is not one's own stays.
    let is_mine = Memo::new(move |_| {
        let chosen = talk.chosen.read();
        chosen.iter().flatten().any(|seq| is_own(talk, *seq))
    });
    let copy_all = move |_| {
        let lines: Vec<String> = chosen(talk)
            .into_iter()
            .filter_map(|seq| {
                let entry = talk.entry(seq)?;
                let who = talk.state.peek(|client| name_of(client, entry.author, words()));
                Some((words().room.announced)(&who, entry.message()?.body.as_str()))
            })
            .collect();
        copy(talk, lines.join("\n"));
        talk.stop_choosing();
    };
    let recall = move |_| {
        for seq in chosen(talk).into_iter().filter(|seq| is_own(talk, *seq)) {
            talk.recall(seq);
        }
        talk.stop_choosing();
    };
    let on_key = move |key: web_sys::KeyboardEvent| {
        if key.key() == "Escape" {
            key.prevent_default();
            talk.stop_choosing();
        }
    };
    view! {
        <div class="choosing" role="toolbar" aria-label=move || words().message.actions on:keydown=on_key>
            <button
                type="button"
                class="icon-btn"
                aria-label=move || words().message.cancel
                on:click=move |_| talk.stop_choosing()
            >
                <Icon name="x"/>
            </button>
            <span class="grow" role="status">{move || (words().message.chosen)(count.get())}</span>
            <button
                type="button"
                class="btn is-quiet"
                disabled=is_idle
                on:click=move |_| talk.open_sheet(talk.sheets.forward, chosen(talk))
            >
                <Icon name="forward"/>{move || words().message.forward_short}
            </button>
            <button type="button" class="btn is-quiet" disabled=is_idle on:click=copy_all>
                <Icon name="copy"/>{move || words().settings.copy}
            </button>
            <button type="button" class="btn is-quiet is-danger" disabled=move || !is_mine.get() on:click=recall>
                <Icon name="undo"/>{move || words().message.recall}
            </button>
        </div>
    }
}

/// The chosen messages, in the order of the log.
fn chosen(talk: Talk) -> Vec<Seq> {
    talk.chosen.get_untracked().into_iter().flatten().collect()
}

fn is_own(talk: Talk, seq: Seq) -> bool {
    let is_own =
        |entry: &Entry| talk.state.peek(|client| is_me(client, entry.author)) && !entry.is_recalled();
    talk.entry(seq).as_deref().is_some_and(is_own)
}
