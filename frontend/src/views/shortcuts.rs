//! The sheet of shortcuts: those that exist, and no others.

use leptos::prelude::*;

use crate::browser;
use crate::erased::live;
use crate::locales::{Words, say, use_words};
use crate::state::State;
use crate::ui::{Dialog, DialogHeader};

type Line = (fn(&Words) -> &'static str, &'static [&'static str]);

const SEND_WITH_ENTER: [Line; 2] = [(|w| w.keys.send, &["Enter"]), (|w| w.keys.line, &["Shift", "Enter"])];
const SEND_WITH_CTRL: [Line; 2] = [(|w| w.keys.send, &["Ctrl", "Enter"]), (|w| w.keys.line, &["Enter"])];
const OTHERS: [Line; 18] = [
    (|w| w.keys.edit_last, &["↑"]),
    (|w| w.keys.undo, &["Ctrl", "Z"]),
    (|w| w.keys.reply, &["R"]),
    (|w| w.keys.react, &["E"]),
    (|w| w.keys.menu, &["M"]),
    (|w| w.keys.mention, &["@"]),
    (|w| w.keys.emoji, &[":"]),
    (|w| w.keys.jump, &["Ctrl", "K"]),
    (|w| w.search.in_room, &["Ctrl", "F"]),
    (|w| w.keys.next, &["Alt", "↑", "↓"]),
    (|w| w.markup.bold, &["Ctrl", "B"]),
    (|w| w.markup.italic, &["Ctrl", "I"]),
    (|w| w.markup.struck, &["Ctrl", "Shift", "X"]),
    (|w| w.markup.code, &["Ctrl", "E"]),
    (|w| w.markup.link, &["Ctrl", "Shift", "K"]),
    (|w| w.markup.preview, &["Ctrl", "Shift", "P"]),
    (|w| w.keys.close, &["Esc"]),
    (|w| w.keys.sheet, &["?"]),
];

/// The sheet.
#[component]
pub fn Shortcuts(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let prefs = expect_context::<State>().prefs;
    let lines = move || {
        let sending = if prefs.read().enter_sends { SEND_WITH_ENTER } else { SEND_WITH_CTRL };
        let line = |(what, keys): Line| {
            let keys = keys.iter().map(|key| view! { <kbd class="kbd">{name_of(key)}</kbd> }).collect_view();
            view! { <div><dt>{what(words())}</dt><dd>{keys}</dd></div> }
        };
        sending.into_iter().chain(OTHERS).map(line).collect_view()
    };
    view! {
        <Dialog open label=say(words, |words| words.keys.title) class="is-sheet">
            <DialogHeader
                open
                title=say(words, |words| words.keys.title)
                close=say(words, |words| words.general.close)
                autofocus=true
            />
            <dl>{live(lines)}</dl>
        </Dialog>
    }
}

/// What stands on a key.
fn name_of(key: &'static str) -> &'static str {
    if key == "Ctrl" && browser::is_mac() { "⌘" } else { key }
}
