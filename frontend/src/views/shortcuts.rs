//! The sheet of shortcuts: those that exist, and no others.

use leptos::prelude::*;

use crate::browser;
use crate::locales::{Keys, use_words};
use crate::state::State;
use crate::ui::{Dialog, DialogHeader};

type Line = (fn(&Keys) -> &'static str, &'static [&'static str]);

const SEND_WITH_ENTER: [Line; 2] = [(|k| k.send, &["Enter"]), (|k| k.line, &["Shift", "Enter"])];
const SEND_WITH_CTRL: [Line; 2] = [(|k| k.send, &["Ctrl", "Enter"]), (|k| k.line, &["Enter"])];
const OTHERS: [Line; 11] = [
    (|k| k.edit_last, &["↑"]),
    (|k| k.undo, &["Ctrl", "Z"]),
    (|k| k.reply, &["R"]),
    (|k| k.react, &["E"]),
    (|k| k.menu, &["M"]),
    (|k| k.mention, &["@"]),
    (|k| k.emoji, &[":"]),
    (|k| k.jump, &["Ctrl", "K"]),
    (|k| k.next, &["Alt", "↑", "↓"]),
    (|k| k.close, &["Esc"]),
    (|k| k.sheet, &["?"]),
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
            view! { <div><dt>{what(&words().keys)}</dt><dd>{keys}</dd></div> }
        };
        sending.into_iter().chain(OTHERS).map(line).collect_view()
    };
    view! {
        <Dialog open label=Signal::derive(move || words().keys.title) class="is-sheet">
            <DialogHeader
                open
                title=Signal::derive(move || words().keys.title)
                close=Signal::derive(move || words().general.close)
                autofocus=true
            />
            <dl>{lines}</dl>
        </Dialog>
    }
}

/// What stands on a key.
fn name_of(key: &'static str) -> &'static str {
    if key == "Ctrl" && browser::is_mac() { "⌘" } else { key }
}
