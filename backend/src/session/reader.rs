//! The task that reads: one frame at a time, done to its end before the next is read.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Message;
use futures_util::stream::SplitStream;
use shared::code::{Close, Code};
use shared::frame::{ClientFrame, ENTRIES, Fault, ServerFrame};
use shared::id::{ConversationId, Seq};
use shared::model::{List, Person};
use shared::own::Own;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::decode::{self, NotUnderstood, Subject};
use super::ear::{Ear, Heard};
use super::welcome::Hello;
use super::{Answer, Socket, writer};
use crate::access;
use crate::actions::{deeds, find, history, lively, own, read};
use crate::app::App;
use crate::error::Error;
use crate::hub::Mailbox;
use crate::limits::FramePace;
use crate::meter;

/// The hello comes within this time.
const GREETING: Duration = Duration::from_secs(10);

/// All that the reading task owns.
pub(super) struct Reader<S> {
    app: Arc<App>,
    me: Person,
    mailbox: Arc<Mailbox>,
    ear: Ear<SplitStream<S>>,
    answers: mpsc::Sender<Answer>,
    ended: CancellationToken,
    pace: FramePace,
    controls: FramePace,
    refreshes: FramePace,
    /// That of the frames of the moment.
    lively: FramePace,
    /// Its one permit goes with a page until that is written.
    pages: Arc<Semaphore>,
    greeted: bool,
}

/// The writer is gone.
struct Gone;

impl<S: Socket> Reader<S> {
    pub(super) fn new(
        app: Arc<App>,
        me: Person,
        mailbox: Arc<Mailbox>,
        ear: Ear<SplitStream<S>>,
        answers: mpsc::Sender<Answer>,
        ended: CancellationToken,
    ) -> Self {
        let pages = Arc::new(Semaphore::new(1));
        Self {
            app,
            me,
            mailbox,
            ear,
            answers,
            ended,
            pace: FramePace::default(),
            controls: FramePace::controls(),
            refreshes: FramePace::refreshes(),
            lively: FramePace::lively(),
            pages,
            greeted: false,
        }
    }

    /// Reads until the connection ends. A frame that has begun is done to its end: what it stored gets announced.
    pub(super) async fn run(mut self) {
        let greeting = Instant::now() + GREETING;
        let ended = self.ended.clone();
        loop {
            let next = async {
                if self.greeted { self.ear.hear().await } else { self.ear.hear_until(greeting).await }
            };
            let heard = tokio::select! {
                biased;
                () = ended.cancelled() => return,
                heard = next => heard,
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
        self.mailbox.heard();
        let frame = match message {
            Message::Text(text) => decode::decode(&text),
            Message::Binary(_) => Err(NotUnderstood { subject: Subject::default(), code: Code::Malformed }),
            // The library has answered a ping already; a flood of them is slowed down.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => {
                return self.wait(self.controls.turn()).await;
            }
        };
        // A deed waits for its author's turn; everything else for that of the connection.
        match &frame {
            Ok(ClientFrame::Do { .. } | ClientFrame::Draft { .. }) => {
                self.wait(self.app.pace.turn(self.me.id)).await?;
            }
            _ => self.wait(self.pace.turn()).await?,
        }
        match frame {
            Ok(frame) => self.frame(frame).await,
            Err(NotUnderstood { subject, code }) => self.refuse(subject, &Error::Refused(code)).await,
        }
    }

    async fn frame(&mut self, frame: ClientFrame) -> Result<(), Gone> {
        let subject = Subject::of(&frame);
        match frame {
            ClientFrame::Hello { level, epoch, cursors, own } if !self.greeted => {
                self.greeted = true;
                let answer = match level {
                    0 => Answer::Close(Close::Outdated),
                    _ => Answer::Hello(Hello { level, epoch, cursors: cursors.into_vec(), own }),
                };
                self.answers.send(answer).await.map_err(|_| Gone)
            }
            ClientFrame::Ping => self.answer(ServerFrame::Pong).await,
            // Another frame before the first hello, or a second one.
            _ if !self.greeted => self.refuse(subject, &Error::Refused(Code::Malformed)).await,
            ClientFrame::Hello { .. } => self.refuse(subject, &Error::Refused(Code::Malformed)).await,
            ClientFrame::Do { client_id, deed } if deed.is_own() => {
                match own::perform(&self.app, &self.me, client_id, deed).await {
                    Ok(version) => self.answer(ServerFrame::Kept { client_id, version }).await,
                    Err(error) => self.refuse(subject, &error).await,
                }
            }
            ClientFrame::Do { client_id, deed } => {
                match deeds::perform(&self.app, &self.me, client_id, deed).await {
                    Ok((conversation, seq)) => {
                        self.answer(ServerFrame::Done { client_id, conversation, seq }).await
                    }
                    Err(error) => self.refuse(subject, &error).await,
                }
            }
            ClientFrame::Page { conversation, before, limit } => {
                let turn = self.wait(Arc::clone(&self.pages).acquire_owned()).await?.map_err(|_| Gone)?;
                match self.page(conversation, before, limit).await {
                    Ok(page) => self.answers.send(Answer::Page(page, turn)).await.map_err(|_| Gone),
                    Err(error) => self.refuse(subject, &error).await,
                }
            }
            // As large as a page can be, and so one at a time like pages.
            ClientFrame::Entries { conversation, seqs } => {
                let turn = self.wait(Arc::clone(&self.pages).acquire_owned()).await?.map_err(|_| Gone)?;
                match self.entries(conversation, seqs).await {
                    Ok(entries) => self.answers.send(Answer::Page(entries, turn)).await.map_err(|_| Gone),
                    Err(error) => self.refuse(subject, &error).await,
                }
            }
            ClientFrame::Watch { .. } | ClientFrame::Typing { .. } | ClientFrame::Got { .. } => {
                self.wait(self.lively.turn()).await?;
                match self.live(frame).await {
                    Ok(()) => Ok(()),
                    Err(error) => self.refuse(subject, &error).await,
                }
            }
            asked => {
                if matches!(asked, ClientFrame::Refresh { .. }) {
                    self.wait(self.refreshes.turn()).await?;
                }
                match self.ask(asked).await {
                    Ok(Some(frame)) => self.answer(frame).await,
                    Ok(None) => Ok(()),
                    Err(error) => self.refuse(subject, &error).await,
                }
            }
        }
    }

    /// What only reads, or moves a marker; `None` when the answer comes another way.
    async fn ask(&self, frame: ClientFrame) -> Result<Option<ServerFrame>, Error> {
        match frame {
            ClientFrame::Read { conversation, seq } => {
                let marker = read::read_up_to(&self.app, self.me.id, conversation, seq).await?;
                if marker.moved && self.mailbox.habits().receipts {
                    lively::read_on(&self.app, self.me.id, conversation);
                }
                // One that moved is told to all connections of this person, this one among them.
                Ok((!marker.moved).then(|| writer::read(marker)))
            }
            ClientFrame::Draft { conversation, thread, text, reply, base } => {
                let draft = Own::Draft { conversation, thread, text, reply };
                if !own::keep_draft(&self.app, self.me.id, draft, base).await? {
                    // The newer one is the answer, if it has not gone out already.
                    self.mailbox.post(|news| news.own = true);
                }
                Ok(None)
            }
            ClientFrame::CatchUp { conversation, after } => self.catch_up(conversation, after).await,
            ClientFrame::Refresh { conversation, fault } => self.refresh(conversation, fault).await,
            ClientFrame::People { ids } => {
                let people = find::people(&self.app, ids.into_vec()).await?;
                Ok(Some(ServerFrame::People { people: List::first(people) }))
            }
            ClientFrame::Hello { .. }
            | ClientFrame::Do { .. }
            | ClientFrame::Page { .. }
            | ClientFrame::Entries { .. }
            | ClientFrame::Watch { .. }
            | ClientFrame::Typing { .. }
            | ClientFrame::Got { .. }
            | ClientFrame::Ping => Ok(None),
        }
    }

    /// What is of the moment: nothing answers.
    async fn live(&self, frame: ClientFrame) -> Result<(), Error> {
        let habits = self.mailbox.habits();
        match frame {
            ClientFrame::Watch { conversation } => {
                let member = access::member(&self.app, self.me.id, conversation).await?;
                self.mailbox.post(|news| news.watch(member.conversation()));
            }
            ClientFrame::Typing { conversation } => {
                let member = access::member(&self.app, self.me.id, conversation).await?;
                if habits.typing {
                    lively::typing(&self.app, member).await;
                }
            }
            ClientFrame::Got { places } if habits.receipts => {
                lively::got(&self.app, self.me.id, places.into_vec());
            }
            _ => {}
        }
        Ok(())
    }

    async fn page(
        &self,
        conversation: ConversationId,
        before: Option<Seq>,
        limit: u16,
    ) -> Result<ServerFrame, Error> {
        let member = access::member(&self.app, self.me.id, conversation).await?;
        history::page(&self.app, member, before, limit).await
    }

    async fn entries(
        &self,
        conversation: ConversationId,
        seqs: List<Seq, ENTRIES>,
    ) -> Result<ServerFrame, Error> {
        let member = access::member(&self.app, self.me.id, conversation).await?;
        history::entries(&self.app, member, seqs).await
    }

    async fn catch_up(&self, conversation: ConversationId, after: Seq) -> Result<Option<ServerFrame>, Error> {
        let member = access::member(&self.app, self.me.id, conversation).await?;
        self.mailbox.post(|news| {
            let rewind = news.rewinds.entry(member.conversation()).or_insert(after);
            *rewind = after.min(*rewind);
        });
        Ok(None)
    }

    /// What a client holds of a conversation is wrong, or stays behind: it loads it afresh.
    async fn refresh(
        &self,
        conversation: ConversationId,
        fault: Fault,
    ) -> Result<Option<ServerFrame>, Error> {
        let member = access::member(&self.app, self.me.id, conversation).await?;
        meter::wrong_copy(fault);
        tracing::warn!(user.id = %self.me.id, %conversation, ?fault, "a client's copy of conversation {conversation} was wrong");
        self.mailbox.post(|news| news.refreshes.insert(member.conversation()));
        Ok(None)
    }

    async fn refuse(&self, subject: Subject, error: &Error) -> Result<(), Gone> {
        error.log();
        let Subject { client_id, conversation } = subject;
        let (code, retry_after) = (error.code(), error.retry_after_ms());
        meter::refused(code);
        self.answer(ServerFrame::Refused { client_id, conversation, code, retry_after }).await
    }

    async fn answer(&self, frame: ServerFrame) -> Result<(), Gone> {
        self.answers.send(Answer::Frame(frame)).await.map_err(|_| Gone)
    }

    /// Waits for a turn, unless the connection ends before.
    async fn wait<T>(&self, turn: impl Future<Output = T>) -> Result<T, Gone> {
        tokio::select! {
            biased;
            () = self.ended.cancelled() => Err(Gone),
            turn = turn => Ok(turn),
        }
    }
}
