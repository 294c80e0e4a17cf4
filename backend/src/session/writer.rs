//! The task that writes: wakes, takes what its cursors lack, writes it in few calls, sleeps.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use shared::code::Close;
use shared::frame::ServerFrame;
use shared::id::{ConversationId, Seq};
use shared::model::Person;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::outlet::{CREDIT, Outlet, WriteError};
use super::Answer;
use super::cursor::Cursor;
use crate::actions::welcome::{self, Hello};
use crate::app::App;
use crate::hub::{News, Seat, Taken, encode};
use crate::store::{ReadMarker, StoreError};

/// Changes that one read of the store brings.
const BATCH: usize = 200;
/// A change that others have overtaken on the way is waited for so long; then the store is asked.
const HOLE: Duration = Duration::from_millis(100);

/// Why the task ends.
enum End {
    /// With a close frame.
    Close(Close),
    /// The connection is gone already.
    Gone,
}

impl From<WriteError> for End {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Gone => Self::Gone,
            WriteError::Stuck => Self::Close(Close::TooSlow),
        }
    }
}

/// All that the writing task owns.
pub(super) struct Writer {
    app: Arc<App>,
    me: Person,
    seat: Seat,
    outlet: Outlet,
    answers: mpsc::Receiver<Answer>,
    ended: CancellationToken,
    cursors: BTreeMap<ConversationId, Cursor>,
    pending: BTreeSet<ConversationId>,
    /// The conversation that had its turn last: the next one goes first.
    served: Option<ConversationId>,
    holes: BTreeSet<ConversationId>,
    look_again: Option<Instant>,
    welcomed: bool,
}

impl Writer {
    pub(super) fn new(
        app: Arc<App>,
        me: Person,
        seat: Seat,
        outlet: Outlet,
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
            look_again: None,
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
        self.ended.cancel();
        if let End::Close(why) = end {
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
            if let Some(conversation) = self.next_pending() {
                self.advance(conversation).await?;
            }
        }
        if self.pending.is_empty() {
            self.outlet.flush().await?;
        }
        Ok(())
    }

    /// Returns when there is something to write. Never waits while conversations are pending.
    async fn wait(&mut self) -> Result<(), End> {
        if !self.pending.is_empty() {
            return if self.ended.is_cancelled() { Err(End::Close(Close::Restarting)) } else { Ok(()) };
        }
        let look_again = self.look_again.unwrap_or_else(Instant::now);
        tokio::select! {
            biased;
            () = self.ended.cancelled() => Err(End::Close(Close::Restarting)),
            answer = self.answers.recv() => match answer {
                Some(answer) => self.answer(answer).await,
                None => Err(End::Gone),
            },
            () = self.seat.mailbox().rung() => Ok(()),
            () = tokio::time::sleep_until(look_again), if self.look_again.is_some() => {
                self.stop_waiting_for_holes();
                Ok(())
            }
        }
    }

    async fn answer(&mut self, answer: Answer) -> Result<(), End> {
        match answer {
            Answer::Frame(frame) => self.outlet.feed(encode(&frame)).await?,
            Answer::Close(why) => return Err(End::Close(why)),
            Answer::Hello(hello) => self.welcome(hello).await?,
        }
        Ok(())
    }

    async fn welcome(&mut self, hello: Hello) -> Result<(), End> {
        let (frame, cursors) = match welcome::welcome(&self.app, &self.me, &mut self.seat, hello).await {
            Ok(welcome) => welcome,
            Err(error) => {
                error.log();
                return Err(End::Close(Close::TryLater));
            }
        };
        self.outlet.feed(frame).await?;
        for cursor in cursors {
            self.pending.insert(cursor.conversation);
            self.cursors.insert(cursor.conversation, cursor);
        }
        self.welcomed = true;
        Ok(())
    }

    async fn read_news(&mut self) -> Result<(), End> {
        let News { conversations, members, reads, rewinds, close } = self.seat.mailbox().take();
        if let Some(why) = close {
            return Err(End::Close(why));
        }
        // Before anything else: who has left must not get what came after.
        for conversation in members {
            self.look_up_membership(conversation).await?;
        }
        for marker in reads.into_values() {
            self.outlet.feed(encode(&read(marker))).await?;
        }
        let now = Instant::now();
        for (conversation, after) in rewinds {
            if let Some(cursor) = self.cursors.get_mut(&conversation) {
                cursor.rewind(after, now);
                self.pending.insert(conversation);
            }
        }
        self.pending.extend(conversations);
        Ok(())
    }

    /// This person came into a conversation, left it, or sees another part of it.
    async fn look_up_membership(&mut self, conversation: ConversationId) -> Result<(), End> {
        // First subscribe, then read: what comes in between is in one or the other.
        self.seat.subscribe(conversation);
        match self.app.store.listed(self.me.id, conversation).await {
            Ok(listed) => {
                if let Some(cursor) = self.cursors.get_mut(&conversation) {
                    cursor.membership = listed.membership;
                } else {
                    let cursor = Cursor::at(&listed.summary, listed.membership);
                    self.cursors.insert(conversation, cursor);
                    self.outlet.feed(encode(&ServerFrame::Conversation { summary: listed.summary })).await?;
                }
                self.pending.insert(conversation);
                Ok(())
            }
            Err(error) => self.without(conversation, &error),
        }
    }

    /// Goes on without a conversation that this person is no longer in; any other error ends the connection.
    fn without(&mut self, conversation: ConversationId, error: &StoreError) -> Result<(), End> {
        if !matches!(error, StoreError::NotFound) {
            tracing::error!(%error, "closed a connection, for the store could not be read: {error}");
            return Err(End::Close(Close::TryLater));
        }
        self.seat.unsubscribe(conversation);
        self.cursors.remove(&conversation);
        self.pending.remove(&conversation);
        self.holes.remove(&conversation);
        Ok(())
    }

    /// Each pending conversation in turn, so that a busy one does not starve the others.
    fn next_pending(&mut self) -> Option<ConversationId> {
        let after = self.served.map_or(Bound::Unbounded, Bound::Excluded);
        let next = self.pending.range((after, Bound::Unbounded)).next().or_else(|| self.pending.first()).copied()?;
        self.pending.remove(&next);
        self.served = Some(next);
        Some(next)
    }

    /// Writes some of what this conversation's cursor lacks; what is left stays pending.
    async fn advance(&mut self, conversation: ConversationId) -> Result<(), End> {
        let Some(cursor) = self.cursors.get_mut(&conversation) else { return Ok(()) };
        self.holes.remove(&conversation);
        if cursor.behind {
            return self.advance_from_store(conversation).await;
        }
        match self.app.hub.after(conversation, cursor.seq, CREDIT) {
            Taken::UpToDate => {}
            Taken::Frames(frames) => {
                self.deliver(conversation, frames).await?;
                self.pending.insert(conversation);
            }
            Taken::Behind => {
                cursor.behind = true;
                self.pending.insert(conversation);
            }
            Taken::Hole => {
                self.holes.insert(conversation);
                self.look_again.get_or_insert_with(|| Instant::now() + HOLE);
            }
        }
        Ok(())
    }

    async fn advance_from_store(&mut self, conversation: ConversationId) -> Result<(), End> {
        let Some(cursor) = self.cursors.get_mut(&conversation) else { return Ok(()) };
        let read = self.app.store.changes_after(self.me.id, conversation, cursor.seq, BATCH).await;
        let (membership, changes) = match read {
            Ok(read) => read,
            Err(error) => return self.without(conversation, &error),
        };
        cursor.membership = membership;
        cursor.behind = changes.len() == BATCH;
        let frames = changes.into_iter().map(|change| (change.seq, encode(&ServerFrame::Changed { change })));
        self.deliver(conversation, frames).await?;
        self.pending.insert(conversation);
        Ok(())
    }

    /// Writes the changes that may be seen, and for the others that they are no loss.
    async fn deliver(
        &mut self,
        conversation: ConversationId,
        frames: impl IntoIterator<Item = (Seq, Utf8Bytes)>,
    ) -> Result<(), End> {
        let Some(cursor) = self.cursors.get_mut(&conversation) else { return Ok(()) };
        let mut hidden = None;
        for (seq, frame) in frames {
            cursor.seq = seq;
            if !cursor.membership.visible(seq) {
                hidden = Some(seq);
                continue;
            }
            if let Some(to) = hidden.take() {
                self.outlet.feed(encode(&ServerFrame::Skipped { conversation, to })).await?;
            }
            self.outlet.feed(frame).await?;
        }
        if let Some(to) = hidden {
            self.outlet.feed(encode(&ServerFrame::Skipped { conversation, to })).await?;
        }
        Ok(())
    }

    fn stop_waiting_for_holes(&mut self) {
        self.look_again = None;
        for conversation in std::mem::take(&mut self.holes) {
            if let Some(cursor) = self.cursors.get_mut(&conversation) {
                cursor.behind = true;
                self.pending.insert(conversation);
            }
        }
    }
}

/// A read marker as a frame.
pub(super) fn read(marker: ReadMarker) -> ServerFrame {
    let ReadMarker { conversation, seq, unread, as_of, moved: _ } = marker;
    ServerFrame::Read { conversation, seq, unread, as_of }
}
