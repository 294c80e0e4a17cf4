//! The emoji that one picks from, eight in a row; arrows go through them.

use leptos::html;
use leptos::prelude::*;
use shared::emoji::{Emoji, TONES};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

use super::Picking;
use crate::erased::{effect, live, memo};
use crate::locales::{use_language, use_words};
use crate::prefs::Language;

/// How many stand side by side.
const COLUMNS: usize = 8;

/// All that are shown now. One listener is for all of them: there are hundreds.
#[component]
pub fn Grid(picking: Picking) -> impl IntoView {
    let (words, language) = (use_words(), use_language());
    let node = NodeRef::<html::Div>::new();
    let shown = memo(move |_| picking.shown());
    effect(move || {
        shown.track();
        if let Some(grid) = node.get() {
            grid.set_scroll_top(0);
        }
    });
    let on_click = move |click: MouseEvent| {
        let pressed = click.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let number = pressed.and_then(|pressed| pressed.get_attribute("data-at")?.parse::<usize>().ok());
        if let Some(emoji) = number.and_then(|number| shown.read_untracked().get(number).copied()) {
            picking.pick(emoji);
        }
    };
    let on_keydown = move |key: KeyboardEvent| {
        let by = match key.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            "ArrowDown" => COLUMNS.cast_signed(),
            "ArrowUp" => -COLUMNS.cast_signed(),
            _ => return,
        };
        key.prevent_default();
        move_focus(&key, by);
    };
    let label = move || {
        let query = picking.query.read();
        if query.trim().is_empty() { words().emoji.groups[picking.group.get()] } else { words().emoji.found }
    };
    let rows = move || {
        let (shown, tone, language) = (shown.read(), TONES[picking.tone.get()], language());
        let rows = shown.chunks(COLUMNS).enumerate();
        rows.map(|(number, row)| row_of(number * COLUMNS, row, tone, language)).collect_view()
    };
    view! {
        <div class="shown" node_ref=node on:click=on_click on:keydown=on_keydown>
            <span class="label" aria-hidden="true">{live(label)}</span>
            <div role="grid" aria-label=label>{live(rows)}</div>
            <p class="note" role="status">{live(move || shown.read().is_empty().then(|| words().emoji.nothing))}</p>
        </div>
    }
}

fn row_of(first: usize, row: &[Emoji<'static>], tone: &str, language: Language) -> impl IntoView + use<> {
    let name = |emoji: &Emoji<'static>| match language {
        Language::En => emoji.names[0],
        Language::Zh => emoji.names[1],
    };
    let cell = |(at, emoji): (usize, &Emoji<'static>)| {
        let (at, name) = (first + at, name(emoji));
        view! {
            <button
                type="button"
                class="e"
                role="gridcell"
                tabindex=if at == 0 { "0" } else { "-1" }
                data-at=at.to_string()
                aria-label=name
                title=name
            >
                {emoji.with_tone(tone)}
            </button>
        }
    };
    let cells = row.iter().enumerate().map(cell).collect_view();
    view! { <div role="row">{cells}</div> }
}

/// Goes to the cell of this number from somewhere else in the panel.
pub fn step(_: &KeyboardEvent, panel: NodeRef<html::Div>, to: u32) {
    if let Some(cells) = panel.get_untracked().and_then(|panel| panel.query_selector_all("button.e").ok()) {
        focus(&cells, to);
    }
}

/// From the focused cell to another; above the first row is the field.
fn move_focus(key: &KeyboardEvent, by: isize) {
    let grid = key.current_target().and_then(|grid| grid.dyn_into::<Element>().ok());
    let at = key
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok()?.get_attribute("data-at")?.parse().ok());
    let (Some(grid), Some(at)) = (grid, at) else { return };
    let at: usize = at;
    match (at.checked_add_signed(by), grid.query_selector_all("button.e")) {
        (Some(to), Ok(cells)) => focus(&cells, u32::try_from(to).unwrap_or(u32::MAX)),
        (None, _) if by.unsigned_abs() == COLUMNS => {
            let field = grid.parent_element().and_then(|panel| panel.query_selector("input").ok()?);
            // The field is there for as long as the panel.
            let _ = field.map(|field| field.unchecked_into::<HtmlElement>().focus());
        }
        _ => {}
    }
}

fn focus(cells: &web_sys::NodeList, at: u32) {
    if let Some(cell) = cells.item(at) {
        // A cell on the page takes the focus.
        let _ = cell.unchecked_into::<HtmlElement>().focus();
    }
}
