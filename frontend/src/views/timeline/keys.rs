//! The timeline by keyboard and by finger: going from message to message, and what one does with the one at hand.

use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use shared::id::Seq;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, HtmlElement, KeyboardEvent, PointerEvent};

use super::scroll::seq_of;
use crate::ui::is_composed;
use crate::views::message::place_of;
use crate::views::talk::{MenuAt, Talk};

/// A finger that rests so long wants the menu.
const LONG: Duration = Duration::from_millis(450);
/// A finger that moves further than so many pixels scrolls.
const STILL: i32 = 10;

/// A key was pressed somewhere in the timeline.
pub fn pressed(talk: Talk, key: &KeyboardEvent) {
    if is_composed(key) || key.ctrl_key() || key.meta_key() || key.alt_key() || key.default_prevented() {
        return;
    }
    let Some(target) = key.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    if target.matches("input:not([type=checkbox]), textarea").unwrap_or(false) {
        return;
    }
    let row = row_of(&target);
    let is_row = target.matches(".item").unwrap_or(false);
    let seq = row.as_ref().and_then(seq_of);
    let is_message = row.as_ref().is_some_and(|row| !row.class_list().contains("is-recalled"));
    match (key.key().as_str(), seq.filter(|_| is_message)) {
        ("ArrowUp", _) => move_focus(&target, row.as_ref(), -1),
        ("ArrowDown", _) => move_focus(&target, row.as_ref(), 1),
        ("Escape", _) if talk.chosen.read_untracked().is_some() => talk.stop_choosing(),
        ("Escape", _) if row.is_some() => talk.focus(),
        (" ", Some(seq)) if is_row && talk.chosen.read_untracked().is_some() => talk.choose(seq),
        ("r" | "R", Some(seq)) => talk.reply(seq),
        ("e" | "E", Some(seq)) => talk.open_menu(seq, place_of(talk, seq, true)),
        ("m" | "M", Some(seq)) => talk.open_menu(seq, place_of(talk, seq, false)),
        ("Enter", Some(seq)) if is_row => talk.open_menu(seq, place_of(talk, seq, false)),
        _ => return,
    }
    key.prevent_default();
}

fn row_of(target: &Element) -> Option<Element> {
    target.closest(".msg").ok().flatten()
}

/// The focus goes to the next message, or from the timeline itself to the last one in sight.
fn move_focus(target: &Element, row: Option<&Element>, step: i32) {
    let Some(view) = target.closest(".scroller").ok().flatten() else { return };
    let rows = view.get_elements_by_class_name("msg");
    let count = rows.length();
    let next = if let Some(row) = row {
        (0..count).find(|at| rows.item(*at).as_ref() == Some(row)).and_then(|at| at.checked_add_signed(step))
    } else {
        let end = view.get_bounding_client_rect().bottom();
        let is_above = |at: &u32| {
            rows.item(*at).is_some_and(|row| row.get_bounding_client_rect().top() < end - f64::from(STILL))
        };
        (0..count).rev().find(is_above)
    };
    let next = next.and_then(|at| rows.item(at)).and_then(|row| row.dyn_into::<HtmlElement>().ok());
    if let Some(next) = next {
        // A row takes the focus.
        let _ = next.focus();
    }
}

/// A finger on the timeline. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Finger {
    talk: Talk,
    resting: StoredValue<Option<(TimeoutHandle, i32, i32)>>,
    /// Whether it has opened the menu and is still down.
    has_opened: StoredValue<bool>,
}

impl Finger {
    pub fn new(talk: Talk) -> Self {
        Self { talk, resting: StoredValue::new(None), has_opened: StoredValue::new(false) }
    }

    pub fn down(self, touch: &PointerEvent) {
        self.up();
        self.has_opened.set_value(false);
        let Some(seq) = touched(touch.target()).filter(|_| touch.pointer_type() == "touch") else { return };
        let open = move || {
            if self.resting.try_update_value(Option::take).flatten().is_some() {
                self.has_opened.set_value(true);
                self.talk.open_menu(seq, MenuAt::default());
            }
        };
        if let Ok(timer) = set_timeout_with_handle(open, LONG) {
            self.resting.set_value(Some((timer, touch.client_x(), touch.client_y())));
        }
    }

    pub fn moves(self, touch: &PointerEvent) {
        let is_far =
            |x: i32, y: i32| (touch.client_x() - x).abs() > STILL || (touch.client_y() - y).abs() > STILL;
        if self.resting.with_value(|resting| resting.as_ref().is_some_and(|(_, x, y)| is_far(*x, *y))) {
            self.up();
        }
    }

    /// The finger that opened the menu presses nothing in it when it goes.
    pub fn leaves(self, touch: &web_sys::Event) {
        if self.has_opened.get_value() {
            touch.prevent_default();
        }
    }

    pub fn up(self) {
        if let Some((timer, ..)) = self.resting.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// The message under a finger, unless it is on something that is pressed by itself.
fn touched(target: Option<EventTarget>) -> Option<Seq> {
    let target = target?.dyn_into::<Element>().ok()?;
    let row = row_of(&target).filter(|row| !row.class_list().contains("is-recalled"))?;
    let is_button = target.closest("button, a, label, input").ok().flatten().is_some();
    seq_of(&row).filter(|_| !is_button)
}
