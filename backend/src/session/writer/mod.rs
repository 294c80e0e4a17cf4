//! The task that writes: wakes, takes what its cursors lack, writes it in few calls, sleeps.

mod check;
mod deliver;
mod lively;
mod own;
#[cfg(feature = "sim")]
mod planted;
mod sweep;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use shared::code::{Close, Code};
use shared::frame::ServerFrame;
use shared::id::{ConversationId, Seq};
use shared::model::Person;
use shared::plant::{Plant, is_planted};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::own::OwnCursor;
use super::cursor::Cursor;
use super::outlet::{Outlet, WriteError};
use super::welcome::{self, Hello};
use super::{Answer, Socket};
use crate::app::App;
use crate::hub::{News, Seat, encode};
use crate::meter;
use crate::store::{Listed, ReadMarker, StoreError};

/// Why the task ends.
enum End {
    /// With a close frame.
    Close(Close),
    /// Because the hub or the server asks for it: the mailbox knows why.
    Asked,
    /// The connection is gone already.
    Gone,
}

impl From<WriteError> for End {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Gone => Self::Gone,
            WriteError::Ended => Self::Asked,
            WriteError::Stuck => Self::Close(Close::TooSlow),
        }
    }
}

/// All that the writing task owns.
pub(super) struct Writer<S> {
    app: Arc<App>,
    me: Person,
    seat: Seat,
    outlet: Outlet<S>,
    answers: mpsc::Receiver<Answer>,
    ended: CancellationToken,
    cursors: BTreeMap<ConversationId, Cursor>,
    pending: BTreeSet<ConversationId>,
    /// The conversation that had its turn last: the next one goes first.
    served: Option<ConversationId>,
    /// Conversations whose next change has not been heard of yet.
    holes: BTreeSet<ConversationId>,
    /// Conversations that the client wants again from after a place, as soon as it may.
    rewinds: BTreeMap<ConversationId, Seq>,
    /// When to look after the holes and rewinds.
    look_again: Option<Instant>,
    /// When to look whether news were lost: only where they can be.
    sweep: Option<Instant>,
    /// When to let the client compare its copy of a conversation.
    check: Option<Instant>,
    /// The conversation that was checked last: the next one is the next.
    checked: Option<ConversationId>,
    /// Where the client has its person's own state, if it wants that.
    own: Option<OwnCursor>,
    welcomed: bool,
}

impl<S: Socket> Writer<S> {
    pub(super) fn new(
        app: Arc<App>,
        me: Person,
        seat: Seat,
        outlet: Outlet<S>,
        answers: mpsc::Receiver<Answer>,
        ended: CancellationToken,
    ) -> Self {
        Self {
            app,
            me,
            seat,
            outlet,
            answers,
            ended,
            cursors: BTreeMap::new(),
            pending: BTreeSet::new(),
            served: None,
            holes: BTreeSet::new(),
            rewinds: BTreeMap::new(),
            look_again: None,
            sweep: None,
            check: None,
            checked: None,
            own: None,
            welcomed: false,
        }
    }

    /// Writes until the connection ends, then ends the reader too.
    pub(super) async fn run(mut self) {
        let end = loop {
            if let Err(end) = self.turn().await {
                break end;
            }
        };
        let why = match end {
            End::Close(why) => Some(why),
            End::Asked => Some(self.seat.mailbox().why()),
            End::Gone => None,
        };
        self.ended.cancel();
        if why == Some(Close::TooSlow) {
            meter::slow_reader();
        }
        if let Some(why) = why {
            self.outlet.close(why).await;
        }
    }

    async fn turn(&mut self) -> Result<(), End> {
        self.wait().await?;
        while let Ok(answer) = self.answers.try_recv() {
            self.answer(answer).await?;
        }
        if self.welcomed {
            self.read_news().await?;
            self.advance_own().await?;
            if let Some(conversation) = self.next_pending() {
                self.advance(conversation).await?;
            }
        }
        if !self.has_pending() {
            self.outlet.flush().await?;
        }
        Ok(())
    }

    fn has_pending(&self) -> bool {
        !self.pending.is_empty() || self.own.is_some_and(|own| own.is_behind)
    }

    /// Returns when there is something to write. Never waits while something is pending.
    async fn wait(&mut self) -> Result<(), End> {
        if self.has_pending() {
            return if self.ended.is_cancelled() { Err(End::Asked) } else { Ok(()) };
        }
        let look_again = self.look_again.unwrap_or_else(Instant::now);
        let sweep = self.sweep.unwrap_or_else(Instant::now);
        let check = self.check.unwrap_or_else(Instant::now);
        tokio::select! {
            biased;
            () = self.ended.cancelled() => Err(End::Asked),
            answer = self.answers.recv() => match answer {
                Some(answer) => self.answer(answer).await,
                None => Err(End::Gone),
            },
            () = self.seat.mailbox().rung() => Ok(()),
            () = tokio::time::sleep_until(look_again), if self.look_again.is_some() => {
                self.look_again();
                Ok(())
            }
            () = tokio::time::sleep_until(sweep), if self.sweep.is_some() => self.sweep().await,
            () = tokio::time::sleep_until(check), if self.check.is_some() => self.check().await,
        }
    }

    async fn answer(&mut self, answer: Answer) -> Result<(), End> {
        match answer {
            Answer::Frame(frame) => self.outlet.feed(encode(&frame)).await?,
            Answer::Page(frame, _turn) => {
                self.outlet.feed(encode(&frame)).await?;
                self.outlet.flush().await?;
            }
            Answer::Close(why) => return Err(End::Close(why)),
            Answer::Hello(hello) => self.welcome(hello).await?,
        }
        Ok(())
    }

    async fn welcome(&mut self, hello: Hello) -> Result<(), End> {
        let level = hello.level;
        let own = OwnCursor::of(&hello, self.app.epoch);
        let app = Arc::clone(&self.app);
        let turn = tokio::select! {
            biased;
            () = self.ended.cancelled() => return Err(End::Asked),
            turn = async {
                // First their own pace, so that nobody who waits for that holds a place.
                app.hellos.turn(self.me.id).await;
                app.rush.hello().await
            } => turn,
        };
        let turn = match turn {
            // Whoever has gone while they waited is owed nothing.
            Ok(_) if self.answers.is_closed() && self.answers.is_empty() => return Err(End::Gone),
            Ok(turn) => turn,
            Err(pause) => return self.turn_away(pause).await,
        };
        let welcome = welcome::welcome(&app, &self.me, &mut self.seat, hello).await;
        // What was read is written at the client's pace, which is nobody else's.
        drop(turn);
        let (frame, cursors) = match welcome {
            Ok(welcome) => welcome,
            Err(error) => {
                error.log();
                return Err(End::Close(Close::TryLater));
            }
        };
        self.outlet.feed(frame).await?;
        for cursor in cursors {
            // Planted: what came between reading and subscribing is not looked for.
            if cursor.behind || !is_planted(Plant::FetchThenSubscribe) {
                self.pending.insert(cursor.conversation);
            }
            self.cursors.insert(cursor.conversation, cursor);
        }
        self.own = own;
        self.welcomed = true;
        // Looking mends what these planted faults break: with them, nobody does.
        if !is_planted(Plant::LostHints) {
            self.plan_sweep();
            if !is_planted(Plant::FetchThenSubscribe) {
                self.plan_checks(level);
            }
        }
        Ok(())
    }

    /// Too many came at once: says when to come back, and ends.
    async fn turn_away(&mut self, pause: Duration) -> Result<(), End> {
        meter::turned_away();
        let retry_after = u32::try_from(pause.as_millis()).ok();
        let busy =
            ServerFrame::Refused { client_id: None, conversation: None, code: Code::Busy, retry_after };
        self.outlet.feed(encode(&busy)).await?;
        Err(End::Close(Close::TryLater))
    }

    async fn read_news(&mut self) -> Result<(), End> {
        let News { conversations, members, reads, refreshes, rewinds, own, watches, typing, marks } =
            self.seat.mailbox().take();
        if own {
            self.own_changed();
        }
        for conversation in members {
            self.look_up_membership(conversation).await?;
        }
        for marker in reads.into_values() {
            let Some(cursor) = self.cursors.get_mut(&marker.conversation) else { continue };
            cursor.read_up_to = cursor.read_up_to.max(marker.seq);
            self.outlet.feed(encode(&read(marker))).await?;
        }
        for conversation in refreshes {
            // Its row is told like that of a new one.
            let was_here = self.cursors.remove(&conversation).is_some();
            self.look_up_membership(conversation).await?;
            if was_here && !self.cursors.contains_key(&conversation) {
                self.outlet.feed(encode(&ServerFrame::Gone { conversation })).await?;
            }
        }
        self.rewind(rewinds);
        // What somebody typed is told before what they said, and how far they came before that they left.
        self.tell_typing(typing).await?;
        self.tell_marks(marks).await?;
        for conversation in watches {
            self.watch(conversation).await?;
        }
        self.pending.extend(conversations);
        Ok(())
    }

    /// This person came into a conversation, left it, or sees another part of it.
    async fn look_up_membership(&mut self, conversation: ConversationId) -> Result<(), End> {
        // First subscribe, then read: what comes in between is in one or the other.
        self.seat.subscribe(conversation);
        let listed = match self.app.store.listed(self.me.id, conversation).await {
            Ok(listed) => Some(listed),
            Err(StoreError::NotFound) => None,
            Err(error) => return Err(unreadable(&error)),
        };
        match (self.cursors.get_mut(&conversation), listed) {
            (Some(cursor), Some(Listed { summary, membership })) => cursor.learn(membership, summary.head),
            // The store has what they lack up to their leaving.
            (Some(cursor), None) => cursor.behind = true,
            (None, Some(Listed { summary, membership })) => {
                self.cursors.insert(conversation, Cursor::at(&summary, membership));
                self.outlet.feed(encode(&ServerFrame::Conversation { summary })).await?;
            }
            (None, None) => {
                self.seat.unsubscribe(conversation);
                return Ok(());
            }
        }
        self.pending.insert(conversation);
        Ok(())
    }
}

fn unreadable(error: &StoreError) -> End {
    tracing::error!(%error, "closed a connection, for the store could not be read: {error}");
    End::Close(Close::TryLater)
}

/// A read marker as a frame.
pub(super) fn read(marker: ReadMarker) -> ServerFrame {
    let ReadMarker { conversation, seq, unread, mentions, as_of, moved: _ } = marker;
    ServerFrame::Read { conversation, seq, unread, mentions, as_of }
}
