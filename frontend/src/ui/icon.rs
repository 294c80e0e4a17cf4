//! An icon of the sprite in index.html.

use leptos::prelude::*;

/// A drawing that says nothing by itself: what it means stands beside it, or in the label of its button.
#[component]
pub fn Icon(name: &'static str, #[prop(optional)] small: bool) -> impl IntoView {
    view! {
        <svg class="icon" class:is-small=small aria-hidden="true"><use_ href=format!("#i-{name}")/></svg>
    }
}
