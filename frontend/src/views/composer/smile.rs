//! The button that opens the emoji picker, and the picker above the field.

use leptos::prelude::*;

use super::writing::Writing;
use crate::browser;
use crate::erased::Show;
use crate::later::later_view;
use crate::locales::{say, use_words};
use crate::ui::Icon;
use crate::views::emoji_picker;

/// The picker, while it is open. What is picked goes where the caret stands.
#[component]
pub fn Emoji(writing: Writing, open: RwSignal<bool>) -> impl IntoView {
    let close = Callback::new(move |()| {
        open.set(false);
        // Without focus one can still click into it; a finger wants no keyboard now.
        let _ = writing.field().filter(|_| !browser::is_touched()).map(|field| field.focus());
    });
    let pick = Callback::new(move |emoji: String| {
        writing.insert(&emoji, None);
        // Who picks by touch often picks several.
        if !browser::is_touched() {
            open.set(false);
        }
    });
    view! { <Show when=move || open.get()>{later_view(move || emoji_picker(pick, close))}</Show> }
}

/// The button.
#[component]
pub fn EmojiButton(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    view! {
        <button
            type="button"
            class="icon-btn"
            class:is-on=open
            aria-haspopup="dialog"
            aria-expanded=Signal::derive(move || open.get().to_string())
            aria-label=say(words, |words| words.emoji.title)
            title=say(words, |words| words.emoji.title)
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <Icon name="smile"/>
        </button>
    }
}
