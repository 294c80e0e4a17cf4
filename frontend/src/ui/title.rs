//! The title of the tab.

use leptos::prelude::*;

/// Shows a title in the tab for as long as the component that asked lives.
pub fn show_title(title: impl Fn() -> String + 'static) {
    Effect::new(move |_| document().set_title(&title()));
}
