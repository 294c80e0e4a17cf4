//! What is completed while one writes: whom one mentions, and emoji by their shortcodes.
//!
//! Nothing is offered, moved or taken while an input method composes; what it has put there is looked at afterwards.

mod emoji;
mod list;
mod people;

use leptos::prelude::*;
use shared::complete::{Asked, asked};
use web_sys::{InputEvent, KeyboardEvent};

use self::list::Offers;
use super::writing::Writing;
use crate::emoji as file;
use crate::erased::{live, memo};
use crate::later::{later, later_view};
use crate::ui::Face;

use list::LIST;

/// Most that are offered at once.
const OFFERED: usize = 8;

/// One of those that are offered.
#[derive(Clone, PartialEq)]
struct Offer {
    sign: Sign,
    name: String,
    note: String,
    /// What is written when it is taken.
    text: String,
}

/// What stands before its name.
#[derive(Clone, PartialEq)]
enum Sign {
    Face(Face),
    Icon(&'static str),
    Emoji(String),
}

later! {
    /// The list of what is offered.
    fn offers(completion: Completion) in composing { view! { <Offers completion/> }.into_any() }
}

/// What is offered now. Cheap to copy; lives as long as the composer.
#[derive(Clone, Copy)]
pub struct Completion {
    writing: Writing,
    /// What is asked for before the caret, and not closed.
    asked: RwSignal<Option<Asked>>,
    offers: RwSignal<Vec<Offer>>,
    chosen: RwSignal<usize>,
    /// Where what is asked for begins, and how long it is, in UTF-16 units.
    place: StoredValue<(u32, u32)>,
    /// Closed with Esc, and not offered again for the sign at this place.
    closed: StoredValue<Option<u32>>,
    /// Whether the letters that were typed last are not chosen yet.
    composes: StoredValue<bool>,
}

impl Completion {
    pub fn new(writing: Writing) -> Self {
        Self {
            writing,
            asked: RwSignal::new(None),
            offers: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            place: StoredValue::new((0, 0)),
            closed: StoredValue::new(None),
            composes: StoredValue::new(false),
        }
    }

    /// The list; what makes it is loaded when something is first asked for.
    pub fn list(self) -> AnyView {
        let is_wanted = memo(move |was| was == Some(&true) || self.asked.read().is_some());
        let list = move || is_wanted.get().then(|| later_view(move || offers(self)));
        live(list)
    }

    /// Something was typed. What is undone is not done again, and letters that are not chosen yet are not looked at.
    pub fn typed(&self, input: &InputEvent) {
        self.composes.set_value(input.is_composing());
        if !(input.is_composing() || input.input_type().starts_with("history")) {
            self.look();
        }
    }

    /// A key that moved the caret.
    pub fn moved(&self, key: &KeyboardEvent) {
        let moves = matches!(key.key().as_str(), "ArrowLeft" | "ArrowRight" | "Home" | "End");
        if moves && !crate::ui::is_composed(key) {
            self.look();
        }
    }

    /// An input method has put its letters there.
    pub fn composed(&self) {
        self.composes.set_value(false);
        self.look();
    }

    /// Looks at what stands before the caret.
    pub fn look(&self) {
        if self.offers.is_disposed() {
            return;
        }
        let Some((asked, start)) = self.read() else {
            self.closed.set_value(None);
            return self.close();
        };
        if self.closed.get_value().is_some_and(|closed| closed != start) {
            self.closed.set_value(None);
        }
        self.place.set_value((start, asked.replaces()));
        if self.closed.get_value().is_some() {
            self.close();
        } else {
            self.asked.set(Some(asked));
        }
    }

    /// Offers this from now on.
    fn offer(self, offers: Vec<Offer>) {
        if *self.offers.read_untracked() != offers {
            // Whoever has gone down the list stays where they went.
            let chosen = self.offers.read_untracked().get(self.chosen.get_untracked()).cloned();
            let gone_to = chosen.filter(|_| self.chosen.get_untracked() > 0);
            let at = gone_to.and_then(|chosen| offers.iter().position(|offer| *offer == chosen));
            self.chosen.set(at.unwrap_or(0));
            self.offers.set(offers);
        }
    }

    /// Offers nothing. A field that leaves the page with the focus is told that it loses it, when all this has gone.
    pub fn close(&self) {
        if self.asked.try_read_untracked().is_some_and(|asked| asked.is_some()) {
            self.asked.set(None);
        }
        if self.offers.try_read_untracked().is_some_and(|offers| !offers.is_empty()) {
            self.offers.set(Vec::new());
        }
    }

    /// Whether this takes a key that no input method has.
    pub fn takes(&self, key: &KeyboardEvent) -> bool {
        let count = self.offers.read_untracked().len();
        let is_plain = !(key.shift_key() || key.ctrl_key() || key.alt_key() || key.meta_key());
        if count == 0 || !is_plain {
            return false;
        }
        match key.key().as_str() {
            "ArrowDown" => self.chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" => self.chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" | "Tab" => self.take(self.chosen.get_untracked()),
            "Escape" => {
                self.closed.set_value(Some(self.place.get_value().0));
                self.close();
                // The details stay open.
                key.stop_propagation();
            }
            _ => return false,
        }
        key.prevent_default();
        true
    }

    /// The list that the field controls, while there is one.
    pub fn list_name(&self) -> Option<String> {
        (!self.offers.read().is_empty()).then(|| self.writing.talk.name(LIST))
    }

    /// Which of the offers has the focus, for a screen reader.
    pub fn active(&self) -> Option<String> {
        (!self.offers.read().is_empty()).then(|| list::id_of(self.writing, self.chosen.get()))
    }

    fn take(&self, number: usize) {
        let text = self.offers.read_untracked().get(number).map(|offer| offer.text.clone());
        if let Some(text) = text {
            self.write(&text);
        }
    }

    /// Writes as soon as the browser is done telling what was typed: writing is told in the same way.
    fn write_afterwards(&self, text: String) {
        let this = *self;
        queue_microtask(move || {
            if !this.offers.is_disposed() {
                this.write(&text);
            }
        });
    }

    /// Puts a text where what was asked for stands.
    fn write(&self, text: &str) {
        let (start, length) = self.place.get_value();
        self.close();
        self.writing.insert(text, Some((start, start + length)));
    }

    /// What is asked for before the caret, and where that begins.
    fn read(&self) -> Option<(Asked, u32)> {
        let field = self.writing.field()?;
        let caret = field.selection_start().ok()??;
        if field.selection_end().ok()? != Some(caret) {
            return None;
        }
        let text: Vec<u16> = field.value().encode_utf16().take(usize::try_from(caret).ok()?).collect();
        let asked = asked(&String::from_utf16_lossy(&text))?;
        let start = caret.checked_sub(asked.replaces())?;
        Some((asked, start))
    }
}

/// Whether emoji are at hand; if not, they are loaded, and then looked at.
fn with_emoji(completion: Completion) -> Option<file::All> {
    let all = file::at_hand();
    if all.is_none() {
        leptos::task::spawn_local(async move {
            // Without them there is nothing to offer, and `:` is a colon.
            if file::load().await.is_ok() && !completion.offers.is_disposed() {
                completion.look();
            }
        });
    }
    all
}
