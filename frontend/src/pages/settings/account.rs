//! Inviting others, and signing out.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::Part;
use shared::code::Code;
use shared::http::Invitation;
use shared::outbox;

use crate::actions::Actions;
use crate::erased::{live, memo};
use crate::locales::{say, use_language, use_words};
use crate::state::State;
use crate::ui::{Dialog, Fault, Icon};
use crate::{api, browser};

/// For the owner: a link that lets one new person in.
#[component]
pub(super) fn Invitations() -> impl IntoView {
    let words = use_words();
    let invitation = RwSignal::new(None::<Invitation>);
    let fault = RwSignal::new(None::<Code>);
    let make = move |_| {
        fault.set(None);
        spawn_local(async move {
            // Whoever left the page does not need to know.
            match api::invite().await {
                Ok(made) => drop(invitation.try_set(Some(made))),
                Err(refusal) => drop(fault.try_set(Some(refusal.code))),
            }
        });
    };
    let why = Signal::derive(move || fault.get().map(|code| (words().code)(code).to_owned()));
    view! {
        <section>
            <h2>{say(words, |words| words.settings.invitations)}</h2>
            <ul>
                <li>
                    <div>{say(words, |words| words.settings.invite)}<small>{say(words, |words| words.settings.invite_help)}</small></div>
                    <button type="button" class="btn is-small" on:click=make>
                        {say(words, |words| words.settings.invite_make)}
                    </button>
                </li>
                {live(move || invitation.get().map(|invitation| view! { <Made invitation/> }))}
            </ul>
            <Fault fault=why/>
        </section>
    }
}

#[component]
fn Made(invitation: Invitation) -> impl IntoView {
    let (words, language) = (use_words(), use_language());
    let link = format!("{}/signup#{}", browser::origin(), invitation.code.as_str());
    let copied = RwSignal::new(false);
    let text = link.clone();
    let shown = NodeRef::<html::Code>::new();
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let is_there = browser::copy(&text).await;
            let _ = copied.try_set(is_there);
            if let Some(shown) = shown.try_get_untracked().flatten().filter(|_| !is_there) {
                browser::select(&shown);
            }
        });
    };
    let until = move || (words().settings.invite_until)(&browser::date_of(invitation.expires_at, language()));
    view! {
        <li>
            <div><code class="invitation" node_ref=shown>{link}</code><small>{live(until)}</small></div>
            <button type="button" class="btn is-small" on:click=copy>
                <Icon name="copy" small=true/>
                {live(move || if copied.get() { words().settings.copied } else { words().settings.copy })}
            </button>
        </li>
    }
}

/// Signing out; what waits to be sent is asked about first.
#[component]
pub(super) fn Account() -> impl IntoView {
    let state = expect_context::<State>();
    let actions = expect_context::<Actions>();
    let words = use_words();
    let asking = RwSignal::new(false);
    let fault = RwSignal::new(None::<Code>);
    let leave = move || {
        asking.set(false);
        fault.set(None);
        spawn_local(async move {
            if let Err(refusal) = actions.sign_out().await {
                let _ = fault.try_set(Some(refusal.code));
            }
        });
    };
    let ask = move |_| if unsent(state) > 0 { asking.set(true) } else { leave() };
    let why = Signal::derive(move || fault.get().map(|code| (words().code)(code).to_owned()));
    view! {
        <section>
            <h2>{say(words, |words| words.settings.account)}</h2>
            <ul>
                <li>
                    <div>
                        {say(words, |words| words.settings.sign_out)}
                        <small>{say(words, |words| words.settings.sign_out_help)}</small>
                    </div>
                    <button type="button" class="btn is-small is-danger" on:click=ask>
                        {say(words, |words| words.settings.sign_out)}
                    </button>
                </li>
            </ul>
            <Fault fault=why/>
            <Unsent asking leave=Callback::new(move |()| leave())/>
        </section>
    }
}

#[component]
fn Unsent(asking: RwSignal<bool>, leave: Callback<()>) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let count = memo(move |_| {
        state.read(Part::List, |_| ());
        unsent(state)
    });
    view! {
        <Dialog open=asking label=say(words, |words| words.settings.sign_out) class="is-question">
            <h2>{live(move || (words().settings.unsent)(count.get()))}</h2>
            <p>{say(words, |words| words.settings.unsent_help)}</p>
            <div class="answers">
                <button type="button" class="btn" autofocus=true on:click=move |_| asking.set(false)>
                    {say(words, |words| words.settings.stay)}
                </button>
                <button type="button" class="btn is-primary is-danger" on:click=move |_| leave.run(())>
                    {say(words, |words| words.settings.sign_out_anyway)}
                </button>
            </div>
        </Dialog>
    }
}

fn unsent(state: State) -> usize {
    let is_unsent = |pending: &&outbox::Pending| !matches!(pending.state, outbox::State::Sent { .. });
    state.peek(|client| client.outbox().iter().filter(is_unsent).count())
}
