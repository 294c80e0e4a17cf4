//! Who is signed in: asked at the start, changed by signing up, in and out.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Input, Stored};
use shared::code::Code;
use shared::http::SignedIn;

use crate::net::Net;
use crate::state::{Session, State};
use crate::storage::Storage;
use crate::{api, browser};

/// How long to wait before a server that did not answer is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// Asks who is signed in, until the server answers.
pub fn ask(state: State, net: Net) {
    spawn_local(async move {
        match api::session().await {
            Ok(signed_in) => begin(state, &net, signed_in).await,
            Err(refusal) if refusal.code == Code::SignedOut => {
                ask_server(state).await;
                state.set_session(Session::SignedOut);
            }
            Err(_) => set_timeout(move || ask(state, net), ASK_AGAIN),
        }
    });
}

/// Somebody is signed in: takes up what waits to be sent, and connects.
pub async fn begin(state: State, net: &Net, signed_in: SignedIn) {
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
    ask_server(state).await;
}

async fn ask_server(state: State) {
    if let Ok(server) = api::server().await {
        state.set_server(server);
    }
}
