//! The page where one talks: list, conversation and details; which of them shows on a narrow screen is in the address.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;
use shared::client::Part;
use shared::id::ConversationId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::erased::{effect, live, memo};
use crate::later::{later_dialog, later_view, load_at_rest};
use crate::locales::{say, use_words};
use crate::place::{Place, use_place};
use crate::state::State;
use crate::ui::{is_composed, show_title};
use crate::views::{
    Ahead, Jump, LinkLine, OpenThread, RoomPane, Search, Sidebar, details as details_of, follow_the_calendar,
    shortcuts, start_dialog, switcher, thread_pane, title_of, who_read,
};

/// The page.
#[component]
pub fn Chat() -> impl IntoView {
    let words = use_words();
    let state = expect_context::<State>();
    let place = use_place();
    let open = memo(move |_| place.read().conversation);
    let details = memo(move |_| place.read().details && open.get().is_some());
    let thread = memo(move |_| place.read().conversation.zip(place.read().thread));
    let (starting, switching, sheet) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    follow_the_calendar();
    provide_context(Jump::new(state.route));
    let search = Search::new();
    provide_context(search);
    provide_context(OpenThread(Callback::new(move |root| {
        state.route.go(&Place { details: false, thread: Some(root), ..place.get_untracked() }.link());
    })));
    use_title(open);
    use_keys(place, switching, sheet, search);
    load_at_rest(move || state.read(Part::Link, |client| client.link_state().is_live()));
    let pane = move || match (open.get(), details.get()) {
        (None, _) => "list",
        _ if thread.get().is_some() => "thread",
        (Some(_), false) => "room",
        (Some(_), true) => "details",
    };
    view! {
        <main class="app" data-pane=pane>
            // Whatever pane a narrow screen shows, the page has its heading.
            <header class="sr"><h1>{say(words, |words| words.general.magpie)}</h1></header>
            <Sidebar open starting switching/>
            {live(move || match open.get() {
                Some(id) => view! { <RoomPane id details/> }.into_any(),
                None => view! { <Pick starting sheet/> }.into_any(),
            })}
            {live(move || open.get().filter(|_| details.get()).map(|id| later_view(move || details_of(id))))}
            {live(move || thread.get().map(|(id, root)| later_view(move || thread_pane(id, root))))}
            {later_dialog(starting, start_dialog)}
            {later_dialog(switching, move |switching| switcher(switching, open))}
            {later_dialog(sheet, shortcuts)}
            {later_dialog(state.who_read_open, who_read)}
        </main>
    }
}

/// What stands in the middle while nothing is open.
#[component]
fn Pick(starting: RwSignal<bool>, sheet: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    view! {
        <section class="room" aria-label=say(words, |words| words.room.pick)>
            <div class="empty">
                <img src="/magpie.svg" alt=""/>
                <h2>{say(words, |words| words.room.pick)}</h2>
                <p>{say(words, |words| words.room.pick_help)}</p>
                <div class="acts">
                    <button type="button" class="btn is-primary" on:click=move |_| starting.set(true)>
                        {say(words, |words| words.list.new)}
                    </button>
                    <button type="button" class="btn is-quiet" on:click=move |_| sheet.set(true)>
                        {say(words, |words| words.keys.title)}
                    </button>
                </div>
            </div>
            <footer class="foot"><LinkLine/></footer>
        </section>
    }
}

/// How many are unread, and what is open.
fn use_title(open: Memo<Option<ConversationId>>) {
    let state = expect_context::<State>();
    let words = use_words();
    show_title(move || {
        state.read(Part::People, |_| ());
        state.read(Part::List, |client| {
            let room = open.get().and_then(|id| client.room(id));
            let title = room.map(|room| title_of(client, room, words())).unwrap_or_default();
            (words().general.title)(client.unread(), &title)
        })
    });
}

/// What the whole page does at a key.
#[derive(Clone, Copy)]
enum Key {
    Switch,
    Next,
    Previous,
    Sheet,
    /// Looks for something in the open conversation.
    Find(ConversationId),
    CloseDetails,
}

fn use_keys(place: Memo<Place>, switching: RwSignal<bool>, sheet: RwSignal<bool>, search: Search) {
    let state = expect_context::<State>();
    let route = state.route;
    let switch = use_switch(switching);
    let ahead = Ahead::new();
    provide_context(ahead);
    let pressed = move |key: KeyboardEvent| {
        if is_composed(&key) {
            return;
        }
        if switching.get_untracked() && !has_switcher() && !has_dialog() {
            return ahead.takes(&key);
        }
        let Some(meant) = meant(&key, place.get_untracked()) else { return };
        // Pressed twice, it is the browser's own.
        if matches!(meant, Key::Find(_)) && search.has_focus() {
            return;
        }
        key.prevent_default();
        match meant {
            Key::Switch => switch(),
            Key::Sheet => sheet.set(true),
            Key::Find(id) => search.look_in(state, id),
            Key::Next | Key::Previous => {
                let forward = matches!(meant, Key::Next);
                if let Some(id) = neighbour(state, place.get_untracked().conversation, forward) {
                    route.go(&Place::path(id));
                }
            }
            Key::CloseDetails => {
                route.replace(&Place { details: false, thread: None, ..place.get_untracked() }.link());
            }
        }
    };
    let listener = window_event_listener(ev::keydown, pressed);
    on_cleanup(move || listener.remove());
}

fn meant(key: &KeyboardEvent, place: Place) -> Option<Key> {
    if key.default_prevented() || has_dialog() {
        return None;
    }
    let with_ctrl = key.ctrl_key() || key.meta_key();
    match key.key().as_str() {
        "k" | "K" if with_ctrl && !key.alt_key() && !key.shift_key() => Some(Key::Switch),
        "f" | "F" if with_ctrl && !key.alt_key() && !key.shift_key() => place.conversation.map(Key::Find),
        "ArrowDown" if key.alt_key() && !with_ctrl => Some(Key::Next),
        "ArrowUp" if key.alt_key() && !with_ctrl => Some(Key::Previous),
        "?" if !with_ctrl && !is_in_a_field(key) => Some(Key::Sheet),
        "Escape" if place.details || place.thread.is_some() => Some(Key::CloseDetails),
        _ => None,
    }
}

/// Opens the switcher. While its part is on its way for the first time, what is typed must not go into the message: the
/// focus leaves the field, and comes back once the switcher is closed. The switcher begins with what was typed meanwhile.
fn use_switch(switching: RwSignal<bool>) -> impl Fn() + Copy + 'static {
    let left = StoredValue::new_local(None::<HtmlElement>);
    let come_back = move || {
        // It may be open again.
        if has_dialog() {
            return;
        }
        let field = left.try_update_value(Option::take).flatten();
        // What a closed dialog holds has the focus for a moment only.
        let is_nowhere = |active: Element| active.matches("body, dialog:not([open]) *").unwrap_or(false);
        let is_elsewhere = document().active_element().is_some_and(|active| !is_nowhere(active));
        if let Some(field) = field.filter(|_| !is_elsewhere) {
            // One that has gone meanwhile takes no focus.
            let _ = field.focus();
        }
    };
    effect(move || {
        if !switching.get() {
            // Once it is closed.
            set_timeout(come_back, Duration::ZERO);
        }
    });
    move || {
        let field = document().active_element().filter(|_| !has_switcher());
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            // Whatever has the focus can lose it.
            let _ = field.blur();
            left.set_value(Some(field));
        }
        switching.set(true);
    }
}

/// The conversation below or above the open one, round the ends.
fn neighbour(state: State, open: Option<ConversationId>, forward: bool) -> Option<ConversationId> {
    let list: Vec<ConversationId> =
        state.peek(|client| client.list().iter().map(|room| room.summary().id).collect());
    let at = list.iter().position(|id| Some(*id) == open);
    let to = match (at, forward) {
        (Some(at), true) => (at + 1) % list.len(),
        (Some(at), false) => (at + list.len() - 1) % list.len(),
        (None, true) => 0,
        (None, false) => list.len().checked_sub(1)?,
    };
    list.get(to).copied()
}

/// Whether the switcher's part is there.
fn has_switcher() -> bool {
    document().query_selector("dialog.is-switcher").is_ok_and(|dialog| dialog.is_some())
}

fn has_dialog() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some())
}

fn is_in_a_field(key: &KeyboardEvent) -> bool {
    let target = key.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        target.matches("input:not([type=checkbox], [type=radio]), textarea").unwrap_or(false)
    })
}
