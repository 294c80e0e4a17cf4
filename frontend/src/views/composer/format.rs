//! Styles while one writes: a row of buttons, their keys, and lists that go on by themselves.
//!
//! Everything is written as if it had been typed, so that it can be undone, and never while an input method composes.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::preview::PreviewButton;
use super::writing::Writing;
use crate::browser;
use crate::later::later;
use crate::locales::{Markup, say, use_words};
use crate::ui::Icon;

/// A style: what it is called, what stands on its button, its key (with Shift where it is a capital), and its marks.
#[derive(Clone, Copy)]
struct Style {
    name: fn(&Markup) -> &'static str,
    sign: Sign,
    key: Option<&'static str>,
    marks: Marks,
}

#[derive(Clone, Copy)]
enum Sign {
    Letter(&'static str),
    /// An icon of the sprite.
    Drawn(&'static str),
}

#[derive(Clone, Copy)]
enum Marks {
    /// Before and behind what is chosen.
    Around(&'static str, &'static str),
    /// Before each line of what is chosen.
    Before(&'static str),
}

const STYLES: [Style; 8] = [
    Style { name: |m| m.bold, sign: Sign::Letter("B"), key: Some("b"), marks: Marks::Around("**", "**") },
    Style { name: |m| m.italic, sign: Sign::Letter("I"), key: Some("i"), marks: Marks::Around("*", "*") },
    Style { name: |m| m.struck, sign: Sign::Letter("S"), key: Some("X"), marks: Marks::Around("~~", "~~") },
    Style { name: |m| m.hidden, sign: Sign::Drawn("hidden"), key: None, marks: Marks::Around("||", "||") },
    Style { name: |m| m.code, sign: Sign::Letter("<>"), key: Some("e"), marks: Marks::Around("`", "`") },
    Style {
        name: |m| m.link,
        sign: Sign::Drawn("link"),
        key: Some("K"),
        marks: Marks::Around("[", "](https://)"),
    },
    Style { name: |m| m.list, sign: Sign::Drawn("list"), key: None, marks: Marks::Before("- ") },
    Style { name: |m| m.quote, sign: Sign::Drawn("quote"), key: None, marks: Marks::Before("> ") },
];

later! {
    /// The row of buttons.
    pub fn format_row(writing: Writing, shows_preview: RwSignal<bool>) in composing {
        view! { <FormatRow writing shows_preview/> }.into_any()
    }
}

/// The buttons of all styles, and what else belongs to them.
#[component]
fn FormatRow(writing: Writing, shows_preview: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let button = move |style: Style| {
        let name = move || (style.name)(&words().markup);
        view! {
            <button
                type="button"
                class="icon-btn"
                aria-label=name
                title=name
                aria-keyshortcuts=style.key.map(|key| match key {
                    "X" | "K" => format!("Control+Shift+{key}"),
                    key => format!("Control+{}", key.to_ascii_uppercase()),
                })
                // The focus stays in the field, and with it what is chosen there.
                on:mousedown=|press| press.prevent_default()
                on:click=move |_| put(writing, style.marks)
            >
                {match style.sign {
                    Sign::Letter(letter) => view! { <span aria-hidden="true">{letter}</span> }.into_any(),
                    Sign::Drawn(name) => view! { <Icon name small=true/> }.into_any(),
                }}
            </button>
        }
    };
    view! {
        <div class="format" role="group" aria-label=say(words, |words| words.markup.format)>
            {STYLES.map(button).into_iter().collect_view()}
            <PreviewButton shows_preview/>
        </div>
    }
}

/// Whether a key that no input method took meant a style; then it is done.
pub fn takes(writing: Writing, key: &KeyboardEvent) -> bool {
    if key.alt_key() {
        return false;
    }
    let pressed = key.key();
    // On a Mac, Ctrl with a letter moves in the text.
    let with_command = if browser::is_mac() { key.meta_key() } else { key.ctrl_key() };
    if with_command {
        let pressed =
            if key.shift_key() { pressed.to_ascii_uppercase() } else { pressed.to_ascii_lowercase() };
        let style = STYLES.iter().find(|style| style.key == Some(pressed.as_str()));
        style.inspect(|style| put(writing, style.marks)).is_some()
    } else {
        pressed == "Enter" && goes_on(writing)
    }
}

/// Puts marks around what is chosen, or takes them away.
fn put(writing: Writing, marks: Marks) {
    let Some((text, from, to)) = writing.chosen() else { return };
    let (before, chosen, behind) = (&text[..from], &text[from..to], &text[to..]);
    match marks {
        Marks::Around(open, close) if is_around(before, open) && behind.starts_with(close) => {
            writing.replace(from - open.len(), to + close.len(), chosen);
            writing.choose(from - open.len(), to - open.len());
        }
        Marks::Around(open, close) => {
            writing.replace(from, to, &format!("{open}{chosen}{close}"));
            // Of a link the address is still missing.
            let (start, end) = match close {
                "](https://)" if from < to => (to + open.len() + 2, to + open.len() + close.len() - 1),
                _ => (from + open.len(), to + open.len()),
            };
            writing.choose(start, end);
        }
        Marks::Before(mark) => {
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let lines = text[start..to].split('\n').map(|line| format!("{mark}{line}"));
            writing.replace(start, to, &lines.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// Whether these marks stand before what is chosen: two stars are bold, and none of them is italic.
fn is_around(before: &str, open: &str) -> bool {
    let stars = before.len() - before.trim_end_matches('*').len();
    before.ends_with(open) && (open != "*" || stars != 2)
}

/// A new line in a list begins like the one before; one with nothing in it ends the list.
fn goes_on(writing: Writing) -> bool {
    let Some((text, from, to)) = writing.chosen() else { return false };
    let start = text[..from].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..from];
    let Some((mark, next)) = mark_of(line) else { return false };
    if mark == line.len() {
        writing.replace(start, to, "");
    } else {
        writing.replace(from, to, &format!("\n{next}"));
    }
    true
}

/// How long the mark at the beginning of a line is, and what the next line begins with.
fn mark_of(line: &str) -> Option<(usize, String)> {
    let text = line.trim_start_matches(' ');
    let space = &line[..line.len() - text.len()];
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mark = text.get(digits..digits + 2)?;
    let next = match (digits, mark) {
        (0, "- " | "* " | "+ " | "> ") => format!("{space}{mark}"),
        (1..=8, ". " | ") ") => format!("{space}{}{mark}", text[..digits].parse::<u32>().ok()? + 1),
        _ => return None,
    };
    Some((space.len() + digits + 2, next))
}

/// An address that is pasted over chosen words becomes their link.
pub fn pastes(writing: Writing, pasted: &str) -> bool {
    let address = pasted.trim();
    let is_address = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme))
        && !address.contains(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '<' | '>'));
    let Some((text, from, to)) = writing.chosen().filter(|_| is_address) else { return false };
    let chosen = &text[from..to];
    if chosen.trim().is_empty() || chosen.contains(['\n', '[', ']']) || chosen.contains("://") {
        return false;
    }
    writing.replace(from, to, &format!("[{chosen}]({address})"));
    true
}
