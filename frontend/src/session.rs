//! Who is signed in: asked at the start, changed by signing up, in and out, and noted for a start without a network.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Input, Stored};
use shared::code::Code;
use shared::http::{Refusal, SignedIn};

use crate::net::Net;
use crate::state::{Session, State};
use crate::storage::Storage;
use crate::{api, browser, deadline};

/// How long the server may take to say who is signed in, before the note is believed.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long to wait before a server that did not answer is asked again, at first and at most.
const ASK_AGAIN: Duration = Duration::from_secs(2);
const ASK_SELDOM: Duration = Duration::from_secs(30);
/// Where it is noted who was last signed in here: a name and numbers, no secret.
const NOTE: &str = "magpie.signed_in";

/// Asks who is signed in. While the server does not answer, whoever was signed in last still is, if anybody was.
pub fn ask(state: State, net: Net) {
    spawn_local(async move {
        let noted = noted();
        match settle(deadline::within(PATIENCE, api::session()).await) {
            Answer::SignedIn(signed_in) => begin(state, &net, signed_in).await,
            Answer::SignedOut => end(state).await,
            Answer::None => {
                match &noted {
                    Some(signed_in) => take_up(state, &net, signed_in).await,
                    None => state.set_session(Session::SignedOut),
                }
                ask_again(state, net, noted, ASK_AGAIN);
            }
        }
    });
}

/// Somebody is signed in: takes up what waits to be sent, and connects.
pub async fn begin(state: State, net: &Net, signed_in: SignedIn) {
    if let Ok(note) = serde_json::to_string(&signed_in) {
        browser::keep(NOTE, &note);
    }
    take_up(state, net, &signed_in).await;
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

/// Asks until the server answers; `noted` is who uses the page meanwhile.
fn ask_again(state: State, net: Net, noted: Option<SignedIn>, pause: Duration) {
    let ask = async move {
        match settle(Some(api::session().await)) {
            // Signed in or out here in the meantime: that was the server's answer.
            _ if state.session_untracked() != meanwhile(noted.as_ref()) => {}
            Answer::SignedIn(signed_in) => match noted {
                Some(noted) if noted.me.id == signed_in.me.id => ask_server(state).await,
                // Somebody else signed in here: what this page shows is not theirs.
                Some(_) => browser::reload(),
                None => begin(state, &net, signed_in).await,
            },
            Answer::SignedOut if noted.is_some() => net.tell(Input::Expired),
            Answer::SignedOut => end(state).await,
            Answer::None => ask_again(state, net, noted, (pause * 2).min(ASK_SELDOM)),
        }
    };
    set_timeout(move || spawn_local(ask), pause);
}

const fn meanwhile(noted: Option<&SignedIn>) -> Session {
    if noted.is_some() { Session::SignedIn } else { Session::SignedOut }
}

async fn take_up(state: State, net: &Net, signed_in: &SignedIn) {
    let storage = Storage::open(&signed_in.me).await.ok();
    let pending = match &storage {
        Some(storage) => storage.pending().await.unwrap_or_default(),
        None => Vec::new(),
    };
    browser::drafts_of(&signed_in.me);
    net.keep_in(storage);
    net.tell(Input::Restored(Box::new(Stored { pending, ..Stored::default() })));
    net.tell(Input::Start);
    state.set_session(Session::SignedIn);
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

fn noted() -> Option<SignedIn> {
    serde_json::from_str(&browser::kept(NOTE)?).ok()
}
