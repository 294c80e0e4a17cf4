//! Text that is hidden until somebody looks.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::locales::use_words;

/// A button until it is pressed, then text like any other.
#[component]
pub(super) fn Spoiler(inside: Vec<AnyView>) -> impl IntoView {
    let words = use_words();
    let is_open = RwSignal::new(false);
    let on_keydown = move |key: KeyboardEvent| {
        if !is_open.get() && matches!(key.key().as_str(), "Enter" | " ") {
            key.prevent_default();
            is_open.set(true);
        }
    };
    let hidden = move || (!is_open.get()).then_some("true");
    view! {
        <span
            class="spoiler"
            class:is-open=is_open
            role=Signal::derive(move || (!is_open.get()).then_some("button"))
            // It keeps the focus when it is no button any more.
            tabindex=Signal::derive(move || if is_open.get() { "-1" } else { "0" })
            aria-label=Signal::derive(move || (!is_open.get()).then_some(words().markup.spoiler))
            on:click=move |_| is_open.set(true)
            on:keydown=on_keydown
        >
            <span aria-hidden=hidden inert=move || !is_open.get()>{inside}</span>
        </span>
    }
}
