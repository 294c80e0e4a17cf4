//! The writing half of a socket: many messages in one write, and an end when nothing goes through any more.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes};
use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use shared::code::Close;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Socket, close_message};
use crate::listen::Wire;

/// Bytes that are written before the socket must have taken them.
pub(super) const CREDIT: usize = 64 * 1024;
/// A socket that takes not one byte for so long is given up.
const STUCK: Duration = Duration::from_secs(30);

/// The last words go out and arrive within this time, or not at all: what was written before them goes out with them,
/// and nothing may a second after a session was revoked.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Why nothing more can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WriteError {
    /// The connection is gone.
    Gone,
    /// The other side has taken nothing for 30 s.
    Stuck,
    /// The connection is to end now, whatever was being written.
    Ended,
}

/// Where frames go out.
pub(super) struct Outlet<S> {
    sink: SplitSink<S, Message>,
    wire: Arc<Wire>,
    ended: CancellationToken,
    unflushed: usize,
}

impl<S: Socket> Outlet<S> {
    pub(super) fn new(sink: SplitSink<S, Message>, wire: Arc<Wire>, ended: CancellationToken) -> Self {
        Self { sink, wire, ended, unflushed: 0 }
    }

    /// Adds a text frame to what is to be written; writes when that is as much as the credit.
    pub(super) async fn feed(&mut self, frame: Utf8Bytes) -> Result<(), WriteError> {
        self.feed_message(Message::Text(frame)).await
    }

    /// Adds any message.
    pub(super) async fn feed_message(&mut self, message: Message) -> Result<(), WriteError> {
        self.unflushed += size(&message);
        progress(&self.wire, &self.ended, self.sink.feed(message)).await?;
        if self.unflushed >= CREDIT { self.flush().await } else { Ok(()) }
    }

    /// Whether the socket takes nothing at this moment; for planted faults, which do not wait for it.
    #[cfg(feature = "sim")]
    pub(super) fn is_full(&mut self) -> bool {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        self.sink.poll_ready_unpin(&mut context).is_pending()
    }

    /// Writes all there is.
    pub(super) async fn flush(&mut self) -> Result<(), WriteError> {
        if self.unflushed > 0 {
            progress(&self.wire, &self.ended, self.sink.flush()).await?;
            self.unflushed = 0;
        }
        Ok(())
    }

    /// Says why, and ends. The other side has a second to read that: the socket lingers.
    pub(super) async fn close(mut self, why: Close) {
        let until = Instant::now() + LAST_WORDS;
        self.wire.linger(until);
        // Whoever takes nothing does not get to know why, either.
        let _ = tokio::time::timeout_at(until, self.sink.send(close_message(why))).await;
    }
}

/// Waits for `writing` as long as bytes leave the machine.
async fn progress<E>(
    wire: &Wire,
    ended: &CancellationToken,
    writing: impl Future<Output = Result<(), E>>,
) -> Result<(), WriteError> {
    let mut writing = pin!(writing);
    let mut written = wire.written();
    loop {
        tokio::select! {
            biased;
            () = ended.cancelled() => return Err(WriteError::Ended),
            done = &mut writing => return done.map_err(|_| WriteError::Gone),
            () = tokio::time::sleep(STUCK) => {
                let before = std::mem::replace(&mut written, wire.written());
                if before == written {
                    return Err(WriteError::Stuck);
                }
            }
        }
    }
}

/// Roughly the bytes on the wire; never 0, for an empty message is written too.
fn size(message: &Message) -> usize {
    let payload = match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    };
    payload + 4
}
