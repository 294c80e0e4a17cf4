//! A connection at `/ws`: one task that reads, one that writes, and how they end together.

pub(crate) mod cursor;
mod decode;
mod echo;
mod outlet;
mod reader;
mod writer;

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::StreamExt as _;
use shared::code::Close;
use shared::frame::ServerFrame;
use shared::id::Timestamp;
use tokio::sync::mpsc;

use crate::actions::welcome::Hello;
use crate::app::App;
use crate::hub::Seat;
use crate::listen::Wire;
use crate::store::{SecretHash, Session};

pub use echo::echo;

use outlet::Outlet;
use reader::Reader;
use writer::Writer;

/// Answers that wait for the writer. When they are full, the reader stops reading: the client is slowed down.
const ANSWERS: usize = 16;

/// What the reader hands to the writer.
enum Answer {
    /// A frame for this connection alone.
    Frame(ServerFrame),
    /// The hello, to be answered with the welcome.
    Hello(Hello),
    /// The end, with its reason.
    Close(Close),
}

/// Serves one signed-in connection until it ends.
pub async fn serve(app: Arc<App>, session: Session, token: SecretHash, socket: WebSocket, wire: Arc<Wire>) {
    let (sink, stream) = socket.split();
    let stop = app.stop.child_token();
    let outlet = Outlet::new(sink, wire, stop.clone());
    // First take a seat, then look again: a session that ends in between is heard of by one or the other.
    let Ok(seat) = Seat::take(&app.hub, session.person.id, session.id, stop.clone()) else {
        return outlet.close(Close::TryLater).await;
    };
    if app.store.session(token, Timestamp(0)).await.is_err() {
        return outlet.close(Close::Revoked).await;
    }
    let mailbox = Arc::clone(seat.mailbox());
    let (answers, answered) = mpsc::channel(ANSWERS);
    let writer = Writer::new(Arc::clone(&app), session.person.clone(), seat, outlet, answered, stop.clone());
    app.tasks.spawn(writer.run());
    Reader::new(app, session.person, mailbox, stream, answers, stop).run().await;
}

fn close_message(why: Close) -> Message {
    Message::Close(Some(CloseFrame { code: why.code(), reason: "".into() }))
}
