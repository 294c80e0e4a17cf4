//! What is typed for the switcher while its part is on its way.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// The letters, which the field begins with. Cheap to copy; a context of the page.
#[derive(Clone, Copy)]
pub struct Ahead(StoredValue<String>);

impl Ahead {
    pub fn new() -> Self {
        Self(StoredValue::new(String::new()))
    }

    /// Takes a key that would write in a field; the others do what they do.
    pub fn takes(self, key: &KeyboardEvent) {
        let pressed = key.key();
        let is_plain = !(key.ctrl_key() || key.meta_key() || key.alt_key());
        if is_plain && pressed == "Backspace" {
            self.0.update_value(|typed| {
                typed.pop();
            });
        } else if is_plain && pressed.chars().count() == 1 {
            self.0.update_value(|typed| typed.push_str(&pressed));
        } else {
            return;
        }
        key.prevent_default();
    }

    /// What was typed, which is then the field's.
    pub fn take(self) -> String {
        self.0.try_update_value(std::mem::take).unwrap_or_default()
    }
}
