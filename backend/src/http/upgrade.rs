//! `GET /ws` and `GET /echo`: from HTTP to a WebSocket, each under its limits.

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
/// The same where whole messages of an echo go out.
const ECHO_BUFFER_MOST: usize = session::ECHO_BYTES + WRITE_BUFFER_MOST;

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
    Ok(limited(upgrade, FRAME_BYTES, WRITE_BUFFER_MOST)?
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
    let upgrade = limited(upgrade, session::ECHO_BYTES, ECHO_BUFFER_MOST)?;
    let place = app.echoes.take(peer.network()).ok_or(Error::Refused(Code::Busy))?;
    let tasks = app.tasks.clone();
    Ok(upgrade.on_upgrade(move |socket| tasks.track_future(session::echo(app, socket, peer.wire, place))))
}

/// Bounds what the other side may send, and what may wait for it.
fn limited(upgrade: Upgrade, message: usize, waiting: usize) -> Result<WebSocketUpgrade, Error> {
    let upgrade = upgrade.map_err(|_| Error::NoUpgrade)?;
    Ok(upgrade
        .max_message_size(message)
        .max_frame_size(message)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(waiting)
        .protocols([SUBPROTOCOL]))
}

/// Whether the client names subprotocols, and ours is not among them. One that names none says its level in `hello`:
/// some proxies lose the header on the way.
fn offers_another_protocol(headers: &HeaderMap) -> bool {
    let offers = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|line| line.to_str().ok());
    let mut offers = offers.flat_map(|line| line.split(',')).peekable();
    offers.peek().is_some() && !offers.any(|offer| offer.trim() == SUBPROTOCOL)
}
