//! How what is written will look.

use leptos::prelude::*;

use super::writing::Writing;
use crate::erased::live;
use crate::later::later;
use crate::locales::{say, use_words};
use crate::ui::Icon;
use crate::views::markup::said;

later! {
    /// The strip above the field.
    pub fn preview(writing: Writing) in composing { view! { <Preview writing/> }.into_any() }
}

#[component]
fn Preview(writing: Writing) -> impl IntoView {
    let words = use_words();
    let shown = move || {
        // What is typed is the browser's; this only says that it has changed.
        writing.typed.track();
        writing.field().map(|field| field.value()).filter(|text| !text.trim().is_empty())
    };
    let drawn = move || match shown() {
        Some(text) => said(&text, ().into_any()),
        None => view! { <p class="is-quiet">{say(words, |words| words.markup.preview_empty)}</p> }.into_any(),
    };
    view! { <section class="preview" aria-label=say(words, |words| words.markup.preview) tabindex="0">{live(drawn)}</section> }
}

/// Shows the strip, and hides it.
#[component]
pub(super) fn PreviewButton(shows_preview: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    view! {
        <button
            type="button"
            class="icon-btn"
            aria-pressed=Signal::derive(move || shows_preview.get().to_string())
            aria-keyshortcuts="Control+Shift+P"
            aria-label=say(words, |words| words.markup.preview)
            title=say(words, |words| words.markup.preview)
            on:mousedown=|press| press.prevent_default()
            on:click=move |_| shows_preview.update(|shows| *shows = !*shows)
        >
            <Icon name="eye"/>
        </button>
    }
}
