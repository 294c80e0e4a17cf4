//! The task that reads: one frame at a time, done to its end before the next is read.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use shared::code::{Close, Code};
use shared::frame::{ClientFrame, ServerFrame};
use shared::id::{ClientId, ConversationId, Seq};
use shared::model::{List, Person};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::decode::{self, NotUnderstood};
use super::{Answer, writer};
use crate::access;
use crate::actions::welcome::Hello;
use crate::actions::{deeds, find, history, read};
use crate::app::App;
use crate::error::Error;
use crate::hub::Mailbox;
use crate::limits::FramePace;

/// The hello comes within this time.
const GREETING: Duration = Duration::from_secs(10);
/// A connection that says nothing for so long, not even a ping, is gone.
const SILENCE: Duration = Duration::from_mins(2);

/// What came out of the socket.
pub(super) enum Heard {
    /// A message.
    Said(Message),
    /// The connection is over: `None` when nobody is there to be told why.
    Over(Option<Close>),
}

/// The next message, or why there is none.
pub(super) async fn hear(stream: &mut SplitStream<WebSocket>, deadline: Instant) -> Heard {
    match tokio::time::timeout_at(deadline, stream.next()).await {
        Ok(Some(Ok(Message::Close(_)))) => {
            // The library answers a close with its own while it reads on.
            let _ = tokio::time::timeout(Duration::from_secs(1), stream.next()).await;
            Heard::Over(None)
        }
        Ok(None) => Heard::Over(None),
        Ok(Some(Ok(message))) => Heard::Said(message),
        Ok(Some(Err(error))) => Heard::Over(fault_of_theirs(error)),
        Err(_) => Heard::Over(Some(Close::GoingAway)),
    }
}

/// Until when a connection that has just said something may be silent.
pub(super) fn silence() -> Instant {
    Instant::now() + SILENCE
}

fn fault_of_theirs(error: axum::Error) -> Option<Close> {
    use tungstenite::Error as Ws;
    match error.into_inner().downcast_ref::<Ws>() {
        Some(Ws::Capacity(_)) => Some(Close::TooBig),
        Some(Ws::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => None,
        Some(Ws::Protocol(_) | Ws::Utf8(_)) => Some(Close::ProtocolError),
        _ => None,
    }
}

/// All that the reading task owns.
pub(super) struct Reader {
    app: Arc<App>,
    me: Person,
    mailbox: Arc<Mailbox>,
    stream: SplitStream<WebSocket>,
    answers: mpsc::Sender<Answer>,
    ended: CancellationToken,
    pace: FramePace,
    greeted: bool,
}

/// The writer is gone.
struct Gone;

impl Reader {
    pub(super) fn new(
        app: Arc<App>,
        me: Person,
        mailbox: Arc<Mailbox>,
        stream: SplitStream<WebSocket>,
        answers: mpsc::Sender<Answer>,
        ended: CancellationToken,
    ) -> Self {
        Self { app, me, mailbox, stream, answers, ended, pace: FramePace::default(), greeted: false }
    }

    /// Reads until the connection ends. A frame that has begun is done to its end: what it stored gets announced.
    pub(super) async fn run(mut self) {
        let greeting = Instant::now() + GREETING;
        let ended = self.ended.clone();
        loop {
            let deadline = if self.greeted { silence() } else { greeting };
            let heard = tokio::select! {
                biased;
                () = ended.cancelled() => return,
                heard = hear(&mut self.stream, deadline) => heard,
            };
            let done = match heard {
                Heard::Said(message) => self.message(message).await,
                Heard::Over(why) => {
                    if let Some(why) = why {
                        let _ = self.answers.send(Answer::Close(why)).await;
                    }
                    return;
                }
            };
            if done.is_err() {
                return;
            }
        }
    }

    async fn message(&mut self, message: Message) -> Result<(), Gone> {
        let frame = match message {
            Message::Text(text) => decode::decode(&text),
            Message::Binary(_) => Err(NotUnderstood { client_id: None, code: Code::Malformed }),
            // The library has answered a ping already; a flood of them is slowed down like anything else.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => {
                return self.wait(self.pace.turn()).await;
            }
        };
        // A deed waits for its author's turn; everything else for that of the connection.
        match &frame {
            Ok(ClientFrame::Do { .. }) => self.wait(self.app.pace.turn(self.me.id)).await?,
            _ => self.wait(self.pace.turn()).await?,
        }
        match frame {
            Ok(frame) => self.frame(frame).await,
            Err(NotUnderstood { client_id, code }) => self.refuse(client_id, &Error::Refused(code)).await,
        }
    }

    async fn frame(&mut self, frame: ClientFrame) -> Result<(), Gone> {
        match frame {
            ClientFrame::Hello { level, epoch, cursors } if !self.greeted => {
                self.greeted = true;
                let answer = match level {
                    0 => Answer::Close(Close::Outdated),
                    _ => Answer::Hello(Hello { epoch, cursors: cursors.into_vec() }),
                };
                self.answers.send(answer).await.map_err(|_| Gone)
            }
            ClientFrame::Ping => self.answer(ServerFrame::Pong).await,
            // A second hello, or another frame before the first.
            _ if !self.greeted => self.refuse(None, &Error::Refused(Code::Malformed)).await,
            ClientFrame::Hello { .. } => self.refuse(None, &Error::Refused(Code::Malformed)).await,
            ClientFrame::Do { client_id, deed } => {
                match deeds::perform(&self.app, &self.me, client_id, deed).await {
                    Ok((conversation, seq)) => {
                        self.answer(ServerFrame::Done { client_id, conversation, seq }).await
                    }
                    Err(error) => self.refuse(Some(client_id), &error).await,
                }
            }
            asked => match self.ask(asked).await {
                Ok(Some(frame)) => self.answer(frame).await,
                Ok(None) => Ok(()),
                Err(error) => self.refuse(None, &error).await,
            },
        }
    }

    /// What only reads, or moves a marker; `None` when the answer comes another way.
    async fn ask(&self, frame: ClientFrame) -> Result<Option<ServerFrame>, Error> {
        match frame {
            ClientFrame::Read { conversation, seq } => {
                let marker = read::read_up_to(&self.app, self.me.id, conversation, seq).await?;
                // One that moved is told to all connections of this person, this one among them.
                Ok((!marker.moved).then(|| writer::read(marker)))
            }
            ClientFrame::Page { conversation, before, limit } => {
                let member = access::member(&self.app, self.me.id, conversation).await?;
                history::page(&self.app, member, before, limit).await.map(Some)
            }
            ClientFrame::CatchUp { conversation, after } => self.catch_up(conversation, after).await,
            ClientFrame::People { ids } => {
                let people = find::people(&self.app, ids.into_vec()).await?;
                Ok(Some(ServerFrame::People { people: List::first(people) }))
            }
            ClientFrame::Hello { .. } | ClientFrame::Do { .. } | ClientFrame::Ping => Ok(None),
        }
    }

    async fn catch_up(&self, conversation: ConversationId, after: Seq) -> Result<Option<ServerFrame>, Error> {
        let member = access::member(&self.app, self.me.id, conversation).await?;
        self.mailbox.post(|news| {
            let rewind = news.rewinds.entry(member.conversation()).or_insert(after);
            *rewind = after.min(*rewind);
        });
        Ok(None)
    }

    async fn refuse(&self, client_id: Option<ClientId>, error: &Error) -> Result<(), Gone> {
        error.log();
        let (code, retry_after) = (error.code(), error.retry_after_ms());
        self.answer(ServerFrame::Refused { client_id, conversation: None, code, retry_after }).await
    }

    async fn answer(&self, frame: ServerFrame) -> Result<(), Gone> {
        self.answers.send(Answer::Frame(frame)).await.map_err(|_| Gone)
    }

    /// Waits for a turn, unless the connection ends before.
    async fn wait(&self, turn: impl Future<Output = ()>) -> Result<(), Gone> {
        tokio::select! {
            biased;
            () = self.ended.cancelled() => Err(Gone),
            () = turn => Ok(()),
        }
    }
}
