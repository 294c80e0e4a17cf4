//! The line below the field: how long the text is when it gets long, and why it was not sent.

use leptos::prelude::*;
use shared::text::BODY_CHARS;

use super::writing::Writing;
use crate::locales::use_words;

/// From so many characters on, the count is shown.
const COUNT_FROM: usize = BODY_CHARS - 200;

/// The line, empty most of the time.
#[component]
pub fn Note(writing: Writing) -> impl IntoView {
    let words = use_words();
    let typed = writing.typed;
    let is_bad = move || typed.read().chars > BODY_CHARS || typed.read().is_full;
    let note = move || {
        let typed = typed.get();
        if typed.is_full {
            words().composer.full.to_owned()
        } else if typed.chars > BODY_CHARS {
            (words().composer.too_long)(typed.chars - BODY_CHARS)
        } else if typed.chars >= COUNT_FROM {
            (words().composer.count)(typed.chars, BODY_CHARS)
        } else {
            String::new()
        }
    };
    view! { <p class="composer-hint" class:is-bad=is_bad id=writing.talk.name("composer-note") role="status">{note}</p> }
}
