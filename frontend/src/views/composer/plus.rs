//! The button for what else than text a message can be.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

use crate::locales::use_words;
use crate::ui::Icon;
use crate::views::talk::{MenuAt, use_talk};

#[component]
pub fn PlusButton() -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let open = move |click: MouseEvent| {
        let button = click.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(place) = button.map(|button| button.get_bounding_client_rect()) {
            #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
            let (x, y) = (place.x() as i32, place.y() as i32);
            talk.sheets.menu_at.set(MenuAt { x, y, is_short: false });
        }
        talk.sheets.plus.set(true);
    };
    view! {
        <button
            type="button"
            class="icon-btn"
            aria-haspopup="menu"
            aria-expanded=move || talk.sheets.plus.get().to_string()
            aria-label=move || words().cards.add
            title=move || words().cards.add
            on:click=open
        >
            <Icon name="plus"/>
        </button>
    }
}
