//! Making an account.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::code::Code;
use shared::http::{InvitationCode, Refusal, Registration, SignUp as Request};
use shared::text::{DisplayName, Password, UserName};

use super::gate::{Brand, Faults, Gate, Spot};
use crate::actions::Actions;
use crate::erased::{live, memo};
use crate::locales::{say, use_words};
use crate::route;
use crate::state::State;
use crate::ui::{Fault, Field, PasswordField, show_title};

/// The page.
#[component]
pub fn SignUp() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    show_title(move || (words().general.title)(0, words().gate.sign_up));
    let server = memo(move |_| state.server().map(|server| (server.owned, server.registration)));
    let form = move || match server.get() {
        Some((true, Registration::Closed)) => view! { <Closed/> }.into_any(),
        Some((true, Registration::Invitation)) => view! { <Form invited=true first=false/> }.into_any(),
        Some((false, _)) => view! { <Form invited=false first=true/> }.into_any(),
        _ => view! { <Form invited=false first=false/> }.into_any(),
    };
    view! { <Gate>{live(form)}</Gate> }
}

#[component]
fn Closed() -> impl IntoView {
    let words = use_words();
    view! {
        <div class="gate-form">
            <Brand title=say(words, |words| words.gate.sign_up_to)/>
            <p>{say(words, |words| words.gate.closed)}</p>
            <ToSignIn/>
        </div>
    }
}

#[component]
fn ToSignIn() -> impl IntoView {
    let words = use_words();
    view! {
        <p class="alt">
            {say(words, |words| words.gate.been_here)}" "
            <a href="/signin">{say(words, |words| words.gate.sign_in)}</a>
        </p>
    }
}

/// The fields of the form.
#[derive(Clone, Copy)]
struct Fields {
    name: NodeRef<html::Input>,
    display: NodeRef<html::Input>,
    password: NodeRef<html::Input>,
    invitation: NodeRef<html::Input>,
}

#[component]
fn Form(invited: bool, first: bool) -> impl IntoView {
    let words = use_words();
    let actions = expect_context::<Actions>();
    let fields = Fields {
        name: NodeRef::new(),
        display: NodeRef::new(),
        password: NodeRef::new(),
        invitation: NodeRef::new(),
    };
    let faults = Faults::new();
    let busy = RwSignal::new(false);
    let submit = move || {
        faults.clear();
        let Some(request) = fields.request(invited, faults) else { return };
        busy.set(true);
        spawn_local(async move {
            if let Err(refusal) = actions.sign_up(request).await {
                faults.add(spot_of(&refusal), refusal);
            }
            // Signed in, this page is gone.
            let _ = busy.try_set(false);
        });
    };
    view! {
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
            <Brand title=say(words, |words| words.gate.sign_up_to)/>
            {first.then(|| view! { <p class="note">{say(words, |words| words.gate.first_account)}</p> })}
            {invited.then(|| view! { <Invitation node=fields.invitation faults/> })}
            <Names fields faults/>
            <PasswordField
                id="password"
                label=say(words, |words| words.gate.password)
                show_label=say(words, |words| words.gate.show_password)
                help=say(words, |words| words.gate.password_help)
                fault=faults.at(Spot::Password, words)
                autocomplete="new-password"
                node=fields.password
            />
            <Fault fault=faults.at(Spot::Form, words)/>
            <button type="submit" class="btn is-primary is-wide" aria-busy=move || busy.get().to_string()>
                {live(move || if busy.get() { words().gate.waiting } else { words().gate.sign_up })}
            </button>
            <ToSignIn/>
        </form>
    }
}

#[component]
fn Names(fields: Fields, faults: Faults) -> impl IntoView {
    let words = use_words();
    view! {
        <Field
            id="name"
            label=say(words, |words| words.gate.name)
            help=say(words, |words| words.gate.name_help)
            fault=faults.at(Spot::Name, words)
            autocomplete="username"
            autofocus=true
            node=fields.name
        />
        <Field
            id="display"
            label=say(words, |words| words.gate.display)
            help=say(words, |words| words.gate.display_help)
            fault=faults.at(Spot::Display, words)
            autocomplete="name"
            node=fields.display
        />
    }
}

/// The code; a link of the owner's carries it behind its `#`, which no server sees.
#[component]
fn Invitation(node: NodeRef<html::Input>, faults: Faults) -> impl IntoView {
    let words = use_words();
    view! {
        <Field
            id="invitation"
            label=say(words, |words| words.gate.invitation)
            help=say(words, |words| words.gate.invitation_help)
            fault=faults.at(Spot::Invitation, words)
            autocomplete="off"
            value=route::fragment()
            node
        />
    }
}

impl Fields {
    fn request(self, invited: bool, faults: Faults) -> Option<Request> {
        let text =
            |node: NodeRef<html::Input>| node.get_untracked().map(|field| field.value()).unwrap_or_default();
        let (name, display) = (text(self.name), text(self.display));
        let display = if display.trim().is_empty() { name.clone() } else { display };
        let name = faults.check(Spot::Name, UserName::try_from(name));
        // An empty display name is the name, and what is wrong with that is said there.
        let display = name.as_ref().and_then(|_| faults.check(Spot::Display, DisplayName::try_from(display)));
        let password = faults.check(Spot::Password, Password::try_from(text(self.password)));
        let invitation = if invited {
            Some(faults.check(Spot::Invitation, InvitationCode::try_from(text(self.invitation)))?)
        } else {
            None
        };
        Some(Request { name: name?, display: display?, password: password?, invitation })
    }
}

fn spot_of(refusal: &Refusal) -> Spot {
    match (refusal.code, refusal.field.as_deref()) {
        (Code::NameTaken, _) | (_, Some("name")) => Spot::Name,
        (Code::InvitationNeeded, _) | (_, Some("invitation")) => Spot::Invitation,
        (_, Some("display")) => Spot::Display,
        (_, Some("password")) => Spot::Password,
        _ => Spot::Form,
    }
}
