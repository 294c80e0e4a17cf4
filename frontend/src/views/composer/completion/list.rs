//! The list of what is offered, above the field.

use leptos::prelude::*;

use super::{Completion, Offer, Sign, Writing};
use crate::locales::use_words;
use crate::ui::{Avatar, Icon};

/// What the field says that it controls.
pub const LIST: &str = "completion";

pub(super) fn id_of(writing: Writing, number: usize) -> String {
    format!("{}-{number}", writing.talk.name(LIST))
}

/// The list; nothing while nothing is offered. The focus stays in the field.
#[component]
pub fn Offers(completion: Completion) -> impl IntoView {
    let words = use_words();
    let rows = move || {
        let offers = completion.offers.get();
        offers.into_iter().enumerate().map(|(number, offer)| row(completion, number, offer)).collect_view()
    };
    view! {
        <div
            class="panel complete"
            role="listbox"
            id=completion.writing.talk.name(LIST)
            aria-label=move || words().composer.completions
            hidden=move || completion.offers.read().is_empty()
            // The focus stays where it is.
            on:mousedown=|press| press.prevent_default()
        >
            {rows}
        </div>
    }
}

fn row(completion: Completion, number: usize, offer: Offer) -> impl IntoView {
    let sign = match offer.sign {
        Sign::Face(face) => view! { <Avatar face size="is-s"/> }.into_any(),
        Sign::Icon(name) => view! { <span class="sign"><Icon name/></span> }.into_any(),
        Sign::Emoji(emoji) => {
            view! { <span class="sign is-emoji" aria-hidden="true">{emoji}</span> }.into_any()
        }
    };
    view! {
        <div
            class="pick-row"
            role="option"
            id=id_of(completion.writing, number)
            aria-selected=move || (completion.chosen.get() == number).to_string()
            on:click=move |_| completion.take(number)
        >
            {sign}
            <span class="grow clip"><span class="nm">{offer.name}</span>" "<small>{offer.note}</small></span>
            <kbd class="kbd wide-only" aria-hidden="true">"Tab"</kbd>
        </div>
    }
}
