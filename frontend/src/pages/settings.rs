//! The settings of this person in this browser.

mod account;
mod connection;
mod telling;

use leptos::prelude::*;
use shared::client::Part;
use shared::permission::{Act, ServerRole, may};

use crate::answer::use_answer;
use crate::browser;
use crate::erased::{Show, live, memo};
use crate::locales::{say, use_words};
use crate::prefs::{Language, Prefs, Theme};
use crate::state::State;
use crate::ui::{Avatar, Choice, Face, Icon, Switch, show_title};
use account::{Account, Invitations};
use connection::Connection;
use telling::Telling;

/// The page.
#[component]
pub fn Settings() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    show_title(move || (words().general.title)(0, words().settings.title));
    let may_invite = memo(move |_| {
        state.read(Part::People, |client| client.me().is_some_and(|me| may(me.role, Act::Invite)))
    });
    view! {
        <div class="prefs">
            <header class="bar">
                <a class="icon-btn" href="/" aria-label=say(words, |words| words.general.back)><Icon name="back"/></a>
                <h1>{say(words, |words| words.settings.title)}</h1>
            </header>
            <main>
                <Hero/>
                <Appearance/>
                <Writing/>
                <Telling/>
                <Device/>
                <Connection/>
                <Show when=move || may_invite.get()><Invitations/></Show>
                <Account/>
            </main>
        </div>
    }
}

#[component]
fn Hero() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let me = memo(move |_| state.read(Part::People, |client| client.me().cloned()));
    move || {
        me.get().map(|me| {
            let display = me.display.to_string();
            let is_owner = me.role == ServerRole::Owner;
            view! {
                <section class="hero">
                    <Avatar face=Face::person(me.id, &display) size="is-l"/>
                    <div>
                        <h2>{display}</h2>
                        <p>{format!("@{} · {}", me.name, browser::host())}</p>
                        {is_owner.then(|| view! { <span class="chip">{say(words, |words| words.settings.owner)}</span> })}
                    </div>
                </section>
            }
        })
    }
}

#[component]
fn Appearance() -> impl IntoView {
    let prefs = expect_context::<State>().prefs;
    let words = use_words();
    let themes = vec![
        (Theme::System, say(words, |words| words.settings.system)),
        (Theme::Light, say(words, |words| words.settings.light)),
        (Theme::Dark, say(words, |words| words.settings.dark)),
    ];
    let languages =
        vec![(Language::En, Signal::stored("English")), (Language::Zh, Signal::stored("简体中文"))];
    view! {
        <section>
            <h2>{say(words, |words| words.settings.appearance)}</h2>
            <ul>
                <li>
                    <div>{say(words, |words| words.settings.theme)}</div>
                    <Choice
                        name="theme"
                        label=say(words, |words| words.settings.theme)
                        options=themes
                        chosen=Signal::derive(move || prefs.read().theme)
                        on_choose=move |theme| prefs.update(|prefs| prefs.theme = theme)
                    />
                </li>
                <li>
                    <div>{say(words, |words| words.settings.language)}</div>
                    <Choice
                        name="language"
                        label=say(words, |words| words.settings.language)
                        options=languages
                        chosen=Signal::derive(move || prefs.read().language)
                        on_choose=move |language| prefs.update(|prefs| prefs.language = language)
                    />
                </li>
            </ul>
        </section>
    }
}

#[component]
fn Writing() -> impl IntoView {
    let prefs: RwSignal<Prefs> = expect_context::<State>().prefs;
    let words = use_words();
    let help = move || {
        let settings = &words().settings;
        if prefs.read().enter_sends { settings.enter_sends_help } else { settings.ctrl_enter_sends_help }
    };
    view! {
        <section>
            <h2>{say(words, |words| words.settings.writing)}</h2>
            <ul>
                <li>
                    <div>{say(words, |words| words.settings.enter_sends)}<small>{live(help)}</small></div>
                    <Switch
                        label=say(words, |words| words.settings.enter_sends)
                        on=Signal::derive(move || prefs.read().enter_sends)
                        on_turn=move |on| prefs.update(|prefs| prefs.enter_sends = on)
                    />
                </li>
            </ul>
        </section>
    }
}

/// How safe what this browser stores is.
#[component]
fn Device() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let is_durable = use_answer(browser::is_durable);
    let told = move || {
        let words = words();
        match (state.storage_ok(), is_durable.get()) {
            (false, _) => words.link.no_storage,
            (true, Some(false)) => words.settings.stored_while_there_is_room,
            (true, Some(true) | None) => words.settings.stored,
        }
    };
    view! {
        <section>
            <h2>{say(words, |words| words.settings.device)}</h2>
            <ul>
                <li><div>{say(words, |words| words.settings.storage)}<small>{live(told)}</small></div></li>
            </ul>
        </section>
    }
}
