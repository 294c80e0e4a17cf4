//! The reading half of a socket: the next message, or why there is none.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::extract::ws::Message;
use futures_util::{Stream, StreamExt as _};
use shared::code::Close;
use tokio::time::Instant;

use crate::listen::Wire;

/// A connection that says nothing for so long, not even a ping, is gone.
const SILENCE: Duration = Duration::from_mins(2);
/// A message is there as a whole within this time after its first byte. The library puts fragments together by itself
/// and shows none of them: without a bound a message of endless empty ones would pass for a connection that lives.
const WHOLE: Duration = Duration::from_secs(30);
/// What a client's ping or pong has on the wire besides its payload: two bytes of head, four of mask.
const AROUND_A_PING: u64 = 6;

/// What came out of the socket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A message.
    Said(Message),
    /// The connection is over: `None` when nobody is there to be told why.
    Over(Option<Close>),
}

/// Hears messages.
pub(super) struct Ear<S> {
    stream: S,
    wire: Arc<Wire>,
    /// So many bytes belong to messages that were heard.
    heard: u64,
    /// When the first byte of a message came that is not there as a whole.
    begun: Option<Instant>,
}

/// What is known while a message is waited for.
enum Known {
    Next(Option<Result<Message, axum::Error>>),
    Begun,
}

impl<S: Stream<Item = Result<Message, axum::Error>> + Unpin> Ear<S> {
    pub(super) fn new(stream: S, wire: Arc<Wire>) -> Self {
        let heard = wire.read();
        Self { stream, wire, heard, begun: None }
    }

    /// The next message, unless the connection is silent for too long.
    pub(super) async fn hear(&mut self) -> Heard {
        self.hear_until(Instant::now() + SILENCE).await
    }

    /// The next message, if one comes until then.
    pub(super) async fn hear_until(&mut self, deadline: Instant) -> Heard {
        let Ok(Some(next)) = tokio::time::timeout_at(deadline, self.next()).await else {
            return Heard::Over(Some(Close::GoingAway));
        };
        match next {
            Some(Ok(Message::Close(_))) => {
                // The library answers a close with its own while it reads on.
                let _ = tokio::time::timeout(Duration::from_secs(1), self.stream.next()).await;
                Heard::Over(None)
            }
            Some(Ok(message)) => {
                self.account(&message);
                Heard::Said(message)
            }
            Some(Err(error)) => Heard::Over(fault_of_theirs(error)),
            None => Heard::Over(None),
        }
    }

    /// What the stream says next; `None` when a message that has begun does not come to its end.
    async fn next(&mut self) -> Option<Option<Result<Message, axum::Error>>> {
        if self.begun.is_none() {
            match self.next_or_begun().await {
                Known::Next(next) => return Some(next),
                Known::Begun => self.begun = Some(Instant::now()),
            }
        }
        let due = self.begun.map_or_else(Instant::now, |begun| begun + WHOLE);
        tokio::time::timeout_at(due, self.stream.next()).await.ok()
    }

    /// Looks at the wire whenever the stream has read all there was: an idle connection costs no timer of its own.
    async fn next_or_begun(&mut self) -> Known {
        let Self { stream, wire, heard, .. } = self;
        poll_fn(|context| match stream.poll_next_unpin(context) {
            Poll::Ready(next) => Poll::Ready(Known::Next(next)),
            Poll::Pending if wire.read() > *heard => Poll::Ready(Known::Begun),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// A ping may come between fragments, so it is no end of a message: only its own bytes are accounted for.
    fn account(&mut self, message: &Message) {
        let read = self.wire.read();
        self.heard = match message {
            Message::Ping(payload) | Message::Pong(payload) => {
                read.min(self.heard + payload.len() as u64 + AROUND_A_PING)
            }
            _ => read,
        };
        if self.heard == read {
            self.begun = None;
        }
    }
}

fn fault_of_theirs(error: axum::Error) -> Option<Close> {
    use tungstenite::Error as Ws;
    match error.into_inner().downcast_ref::<Ws>() {
        Some(Ws::Capacity(_)) => Some(Close::TooBig),
        Some(Ws::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => None,
        Some(Ws::Protocol(_)) => Some(Close::ProtocolError),
        Some(Ws::Utf8(_)) => Some(Close::NotText),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    /// Says these messages, each after so many seconds and so many bytes, and then reads a byte a second for ever.
    fn ear(said: Vec<(u64, u64, Message)>) -> Ear<impl Stream<Item = Result<Message, axum::Error>> + Unpin> {
        let wire = Arc::new(Wire::default());
        let socket = Arc::clone(&wire);
        let stream = stream::unfold(said.into_iter(), move |mut said| {
            let wire = Arc::clone(&socket);
            async move {
                let Some((seconds, bytes, message)) = said.next() else {
                    loop {
                        wire.count_read(1);
                        tokio::time::sleep(Duration::from_secs(1)).await;
                    }
                };
                for _ in 0..seconds {
                    wire.count_read(bytes / seconds);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Some((Ok(message), said))
            }
        });
        Ear::new(Box::pin(stream), wire)
    }

    async fn over_after(mut ear: Ear<impl Stream<Item = Result<Message, axum::Error>> + Unpin>) -> Duration {
        let begun = Instant::now();
        while let Heard::Said(_) = ear.hear().await {}
        begun.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_never_ends_is_given_up_also_when_pings_come_between() {
        assert_eq!(over_after(ear(Vec::new())).await, WHOLE);
        // Six bytes of each are its own, the others those of a fragment.
        let ping = || (5, 10, Message::Ping(Vec::new().into()));
        assert_eq!(over_after(ear((0..20).map(|_| ping()).collect())).await, WHOLE);
    }

    #[tokio::test(start_paused = true)]
    async fn slow_messages_and_pings_alone_are_no_such_message() {
        let slow = (20, 20_000, Message::text("slow"));
        let said = Duration::from_secs(20 * 10);
        assert_eq!(over_after(ear(vec![slow; 10])).await, said + WHOLE);
        // A ping as clients send them to keep a connection: all of its bytes are its own.
        let pings = (0..10).map(|_| (2, 6, Message::Ping(Vec::new().into())));
        assert_eq!(over_after(ear(pings.collect())).await, Duration::from_secs(2 * 10) + WHOLE);
    }
}
