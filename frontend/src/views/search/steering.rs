//! What keys do while one searches: arrows go through what was found, Enter opens, Esc gives the list back.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::asking::Asking;
use super::settle;
use crate::views::finder::Search;

/// From now on, as long as the pane is there.
pub(super) fn use_keys(search: Search, asking: Asking) {
    search.on_key.set_value(Some(Callback::new(move |key: KeyboardEvent| {
        if act(search, asking, &key) {
            key.prevent_default();
            key.stop_propagation();
        }
    })));
    on_cleanup(move || search.on_key.set_value(None));
    Effect::new(move |_| {
        if search.is_entered.get() {
            search.is_entered.set(false);
            // Once what this device knows is on the page.
            request_animation_frame(move || enter(search, asking));
        }
    });
}

/// Whether the key meant something here.
fn act(search: Search, asking: Asking, key: &KeyboardEvent) -> bool {
    if key.ctrl_key() || key.meta_key() || key.alt_key() || key.shift_key() {
        return false;
    }
    let is_typing = search.has_focus();
    match key.key().as_str() {
        "ArrowDown" => step(search, 1),
        "ArrowUp" => step(search, -1),
        "Enter" if is_typing => {
            enter(search, asking);
            true
        }
        "Escape" => {
            if search.menu.get_untracked() {
                search.menu.set(false);
                search.focus();
            } else {
                search.close();
            }
            true
        }
        "Backspace" if is_typing && search.text.read_untracked().is_empty() => {
            search.conditions.update(|conditions| drop(conditions.pop()));
            true
        }
        _ => false,
    }
}

/// Opens who or what is called so, else looks for messages at once, else opens the first of them.
fn enter(search: Search, asking: Asking) {
    let text = search.text.get_untracked();
    let first = if asking.is_settled(&text) { ".results .hit:is(.is-name, a)" } else { ".results .is-name" };
    settle(search, asking);
    let first = document().query_selector(first).ok().flatten();
    if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
        first.click();
    }
}

/// Goes to the next or the previous result; before the first one is the field.
fn step(search: Search, by: isize) -> bool {
    let Ok(list) = document().query_selector_all(".results :not([hidden]) > .hit") else { return false };
    let rows: Vec<HtmlElement> =
        (0..list.length()).filter_map(|at| list.get(at)?.dyn_into::<HtmlElement>().ok()).collect();
    let active = document().active_element();
    let at = rows.iter().position(|row| active.as_ref() == Some(&**row));
    let to = match at {
        Some(at) => at.checked_add_signed(by),
        None if search.has_focus() && by > 0 => Some(0),
        // The arrows of another field are its own.
        None => return false,
    };
    match to {
        Some(to) => {
            if let Some(row) = rows.get(to) {
                // A row on the page takes the focus.
                let _ = row.focus();
            }
        }
        None => search.focus(),
    }
    true
}
