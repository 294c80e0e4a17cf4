//! The switcher: goes to a conversation or a person by a few letters; all from what this device knows.

mod ahead;
mod found;

pub use ahead::Ahead;
pub use found::{Row, Target, fit_of, fit_of_person, rows};

use std::time::Duration;

use leptos::prelude::*;
use shared::client::Part;
use shared::code::Code;
use shared::frame::Deed;
use shared::id::ConversationId;
use shared::model::Person;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::actions::Actions;
use crate::answer::use_answer;
use crate::api;
use crate::erased::{live, memo};
use crate::locales::{say, use_words};
use crate::place::Place;
use crate::state::State;
use crate::ui::{Avatar, Dialog, Icon, is_composed};

const LIST: &str = "switcher-list";
/// How long one does not type before the server is asked, too.
const PAUSE: Duration = Duration::from_millis(150);

/// The dialog. `at` is where one is now.
#[component]
pub fn Switcher(open: RwSignal<bool>, at: Memo<Option<ConversationId>>) -> impl IntoView {
    let words = use_words();
    view! {
        <Dialog open label=say(words, |words| words.switcher.title) class="is-switcher">
            <Content open at/>
        </Dialog>
    }
}

#[component]
fn Content(open: RwSignal<bool>, at: Memo<Option<ConversationId>>) -> impl IntoView {
    let words = use_words();
    let switching = Switching::new(open, at);
    let rows = move || {
        let rows = switching.rows.get().into_iter().enumerate();
        rows.map(|(number, row)| view! { <OptionRow number row switching/> }).collect_view()
    };
    let note = move || {
        let words = words();
        match switching.waiting.get() {
            Some(Ok(name)) if switching.is_live.get() => (words.switcher.opening)(&name),
            Some(Ok(name)) => (words.switcher.opens_later)(&name),
            Some(Err(code)) => (words.code)(code).to_owned(),
            None if switching.rows.read().is_empty() => words.switcher.nothing.to_owned(),
            None => String::new(),
        }
    };
    view! {
        <AskField switching/>
        <div class="found">
            <ul role="listbox" id=LIST aria-label=say(words, |words| words.switcher.title)>{live(rows)}</ul>
        </div>
        <p class="note" role="status">{live(note)}</p>
        <footer class="keys wide-only" aria-hidden="true">
            <span><kbd class="kbd">"↑"</kbd><kbd class="kbd">"↓"</kbd>{say(words, |words| words.switcher.choose)}</span>
            <span><kbd class="kbd">"Enter"</kbd>{say(words, |words| words.switcher.open)}</span>
        </footer>
    }
}

/// What the parts of the switcher share.
#[derive(Clone, Copy)]
struct Switching {
    open: RwSignal<bool>,
    state: State,
    actions: Actions,
    query: RwSignal<String>,
    rows: Memo<Vec<Row>>,
    chosen: RwSignal<usize>,
    is_live: Memo<bool>,
    /// Whose conversation is being opened, or why it was not.
    waiting: RwSignal<Option<Result<String, Code>>>,
}

impl Switching {
    fn new(open: RwSignal<bool>, at: Memo<Option<ConversationId>>) -> Self {
        let state = expect_context::<State>();
        let words = use_words();
        let query = RwSignal::new(use_context::<Ahead>().map(Ahead::take).unwrap_or_default());
        let is_live = memo(move |_| state.read(Part::Link, |client| client.link_state().is_live()));
        let others = use_others(query, is_live);
        let rows = memo(move |_| {
            state.read(Part::People, |_| ());
            state.read(Part::List, |client| rows(client, &query.read(), at.get(), &others.read(), words()))
        });
        let actions = expect_context::<Actions>();
        Self {
            open,
            state,
            actions,
            query,
            rows,
            chosen: RwSignal::new(0),
            is_live,
            waiting: RwSignal::new(None),
        }
    }

    fn type_in(self, text: String) {
        self.waiting.set(None);
        self.chosen.set(0);
        self.query.set(text);
    }

    fn step(self, by: isize) {
        let count = self.rows.read_untracked().len().cast_signed();
        if count > 0 {
            let to = (self.chosen.get_untracked().cast_signed() + by).rem_euclid(count).cast_unsigned();
            self.chosen.set(to);
            show(to);
        }
    }

    /// Goes where the row leads; a conversation that is not there yet is made first.
    fn take(self, number: usize) {
        let Some(row) = self.rows.read_untracked().get(number).cloned() else { return };
        match row.target {
            Target::Room(id) => self.go(id),
            Target::Person(with) => {
                self.waiting.set(Some(Ok(row.title)));
                self.actions.perform(Deed::OpenDirect { with }, move |made| match made {
                    // Who has closed the switcher meanwhile is elsewhere by now.
                    Ok(id) if !self.waiting.is_disposed() => self.go(id),
                    Ok(_) => {}
                    Err(code) => drop(self.waiting.try_set(Some(Err(code)))),
                });
            }
        }
    }

    fn go(self, id: ConversationId) {
        self.open.set(false);
        let route = self.state.route;
        // Once the dialog is closed and has given the focus back: what opens now takes it.
        set_timeout(move || route.go(&Place::path(id)), Duration::ZERO);
    }
}

/// People whom the server finds, a moment after the last letter; nobody without a network.
fn use_others(query: RwSignal<String>, is_live: Memo<bool>) -> Signal<Vec<Person>, LocalStorage> {
    let settled = RwSignal::new(String::new());
    let mut settle = debounce(PAUSE, move |text: String| drop(settled.try_set(text)));
    Effect::new(move |_| settle(query.read().trim().to_owned()));
    let found = use_answer(move || {
        let query = settled.get();
        let is_asked = is_live.get() && !query.is_empty();
        async move { if is_asked { api::people(&query).await.ok() } else { None } }
    });
    Signal::derive_local(move || {
        let found = found.read();
        found.iter().flatten().flat_map(|found| found.people.iter().cloned()).collect()
    })
}

#[component]
fn AskField(switching: Switching) -> impl IntoView {
    let words = use_words();
    let on_keydown = move |key: KeyboardEvent| {
        // Once it is closed, a key may still come here before the browser has put the focus back.
        let field = key.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_open = field.is_some_and(|field| field.closest("dialog[open]").is_ok_and(|at| at.is_some()));
        if is_composed(&key) || !is_open {
            return;
        }
        let with_ctrl = key.ctrl_key() || key.meta_key();
        match key.key().as_str() {
            "ArrowDown" => switching.step(1),
            "ArrowUp" => switching.step(-1),
            "Enter" => switching.take(switching.chosen.get_untracked()),
            "k" | "K" if with_ctrl => switching.open.set(false),
            _ => return,
        }
        key.prevent_default();
    };
    let active = move || (!switching.rows.read().is_empty()).then(|| id_of(switching.chosen.get()));
    view! {
        <label class="ask">
            <Icon name="search"/>
            <input
                type="text"
                role="combobox"
                autofocus=true
                prop:value=switching.query.get_untracked()
                enterkeyhint="go"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=LIST
                aria-activedescendant=active
                aria-label=say(words, |words| words.switcher.ask)
                placeholder=say(words, |words| words.switcher.ask)
                on:input=move |input| switching.type_in(event_target_value(&input))
                on:keydown=on_keydown
            />
            <kbd class="kbd wide-only" aria-hidden="true">"Esc"</kbd>
            <button
                type="button"
                class="icon-btn narrow-only"
                aria-label=say(words, |words| words.general.close)
                on:click=move |_| switching.open.set(false)
            >
                <Icon name="x"/>
            </button>
        </label>
    }
}

#[component]
fn OptionRow(number: usize, row: Row, switching: Switching) -> impl IntoView {
    let words = use_words();
    let Row { face, title, note, unread, is_mentioned, .. } = row;
    let at = is_mentioned.then(|| {
        view! {
            <span class="badge" aria-hidden="true">"@"</span>
            <span class="sr">{say(words, |words| words.switcher.mentioned)}</span>
        }
    });
    let badge = (unread > 0).then(|| {
        let shown = if unread > 99 { "99+".to_owned() } else { unread.to_string() };
        view! {
            <span class="badge" aria-hidden="true">{shown}</span>
            <span class="sr">{live(move || (words().list.unread)(unread))}</span>
        }
    });
    view! {
        <li
            class="pick-row"
            class:is-unread=unread != 0
            role="option"
            id=id_of(number)
            aria-selected=Signal::derive(move || (switching.chosen.get() == number).to_string())
            // The focus stays in the field.
            on:mousedown=|press| press.prevent_default()
            on:click=move |_| switching.take(number)
        >
            <Avatar face size="is-m"/>
            <span class="grow"><span class="nm clip">{title}</span><small class="clip">{note}</small></span>
            {at}
            {badge}
        </li>
    }
}

fn id_of(number: usize) -> String {
    format!("switcher-{number}")
}

/// Scrolls as little as shows the row.
fn show(number: usize) {
    if let Some(row) = document().get_element_by_id(&id_of(number)) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
