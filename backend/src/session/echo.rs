//! The connection test at `/echo`: every message comes back whole and unchanged.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use shared::code::Close;

use super::ear::{Ear, Heard};
use super::outlet::{Outlet, WriteError};
use crate::app::App;
use crate::limits::{FramePace, Place};
use crate::listen::Wire;

/// The largest message that comes back, in bytes: the largest that the usual conformance tests send.
pub const ECHO_BYTES: usize = 16 * 1024 * 1024;
/// Most connections that are echoed at once. Nobody has to sign in for it, and each may hold a few times [`ECHO_BYTES`].
pub const ECHOES: usize = 8;
/// Most of them from one network: nobody alone holds all.
pub const ECHOES_EACH: usize = 6;
/// A test is over within this time; its place is for the next one.
const LASTS: Duration = Duration::from_mins(2);

/// Echoes until the connection ends.
pub async fn echo(app: Arc<App>, socket: WebSocket, wire: Arc<Wire>, place: Place) {
    let (sink, stream) = socket.split();
    let ear = Ear::new(stream, Arc::clone(&wire));
    let mut outlet = Outlet::new(sink, wire, app.stop.clone());
    // Reading and writing have bounds of their own; who keeps within them a byte at a time is not waited for either.
    let why = tokio::time::timeout(LASTS, repeat(&app, ear, &mut outlet)).await;
    // Who sees this connection end finds its place free.
    drop(place);
    if let Some(why) = why.unwrap_or(Some(Close::GoingAway)) {
        outlet.close(why).await;
    }
}

/// Sends back what is heard; says how it ended, if somebody is there to be told.
async fn repeat(
    app: &App,
    mut ear: Ear<SplitStream<WebSocket>>,
    outlet: &mut Outlet<WebSocket>,
) -> Option<Close> {
    let pace = FramePace::default();
    loop {
        let heard = tokio::select! {
            biased;
            () = app.stop.cancelled() => return Some(Close::Restarting),
            heard = ear.hear() => heard,
        };
        let message = match heard {
            Heard::Said(message) => message,
            Heard::Over(why) => return why,
        };
        pace.turn().await;
        if matches!(message, Message::Text(_) | Message::Binary(_)) {
            match send(outlet, message).await {
                Ok(()) => {}
                Err(WriteError::Gone) => return None,
                Err(WriteError::Stuck) => return Some(Close::TooSlow),
                Err(WriteError::Ended) => return Some(Close::Restarting),
            }
        }
    }
}

async fn send(outlet: &mut Outlet<WebSocket>, message: Message) -> Result<(), WriteError> {
    outlet.feed_message(message).await?;
    outlet.flush().await
}
