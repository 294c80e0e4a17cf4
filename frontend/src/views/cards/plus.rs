//! What else than text a message can be: a menu beside the field.

use leptos::prelude::*;
use web_sys::MouseEvent;

use crate::locales::{Cards, use_words};
use crate::ui::{Dialog, Icon};
use crate::views::menu::{close, steer};
use crate::views::talk::use_talk;

/// The menu. It stands above its button.
#[component]
pub fn PlusMenu(open: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let at = Signal::derive(move || (talk.sheets.menu_at.read().x, talk.sheets.menu_at.read().y));
    let item = move |icon: &'static str, word: fn(&Cards) -> &'static str, sheet: RwSignal<bool>| {
        let act = move |click: MouseEvent| {
            close(&click);
            sheet.set(true);
        };
        view! {
            <button type="button" role="menuitem" class="item" on:click=act>
                <Icon name=icon/>
                {move || word(&words().cards)}
            </button>
        }
    };
    view! {
        <Dialog open label=Signal::derive(move || words().cards.add) class="is-menu is-plus" at>
            <div role="menu" aria-label=move || words().cards.add on:keydown=|key| steer(&key)>
                {item("poll", |words| words.poll, talk.sheets.poll)}
                {item("chain", |words| words.chain, talk.sheets.chain)}
            </div>
        </Dialog>
    }
}
