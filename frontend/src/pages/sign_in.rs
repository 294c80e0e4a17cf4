//! Signing in.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::code::Code;
use shared::http::{Refusal, Registration, SignIn as Request};
use shared::text::{Password, UserName};

use super::gate::{Brand, Faults, Gate, Spot};
use crate::actions::Actions;
use crate::erased::live;
use crate::locales::{say, use_words};
use crate::state::State;
use crate::ui::{Fault, Field, PasswordField, show_title};

/// The page.
#[component]
pub fn SignIn() -> impl IntoView {
    let words = use_words();
    let actions = expect_context::<Actions>();
    let (name, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let faults = Faults::new();
    let busy = RwSignal::new(false);
    show_title(move || (words().general.title)(0, words().gate.sign_in));
    let submit = move || {
        faults.clear();
        let Some(request) = request(name, password, faults) else { return };
        busy.set(true);
        spawn_local(async move {
            if let Err(refusal) = actions.sign_in(request).await {
                faults.add(spot_of(&refusal), refusal);
            }
            // Signed in, this page is gone.
            let _ = busy.try_set(false);
        });
    };
    view! {
        <Gate>
            <form
                class="gate-form"
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    if !busy.get_untracked() {
                        submit();
                    }
                }
            >
                <Brand title=say(words, |words| words.gate.sign_in_to)/>
                <Field
                    id="name"
                    label=say(words, |words| words.gate.name)
                    fault=faults.at(Spot::Name, words)
                    autocomplete="username"
                    autofocus=true
                    node=name
                />
                <PasswordField
                    id="password"
                    label=say(words, |words| words.gate.password)
                    show_label=say(words, |words| words.gate.show_password)
                    fault=faults.at(Spot::Password, words)
                    autocomplete="current-password"
                    node=password
                />
                <Fault fault=faults.at(Spot::Form, words)/>
                <button type="submit" class="btn is-primary is-wide" aria-busy=move || busy.get().to_string()>
                    {live(move || if busy.get() { words().gate.waiting } else { words().gate.sign_in })}
                </button>
                <ToSignUp/>
            </form>
        </Gate>
    }
}

/// The way to an account, where the server gives any.
#[component]
fn ToSignUp() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let is_closed = move || {
        state.server().is_some_and(|server| server.owned && server.registration == Registration::Closed)
    };
    view! {
        <p class="alt" hidden=is_closed>
            {say(words, |words| words.gate.new_here)}" "
            <a href="/signup">{say(words, |words| words.gate.create)}</a>
        </p>
    }
}

fn request(name: NodeRef<html::Input>, password: NodeRef<html::Input>, faults: Faults) -> Option<Request> {
    let (name_field, password_field) = (name.get_untracked()?, password.get_untracked()?);
    let name = faults.check(Spot::Name, UserName::try_from(name_field.value()));
    let password = faults.check(Spot::Password, Password::try_from(password_field.value()));
    if name.is_none() {
        // Every field that is on the screen takes the focus.
        let _ = name_field.focus();
    } else if password.is_none() {
        let _ = password_field.focus();
    }
    Some(Request { name: name?, password: password? })
}

fn spot_of(refusal: &Refusal) -> Spot {
    match refusal.code {
        Code::WrongCredentials => Spot::Password,
        _ => Spot::Form,
    }
}
