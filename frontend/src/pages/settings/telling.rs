//! What this person is told of, and what others are told of them.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Client, Part};
use shared::own::Setting;

use crate::actions::Actions;
use crate::erased::{Show, live};
use crate::locales::{say, use_words};
use crate::notify;
use crate::state::State;
use crate::ui::Switch;

/// Notifications of this browser, and receipts and typing, which are the same everywhere.
#[component]
pub fn Telling() -> impl IntoView {
    let state = expect_context::<State>();
    let actions = expect_context::<Actions>();
    let words = use_words();
    let own = move |read: fn(&Client) -> bool| Signal::derive(move || state.read(Part::Own, read));
    view! {
        <section>
            <h2>{say(words, |words| words.settings.telling)}</h2>
            <ul>
                <Show when=notify::is_offered><Notifications/></Show>
                <li>
                    <div>
                        {say(words, |words| words.settings.receipts)}
                        <small>{say(words, |words| words.settings.receipts_help)}</small>
                    </div>
                    <Switch
                        label=say(words, |words| words.settings.receipts)
                        on=own(Client::receipts)
                        on_turn=move |on| actions.keep(Setting::receipts(on))
                    />
                </li>
                <li>
                    <div>{say(words, |words| words.settings.typing)}</div>
                    <Switch
                        label=say(words, |words| words.settings.typing)
                        on=own(Client::typing)
                        on_turn=move |on| actions.keep(Setting::typing(on))
                    />
                </li>
            </ul>
        </section>
    }
}

#[component]
fn Notifications() -> impl IntoView {
    let prefs = expect_context::<State>().prefs;
    let words = use_words();
    let is_denied = RwSignal::new(notify::is_denied());
    let help = move || {
        let settings = &words().settings;
        if is_denied.get() { settings.notify_denied } else { settings.notify_help }
    };
    let turn = move |on: bool| {
        prefs.update(|prefs| prefs.notifies = on);
        if on {
            spawn_local(async move {
                if !notify::ask().await {
                    is_denied.set(notify::is_denied());
                    prefs.update(|prefs| prefs.notifies = false);
                }
            });
        }
    };
    view! {
        <li>
            <div>{say(words, |words| words.settings.notify)}<small>{live(help)}</small></div>
            <Switch
                label=say(words, |words| words.settings.notify)
                on=Signal::derive(move || prefs.read().notifies)
                on_turn=turn
            />
        </li>
    }
}
