//! What is being written: the field, and what besides its text is known of it.

use leptos::html;
use leptos::prelude::*;
use shared::text::{Body, TextError};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

use super::draft::{Field, use_draft};
use crate::aside::{self, Aim};
use crate::browser;
use crate::views::talk::Talk;

/// What the parts of the composer share. Cheap to copy; lives as long as the composer.
#[derive(Clone, Copy)]
pub struct Writing {
    /// Where it is going, and what becomes of it.
    pub talk: Talk,
    /// The field. Its text is the browser's: nothing writes it while an input method composes.
    pub node: NodeRef<html::Textarea>,
    /// What besides the text itself is known of it.
    pub typed: RwSignal<Typed>,
    /// What this person's other devices are told of it, and tell.
    pub draft: Field,
}

/// How long a text is, and whether there is anything to send.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Typed {
    pub chars: usize,
    pub is_blank: bool,
    /// Sending was refused because too many messages wait.
    pub is_full: bool,
}

impl Typed {
    /// Of a text that was not refused.
    pub fn of(text: &str) -> Self {
        let is_blank = matches!(Body::try_from(text), Err(TextError::Empty));
        Self { chars: text.chars().count(), is_blank, is_full: false }
    }
}

impl Writing {
    pub fn new(talk: Talk) -> Self {
        let is_edit = move || matches!(talk.aim.get_untracked(), Aim::Edit(_));
        let typed = RwSignal::new(Typed::default());
        let draft = use_draft(talk.desk(), talk.composer, is_edit, move |text| typed.set(Typed::of(text)));
        let writing = Self { talk, node: talk.composer, typed, draft };
        typed.set(Typed::of(&writing.text()));
        writing
    }

    /// What it begins with.
    pub fn text(&self) -> String {
        if self.is_edit() { aside::edit(self.talk.desk()) } else { self.draft.text() }
    }

    /// Whether there is something that can be said later: what was said before cannot be changed later.
    pub fn can_wait(&self) -> bool {
        !self.typed.read().is_blank && !matches!(self.talk.aim.get(), Aim::Edit(_))
    }

    /// Whether it changes what was said, and says nothing new.
    pub fn is_edit(&self) -> bool {
        matches!(self.talk.aim.get_untracked(), Aim::Edit(_))
    }

    /// The field, once it is on the page.
    pub fn field(&self) -> Option<HtmlTextAreaElement> {
        self.node.get_untracked()
    }

    /// Writes at the caret, or in place of what stands between two places, counted in UTF-16 units.
    pub fn insert(&self, text: &str, place: Option<(u32, u32)>) {
        let Some(field) = self.field() else { return };
        if let Some((start, end)) = place {
            // Places that were read from the field are in it.
            let _ = field.set_selection_range(start, end);
        }
        if !(may_have_focus(&field) && type_text(&field, text)) {
            put_text(&field, text);
            self.changed();
        }
    }

    /// The text, and where what is chosen in it begins and ends, in bytes.
    pub fn chosen(&self) -> Option<(String, usize, usize)> {
        let field = self.field()?;
        let text = field.value();
        let start = field.selection_start().ok().flatten()?;
        let end = field.selection_end().ok().flatten()?;
        let (start, end) = (bytes(&text, start), bytes(&text, end));
        Some((text, start, end))
    }

    /// Chooses a part of the text, in bytes.
    pub fn choose(&self, start: usize, end: usize) {
        let Some(field) = self.field() else { return };
        let text = field.value();
        // A field on the page has a selection to set.
        let _ = field.set_selection_range(units(&text, start), units(&text, end));
    }

    /// Writes something in the place of a part of the text, as if it had been typed: it can be undone, and is kept.
    pub fn replace(&self, start: usize, end: usize, text: &str) {
        let Some(field) = self.field() else { return };
        // Without focus the command would write elsewhere.
        let _ = field.focus();
        self.choose(start, end);
        let command = if text.is_empty() { "delete" } else { "insertText" };
        let page = document().dyn_into::<HtmlDocument>();
        let is_done = page.is_ok_and(|page| {
            page.exec_command_with_show_ui_and_value(command, false, text).unwrap_or_default()
        });
        if !is_done {
            // A browser without the command writes all the same, but cannot undo it.
            let _ = field.set_range_text(text);
            self.changed();
        }
    }

    /// Something was typed: it is kept, and counted.
    pub fn changed(&self) {
        if let Some(field) = self.field() {
            let text = field.value();
            self.typed.set(Typed::of(&text));
            if self.is_edit() {
                aside::keep_edit(self.talk.desk(), &text);
            } else {
                self.draft.typed(text);
            }
        }
    }
}

/// On a touch screen the focus opens the keyboard, over the very panel that something is picked from.
fn may_have_focus(field: &HtmlTextAreaElement) -> bool {
    let has_it = || document().active_element().is_some_and(|active| active.is_same_node(Some(field)));
    !browser::is_touched() || has_it()
}

/// As if it were typed, so that it can be undone, and whoever listens hears of it.
fn type_text(field: &HtmlTextAreaElement, text: &str) -> bool {
    // What cannot have the focus is written to in another way.
    let _ = field.focus();
    let document: HtmlDocument = document().unchecked_into();
    document.exec_command_with_show_ui_and_value("insertText", false, text).unwrap_or(false)
}

fn put_text(field: &HtmlTextAreaElement, text: &str) {
    let (Ok(Some(start)), Ok(Some(end))) = (field.selection_start(), field.selection_end()) else { return };
    // The selection is within the text.
    let _ = field.set_range_text_with_start_and_end(text, start, end);
    let after = start + u32::try_from(text.encode_utf16().count()).unwrap_or(0);
    let _ = field.set_selection_range(after, after);
}

/// A place in a text as the browser counts it, in UTF-16, as bytes.
fn bytes(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    let place = text.char_indices().find(|(_, c)| {
        let is_there = left == 0;
        left = left.saturating_sub(c.len_utf16());
        is_there
    });
    place.map_or(text.len(), |(at, _)| at)
}

/// The same the other way.
fn units(text: &str, bytes: usize) -> u32 {
    let count = text.get(..bytes).unwrap_or(text).encode_utf16().count();
    u32::try_from(count).unwrap_or(u32::MAX)
}
