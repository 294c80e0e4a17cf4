//! How what is written will look.

use leptos::prelude::*;

use super::writing::Writing;
use crate::locales::use_words;
use crate::views::markup::said;

/// The strip above the field.
#[component]
pub fn Preview(writing: Writing) -> impl IntoView {
    let words = use_words();
    let shown = move || {
        // What is typed is the browser's; this only says that it has changed.
        writing.typed.track();
        writing.field().map(|field| field.value()).filter(|text| !text.trim().is_empty())
    };
    let drawn = move || match shown() {
        Some(text) => said(&text, ().into_any()),
        None => view! { <p class="is-quiet">{move || words().markup.preview_empty}</p> }.into_any(),
    };
    view! { <section class="preview" aria-label=move || words().markup.preview tabindex="0">{drawn}</section> }
}
