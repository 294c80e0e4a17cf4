//! Going to a message that another one speaks of, and back.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use shared::id::{ConversationId, Seq};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::locales::use_words;
use crate::ui::Icon;

/// How long the message that one came to stands out.
const LIT: Duration = Duration::from_millis(1_600);

/// Leads through one open conversation; a context for all that is drawn of it.
#[derive(Clone, Copy)]
pub struct Jump {
    /// What scrolls.
    pub(super) view: NodeRef<html::Div>,
    /// The messages from which one followed a quote, the last one last.
    from: RwSignal<Vec<Seq>>,
}

impl Jump {
    pub fn new() -> Self {
        Self { view: NodeRef::new(), from: RwSignal::new(Vec::new()) }
    }

    /// Goes to a message of the open conversation, if it is on the page. From the message one was at, an arrow leads back.
    pub fn to(self, _: ConversationId, message: Seq) {
        let at = document().active_element().and_then(|at| at.closest(".msg").ok()?);
        let place = at.and_then(|row| row.get_attribute("data-seq")?.parse::<u64>().ok());
        let from = place.and_then(|place| Seq::try_from(place).ok());
        if self.go(message) {
            self.from.update(|all| all.extend(from));
        }
    }

    fn go(self, seq: Seq) -> bool {
        let Some(view) = self.view.get_untracked() else { return false };
        let Ok(Some(row)) = view.query_selector(&format!("[data-seq=\"{seq}\"]")) else { return false };
        let below = row.get_bounding_client_rect().top() - view.get_bounding_client_rect().top();
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
        view.set_scroll_top(view.scroll_top() + below as i32 - view.client_height() / 3);
        light(&row);
        true
    }

    /// Goes back to where one followed a quote.
    fn back(self) {
        if let Some(seq) = self.from.try_update(Vec::pop).flatten() {
            self.go(seq);
        }
    }
}

/// A row stands out for a moment, and has the focus.
fn light(row: &Element) {
    let list = row.class_list();
    // A name of a class without space in it is taken.
    let _ = list.add_1("is-lit");
    set_timeout(move || drop(list.remove_1("is-lit")), LIT);
    if let Some(row) = row.dyn_ref::<HtmlElement>() {
        // Where it cannot have the focus it is still in sight.
        let _ = row.focus();
    }
}

/// Leads back to the message from which one followed a quote.
#[component]
pub(super) fn Back(jump: Jump) -> impl IntoView {
    let words = use_words();
    view! {
        <Show when=move || !jump.from.read().is_empty()>
            <button
                type="button"
                class="newest is-back"
                aria-label=move || words().message.jump_back
                title=move || words().message.jump_back
                on:click=move |_| jump.back()
            >
                <Icon name="reply"/>
            </button>
        </Show>
    }
}
