//! The field above the list: what is looked for. The results come in a part of the program that is loaded later.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::id::{ConversationId, UserId};
use shared::query::Day;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::naming::title_of;
use super::search_pane;
use crate::browser;
use crate::locales::{use_words, words_in};
use crate::state::State;
use crate::ui::{Icon, is_composed};

/// A condition on the messages that are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// By this person, who is called so.
    From(UserId, String),
    /// In this conversation, which is called so.
    In(ConversationId, String),
    /// Before this day began.
    Before(Day),
    /// Since this day began.
    After(Day),
    HasLink,
    HasFile,
    MentionsMe,
}

/// What is looked for. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Search {
    /// What is typed.
    pub text: RwSignal<String>,
    /// Whether an input method is at it.
    pub is_composing: RwSignal<bool>,
    pub conditions: RwSignal<Vec<Condition>>,
    /// Whether the conditions to choose from are shown.
    pub menu: RwSignal<bool>,
    /// Enter was pressed, and nobody has acted on it.
    pub is_entered: RwSignal<bool>,
    /// What the results do at a key.
    pub on_key: StoredValue<Option<Callback<KeyboardEvent>>>,
    pub field: NodeRef<html::Input>,
    /// What had the focus before one came here by a shortcut.
    left: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl Search {
    pub fn new() -> Self {
        Self {
            text: RwSignal::new(String::new()),
            is_composing: RwSignal::new(false),
            conditions: RwSignal::new(Vec::new()),
            menu: RwSignal::new(false),
            is_entered: RwSignal::new(false),
            on_key: StoredValue::new(None),
            field: NodeRef::new(),
            left: StoredValue::new_local(None),
        }
    }

    /// Whether results are shown, and not the list.
    pub fn is_open(self) -> bool {
        self.menu.get() || !self.conditions.read().is_empty() || !self.text.read().trim().is_empty()
    }

    /// Gives the list back.
    pub fn clear(self) {
        self.menu.set(false);
        self.is_entered.set(false);
        self.conditions.update(Vec::clear);
        self.write(String::new());
    }

    /// Gives the list back, and the focus to where it was before, if that is there.
    pub fn close(self) {
        self.clear();
        let left = self.left.try_update_value(Option::take).flatten();
        match left.filter(|left| left.is_connected()) {
            // What has had the focus takes it again.
            Some(left) => drop(left.focus()),
            None => self.focus(),
        }
    }

    /// Gives the list back: one goes elsewhere, and whatever opens there takes the focus. Where nothing opens the field
    /// keeps it.
    pub fn leave(self) {
        self.clear();
        self.left.set_value(None);
        set_timeout(
            move || {
                let is_lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
                if is_lost && !browser::is_touched() {
                    self.focus();
                }
            },
            Duration::ZERO,
        );
    }

    /// Puts another text into the field.
    pub fn write(self, text: String) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value(&text);
        }
        self.text.set(text);
    }

    /// Looks for something in one conversation.
    pub fn look_in(self, state: State, id: ConversationId) {
        let words = words_in(state.prefs.read_untracked().language);
        if !self.has_focus() {
            let active = document().active_element();
            self.left.set_value(active.and_then(|active| active.dyn_into::<HtmlElement>().ok()));
        }
        let title = state.peek(|client| client.room(id).map(|room| title_of(client, room, words)));
        if browser::is_narrow() {
            state.route.go("/");
        }
        self.conditions.update(|conditions| {
            conditions.retain(|one| !matches!(one, Condition::In(..)));
            conditions.push(Condition::In(id, title.unwrap_or_default()));
        });
        self.focus();
        // Where one pane is shown, the field is there only later.
        request_animation_frame(move || {
            if !self.has_focus() {
                self.focus();
            }
        });
    }

    pub fn focus(self) {
        if let Some(field) = self.field.try_get_untracked().flatten() {
            // A field in sight takes the focus.
            let _ = field.focus();
            field.select();
        }
    }

    /// Whether one is typing here.
    pub fn has_focus(self) -> bool {
        let field = self.field.get_untracked();
        field.is_some_and(|field| document().active_element().as_ref() == Some(&**field))
    }
}

/// The field.
#[component]
pub fn Finder() -> impl IntoView {
    let words = use_words();
    let search = expect_context::<Search>();
    let Search { text, is_composing, menu, .. } = search;
    // What shows the results is on its way before the first letter.
    let fetch = move |_| spawn_local(async { drop(search_pane().await) });
    let close = view! {
        <button
            type="button"
            class="icon-btn"
            aria-label=move || words().search.clear
            title=move || words().search.clear
            on:click=move |_| {
                search.clear();
                search.focus();
            }
        >
            <Icon name="x" small=true/>
        </button>
    };
    view! {
        <search class="finder">
            <Icon name="search" small=true/>
            <input
                node_ref=search.field
                type="text"
                enterkeyhint="search"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label=move || words().search.field
                placeholder=move || words().search.field
                on:focus=fetch
                on:input=move |input| text.set(event_target_value(&input))
                on:compositionstart=move |_| is_composing.set(true)
                on:compositionend=move |_| is_composing.set(false)
            />
            <button
                type="button"
                class="icon-btn"
                class:is-on=menu
                aria-expanded=move || menu.get().to_string()
                aria-label=move || words().search.filters
                title=move || words().search.filters
                on:click=move |_| menu.update(|open| *open = !*open)
            >
                <Icon name="filter" small=true/>
            </button>
            <span hidden=move || !search.is_open()>{close}</span>
        </search>
    }
}

/// What the pane of the list does at a key: the results decide, once they are there.
pub fn press(search: Search, key: &KeyboardEvent) {
    if is_composed(key) {
        return;
    }
    if let Some(act) = search.on_key.get_value() {
        act.run(key.clone());
    } else if key.key() == "Enter" && search.has_focus() {
        search.is_entered.set(true);
        key.prevent_default();
    } else if key.key() == "Escape" && untrack(|| search.is_open()) {
        search.close();
        key.prevent_default();
        key.stop_propagation();
    }
}
