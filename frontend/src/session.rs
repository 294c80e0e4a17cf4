//! Who is signed in: asked at the start, changed by signing up, in and out, and noted for a start without a network.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::Input;
use shared::code::Code;
use shared::http::{Refusal, SignedIn};
use shared::json;

use crate::net::Net;
use crate::state::{Session, State};
use crate::storage::Storage;
use crate::{api, browser, deadline, drafts};

/// How long the server may take to say who is signed in, before the note is believed.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long to wait before a server that did not answer is asked again, at first and at most.
const ASK_AGAIN: Duration = Duration::from_secs(2);
const ASK_SELDOM: Duration = Duration::from_secs(30);
/// Where it is noted who was last signed in here: a name and numbers, no secret.
const NOTE: &str = "magpie.signed_in";

/// Finds out who is signed in. Whoever was last goes on at once, and the server is asked meanwhile; nobody noted means
/// that the server is waited for, as long as the gate may take to open.
pub fn ask(state: State, net: Net) {
    spawn_local(async move {
        let noted = noted();
        let said = match &noted {
            Some(signed_in) => {
                take_up(&net, signed_in).await;
                Some(api::session().await)
            }
            None => deadline::within(PATIENCE, api::session()).await,
        };
        match (settle(said), noted) {
            (Answer::None, None) => {
                state.set_session(Session::SignedOut);
                ask_again(state, net, None, ASK_AGAIN);
            }
            (answer, noted) => believe(answer, state, net, noted, ASK_AGAIN).await,
        }
    });
}

/// Somebody is signed in: takes up what waits to be sent, and connects.
pub async fn begin(state: State, net: &Net, signed_in: SignedIn) {
    note(&signed_in);
    take_up(net, &signed_in).await;
    ask_server(state).await;
}

/// Nobody is signed in here any more.
pub fn forget() {
    browser::keep(NOTE, "");
}

/// What the server said about who is signed in.
enum Answer {
    SignedIn(SignedIn),
    SignedOut,
    /// Nothing, or nothing that tells.
    None,
}

fn settle(said: Option<Result<SignedIn, Refusal>>) -> Answer {
    match said {
        Some(Ok(signed_in)) => Answer::SignedIn(signed_in),
        Some(Err(refusal)) if refusal.code == Code::SignedOut => Answer::SignedOut,
        Some(Err(_)) | None => Answer::None,
    }
}

/// What the server says about a page that `noted` uses meanwhile. Without an answer it is asked again after a pause.
async fn believe(answer: Answer, state: State, net: Net, noted: Option<SignedIn>, pause: Duration) {
    match (answer, noted) {
        (Answer::SignedIn(signed_in), Some(noted)) if noted.me.id == signed_in.me.id => {
            note(&signed_in);
            ask_server(state).await;
        }
        // Somebody else signed in here: what this page shows is not theirs.
        (Answer::SignedIn(signed_in), Some(_)) => {
            note(&signed_in);
            browser::reload();
        }
        (Answer::SignedIn(signed_in), None) => begin(state, &net, signed_in).await,
        (Answer::SignedOut, Some(_)) => {
            net.tell(Input::Expired);
            ask_server(state).await;
        }
        (Answer::SignedOut, None) => end(state).await,
        (Answer::None, noted) => ask_again(state, net, noted, pause),
    }
}

fn ask_again(state: State, net: Net, noted: Option<SignedIn>, pause: Duration) {
    let ask = async move {
        let answer = settle(Some(api::session().await));
        // Signed in or out here in the meantime: that was the server's answer.
        let settled = if noted.is_some() { Session::SignedOut } else { Session::SignedIn };
        if state.session_untracked() != settled {
            believe(answer, state, net, noted, (pause * 2).min(ASK_SELDOM)).await;
        }
    };
    set_timeout(move || spawn_local(ask), pause);
}

async fn take_up(net: &Net, signed_in: &SignedIn) {
    let storage = Storage::open(&signed_in.me).await.ok();
    drafts::belong_to(&signed_in.me);
    net.begin(&signed_in.me, storage);
}

async fn end(state: State) {
    forget();
    ask_server(state).await;
    state.set_session(Session::SignedOut);
}

async fn ask_server(state: State) {
    if let Ok(server) = api::server().await {
        state.set_server(server);
    }
}

fn note(signed_in: &SignedIn) {
    if let Ok(note) = json::write(signed_in) {
        browser::keep(NOTE, &note);
    }
}

fn noted() -> Option<SignedIn> {
    json::read(&browser::kept(NOTE)?).ok()
}
