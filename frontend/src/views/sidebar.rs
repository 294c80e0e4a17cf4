//! The list of conversations, and who one is.

use leptos::html;
use leptos::prelude::*;
use shared::client::{Part, Room};
use shared::fuzzy::Score;
use shared::id::ConversationId;
use web_sys::KeyboardEvent;

use super::left_over::is_something_left;
use super::left_over_lines;
use super::link_line::{LinkLine, StorageLine};
use super::row::ConversationRow;
use super::switcher::fit_of;
use crate::browser;
use crate::erased::{Show, live, memo};
use crate::later::later_view;
use crate::locales::{say, use_words};
use crate::place::Place;
use crate::state::State;
use crate::ui::{Avatar, Face, Icon, is_composed};

/// The pane at the start edge.
#[component]
pub fn Sidebar(
    open: Memo<Option<ConversationId>>,
    starting: RwSignal<bool>,
    switching: RwSignal<bool>,
) -> impl IntoView {
    let words = use_words();
    let jump =
        move || format!("{} ({})", words().switcher.title, if browser::is_mac() { "⌘K" } else { "Ctrl K" });
    let query = RwSignal::new(String::new());
    let found = use_found(query);
    let state = expect_context::<State>();
    let has_left = memo(move |_| state.read(Part::List, is_something_left));
    view! {
        <nav class="sidebar" aria-label=say(words, |words| words.list.conversations)>
            <header class="bar">
                <img src="/magpie.svg" alt=""/>
                <strong class="brand-name">{say(words, |words| words.general.magpie)}</strong>
                <button
                    type="button"
                    class="icon-btn"
                    aria-label=say(words, |words| words.switcher.title)
                    title=jump
                    on:click=move |_| switching.set(true)
                >
                    <Icon name="jump"/>
                </button>
                <button
                    type="button"
                    class="icon-btn"
                    aria-label=say(words, |words| words.list.new)
                    title=say(words, |words| words.list.new)
                    on:click=move |_| starting.set(true)
                >
                    <Icon name="write"/>
                </button>
            </header>
            <Finder query found/>
            <div class="rows">
                <ul>
                    <For each=move || found.get() key=|id| *id let:id>
                        <li><ConversationRow id open/></li>
                    </For>
                </ul>
                <Show when=move || found.read().is_empty() && !query.read().trim().is_empty()>
                    <p class="rows-none">{live(move || (words().list.nothing_found)(query.read().trim()))}</p>
                </Show>
            </div>
            {live(move || has_left.get().then(|| later_view(left_over_lines)))}
            <StorageLine/>
            <div class="narrow-only"><LinkLine/></div>
            <Me/>
        </nav>
    }
}

/// The conversations that the query fits, the newest first.
fn use_found(query: RwSignal<String>) -> Memo<Vec<ConversationId>> {
    let state = expect_context::<State>();
    let words = use_words();
    memo(move |_| {
        let query = query.read();
        if !query.is_empty() {
            state.read(Part::People, |_| ());
        }
        let is_empty = query.trim().is_empty();
        state.read(Part::List, |client| {
            let fits =
                |room: &&Room| is_empty || fit_of(client, room, &query, words()).is_some_and(Score::is_close);
            let rooms = client.list().into_iter().filter(fits);
            rooms.map(|room| room.summary().id).collect()
        })
    })
}

#[component]
fn Finder(query: RwSignal<String>, found: Memo<Vec<ConversationId>>) -> impl IntoView {
    let words = use_words();
    let route = expect_context::<State>().route;
    let filter = NodeRef::<html::Input>::new();
    let clear = move || {
        query.set(String::new());
        if let Some(input) = filter.get_untracked() {
            input.set_value("");
        }
    };
    let on_keydown = move |key: KeyboardEvent| {
        if is_composed(&key) {
            return;
        }
        match key.key().as_str() {
            "Enter" => {
                if let Some(first) = found.read_untracked().first() {
                    route.go(&Place::path(*first));
                    clear();
                }
                key.prevent_default();
            }
            "Escape" if !query.read_untracked().is_empty() => {
                clear();
                key.stop_propagation();
            }
            _ => {}
        }
    };
    view! {
        <search class="finder">
            <Icon name="search" small=true/>
            <input
                node_ref=filter
                type="text"
                enterkeyhint="go"
                autocomplete="off"
                spellcheck="false"
                aria-label=say(words, |words| words.list.filter)
                placeholder=say(words, |words| words.list.filter)
                on:input=move |input| query.set(event_target_value(&input))
                on:keydown=on_keydown
            />
        </search>
    }
}

#[component]
fn Me() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let me = memo(move |_| state.read(Part::People, |client| client.me().cloned()));
    let card = move || {
        me.get().map(|me| {
            let display = me.display.to_string();
            view! {
                <Avatar face=Face::person(me.id, &display) size="is-m"/>
                <div>
                    <strong class="clip">{display}</strong>
                    <small class="clip">"@"{me.name.to_string()}</small>
                </div>
            }
        })
    };
    view! {
        <footer class="bar me">
            {live(card)}
            <a
                class="icon-btn"
                href="/settings"
                aria-label=say(words, |words| words.list.settings)
                title=say(words, |words| words.list.settings)
            >
                <Icon name="gear"/>
            </a>
        </footer>
    }
}
