//! Looking for something: the field that is typed into, and what was found.

use leptos::prelude::*;
use shared::code::Code;

use crate::erased::live;
use crate::locales::{say, use_words};
use crate::ui::Icon;

/// What is looked for changes with each letter.
#[component]
pub(super) fn Ask(
    #[prop(into)] label: Signal<&'static str>,
    query: RwSignal<String>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    view! {
        <label class="ask">
            <Icon name="search"/>
            <input
                type="text"
                autofocus=autofocus
                autocomplete="off"
                spellcheck="false"
                aria-label=label
                placeholder=label
                on:input=move |input| query.set(event_target_value(&input))
            />
        </label>
    }
}

/// The rows, or why there are none.
#[component]
pub(super) fn Found(
    rows: Result<Vec<AnyView>, Code>,
    more: bool,
    #[prop(into)] nothing: Signal<&'static str>,
) -> impl IntoView {
    let words = use_words();
    match rows {
        Err(code) => view! { <p class="note is-bad">{live(move || (words().code)(code))}</p> }.into_any(),
        Ok(rows) if rows.is_empty() => view! { <p class="note">{nothing}</p> }.into_any(),
        Ok(rows) => view! {
            <ul>{rows}</ul>
            <p class="note" hidden=!more>{say(words, |words| words.new.more)}</p>
        }
        .into_any(),
    }
}
