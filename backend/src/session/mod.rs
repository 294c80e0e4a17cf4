//! A connection at `/ws`: one task that reads, one that writes, and how they end together.

mod cursor;
mod decode;
mod ear;
mod echo;
mod outlet;
mod reader;
mod welcome;
mod writer;

use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message};
use futures_util::{Sink, Stream, StreamExt as _};
use shared::code::Close;
use shared::frame::ServerFrame;
use shared::id::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::app::App;
use crate::hub::Seat;
use crate::listen::Wire;
use crate::store::{SecretHash, Session, StoreError};

pub use echo::{ECHO_BYTES, ECHOES, ECHOES_EACH, echo};
pub(crate) use welcome::LARGE;

use ear::Ear;
use outlet::Outlet;
use reader::Reader;
use welcome::Hello;
use writer::Writer;

/// What carries messages both ways: a WebSocket, or what a simulator puts in its place.
pub trait Socket:
    Stream<Item = Result<Message, axum::Error>> + Sink<Message, Error = axum::Error> + Unpin + Send + 'static
{
}

impl<S> Socket for S where
    S: Stream<Item = Result<Message, axum::Error>>
        + Sink<Message, Error = axum::Error>
        + Unpin
        + Send
        + 'static
{
}

/// Answers that wait for the writer. When they are full, the reader stops reading: the client is slowed down.
const ANSWERS: usize = 16;

/// What the reader hands to the writer.
enum Answer {
    /// A frame for this connection alone.
    Frame(ServerFrame),
    /// A page, which may be large: the next one is not read from the store before this one is written.
    Page(ServerFrame, OwnedSemaphorePermit),
    /// The hello, to be answered with the welcome.
    Hello(Hello),
    /// The end, with its reason.
    Close(Close),
}

/// Serves one signed-in connection until it ends.
pub async fn serve(app: Arc<App>, session: Session, token: SecretHash, socket: impl Socket, wire: Arc<Wire>) {
    let (sink, stream) = socket.split();
    let stop = app.stop.child_token();
    let ear = Ear::new(stream, Arc::clone(&wire));
    let outlet = Outlet::new(sink, wire, stop.clone());
    // First take a seat, then look again: a session that ends in between is heard of by one or the other.
    let Ok(seat) = Seat::take(&app.hub, session.person.id, session.id, stop.clone()) else {
        return outlet.close(Close::TryLater).await;
    };
    if let Err(error) = app.store.session(token, Timestamp(0)).await {
        return outlet.close(not_let_in(&error)).await;
    }
    let mailbox = Arc::clone(seat.mailbox());
    match app.store.habits(session.person.id).await {
        Ok(habits) => mailbox.learn(habits),
        Err(error) => return outlet.close(not_let_in(&error)).await,
    }
    let (answers, answered) = mpsc::channel(ANSWERS);
    let writer = Writer::new(Arc::clone(&app), session.person.clone(), seat, outlet, answered, stop.clone());
    app.tasks.spawn(writer.run());
    Reader::new(app, session.person, mailbox, ear, answers, stop).run().await;
}

/// Clients wipe what they keep when they hear that a session was revoked: nothing else may be called that.
fn not_let_in(error: &StoreError) -> Close {
    if matches!(error, StoreError::NotFound) {
        return Close::Revoked;
    }
    tracing::error!(%error, "closed a connection, for its session could not be read: {error}");
    Close::TryLater
}

fn close_message(why: Close) -> Message {
    Message::Close(Some(CloseFrame { code: why.code(), reason: "".into() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_session_that_is_gone_counts_as_revoked() {
        assert_eq!(not_let_in(&StoreError::NotFound), Close::Revoked);
        assert_eq!(not_let_in(&StoreError::Full), Close::TryLater);
        assert_eq!(not_let_in(&StoreError::Fault("disk I/O error".to_owned())), Close::TryLater);
    }
}
