//! The connection test at `/echo`: every message comes back whole and unchanged.

use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use shared::code::Close;

use super::ear::{Ear, Heard};
use super::outlet::{Outlet, WriteError};
use crate::app::App;
use crate::limits::FramePace;
use crate::listen::Wire;

/// Echoes until the connection ends.
pub async fn echo(app: Arc<App>, socket: WebSocket, wire: Arc<Wire>) {
    let (sink, stream) = socket.split();
    let mut ear = Ear::new(stream, Arc::clone(&wire));
    let mut outlet = Outlet::new(sink, wire, app.stop.clone());
    let pace = FramePace::default();
    let why = loop {
        let heard = tokio::select! {
            biased;
            () = app.stop.cancelled() => break Close::Restarting,
            heard = ear.hear() => heard,
        };
        let message = match heard {
            Heard::Said(message) => message,
            Heard::Over(Some(why)) => break why,
            Heard::Over(None) => return,
        };
        pace.turn().await;
        if matches!(message, Message::Text(_) | Message::Binary(_)) {
            match send(&mut outlet, message).await {
                Ok(()) => {}
                Err(WriteError::Gone) => return,
                Err(WriteError::Stuck) => break Close::TooSlow,
                Err(WriteError::Ended) => break Close::Restarting,
            }
        }
    };
    outlet.close(why).await;
}

async fn send(outlet: &mut Outlet<WebSocket>, message: Message) -> Result<(), WriteError> {
    outlet.feed_message(message).await?;
    outlet.flush().await
}
