//! The list of conversations, and who one is.

use leptos::prelude::*;
use shared::client::Part;
use shared::id::ConversationId;

use super::finder::{Finder, Search, press};
use super::left_over::is_something_left;
use super::left_over_lines;
use super::link_line::{LinkLine, StorageLine};
use super::row::ConversationRow;
use super::search_pane;
use crate::browser;
use crate::erased::{live, memo};
use crate::later::later_view;
use crate::locales::{say, use_words};
use crate::state::State;
use crate::ui::{Avatar, Face, Icon};

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
    let state = expect_context::<State>();
    let list = memo(move |_| {
        state.read(Part::List, |client| {
            client.list().into_iter().map(|room| room.summary().id).collect::<Vec<_>>()
        })
    });
    let search = expect_context::<Search>();
    let is_searching = memo(move |_| search.is_open());
    let has_left = memo(move |_| state.read(Part::List, is_something_left));
    view! {
        <nav
            class="sidebar"
            aria-label=say(words, |words| words.list.conversations)
            on:keydown=move |key| press(search, &key)
        >
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
            <Finder/>
            {live(move || is_searching.get().then(|| later_view(search_pane)))}
            // Out of sight while one searches: how far it is scrolled stays.
            <div class="rows" hidden=is_searching>
                <ul>
                    <For each=move || list.get() key=|id| *id let:id>
                        <li><ConversationRow id open/></li>
                    </For>
                </ul>
            </div>
            {live(move || has_left.get().then(|| later_view(left_over_lines)))}
            <StorageLine/>
            <div class="narrow-only"><LinkLine/></div>
            <Me/>
        </nav>
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
