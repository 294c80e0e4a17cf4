//! Input methods: telling the Enter that confirms a candidate from the one that means it.

use std::time::Duration;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

/// Whether an input method is at work in one field. Give it the field's `compositionend`, and ask it at `keydown`.
#[derive(Clone, Copy)]
pub struct Composition {
    /// Safari ends the composition first and sends the keydown that ended it afterwards.
    just_ended: StoredValue<bool>,
}

impl Composition {
    /// For one field.
    pub fn new() -> Self {
        Self { just_ended: StoredValue::new(false) }
    }

    /// The field's `compositionend` came.
    pub fn ended(self) {
        let _ = self.just_ended.try_set_value(true);
        let clear = move || {
            let _ = self.just_ended.try_set_value(false);
        };
        set_timeout(clear, Duration::ZERO);
    }

    /// Whether this key belongs to the input method.
    pub fn has(self, key: &KeyboardEvent) -> bool {
        key.is_composing() || key.key_code() == 229 || self.just_ended.try_get_value().unwrap_or(false)
    }
}
