//! `GET /ws` and `GET /echo`: from HTTP to a WebSocket, under one set of limits.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use shared::code::Code;
use shared::frame::{FRAME_BYTES, SUBPROTOCOL};

use super::caller::Caller;
use super::origin::{self, Origin};
use crate::app::App;
use crate::error::Error;
use crate::listen::Peer;
use crate::session;

/// What the library may buffer for reading, allocated at once for each connection.
const READ_BUFFER: usize = 4 * 1024;
/// How much the library gathers before it writes.
const WRITE_BUFFER: usize = 4 * 1024;
/// What it may gather at most. We flush long before: this only has to exceed the largest single frame.
const WRITE_BUFFER_MOST: usize = 2 * session::LARGE;

type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

/// The chat. A browser shows an allowed `Origin` and its cookie, a program a bearer token.
pub(super) async fn chat(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    caller: Result<Caller, Error>,
    upgrade: Upgrade,
) -> Result<Response, Error> {
    let origin = origin::check(&app.config, &headers);
    let caller = match (origin, caller) {
        (Origin::Refused, _) => return Err(Error::Refused(Code::BadOrigin)),
        (_, Err(error)) => return Err(error),
        (Origin::Absent, Ok(caller)) if !caller.is_bearer => return Err(Error::Refused(Code::BadOrigin)),
        (_, Ok(caller)) => caller,
    };
    if offers_another_protocol(&headers) {
        return Err(Error::NoSubprotocol);
    }
    let tasks = app.tasks.clone();
    let Caller { session, token, .. } = caller;
    Ok(limited(upgrade)?
        .on_upgrade(move |socket| tasks.track_future(session::serve(app, session, token, socket, peer.wire))))
}

/// The connection test: needs no session, but not every page may use it.
pub(super) async fn echo(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    upgrade: Upgrade,
) -> Result<Response, Error> {
    if origin::check(&app.config, &headers) == Origin::Refused {
        return Err(Error::Refused(Code::BadOrigin));
    }
    let tasks = app.tasks.clone();
    Ok(limited(upgrade)?.on_upgrade(move |socket| tasks.track_future(session::echo(app, socket, peer.wire))))
}

fn limited(upgrade: Upgrade) -> Result<WebSocketUpgrade, Error> {
    let upgrade = upgrade.map_err(|_| Error::NoUpgrade)?;
    Ok(upgrade
        .max_message_size(FRAME_BYTES)
        .max_frame_size(FRAME_BYTES)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(WRITE_BUFFER_MOST)
        .protocols([SUBPROTOCOL]))
}

/// Whether the client names subprotocols, and ours is not among them. One that names none says its level in `hello`:
/// some proxies lose the header on the way.
fn offers_another_protocol(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|line| line.to_str().ok());
    let mut offers = offers.flat_map(|line| line.split(',')).peekable();
    offers.peek().is_some() && !offers.any(|offer| offer.trim() == SUBPROTOCOL)
}
