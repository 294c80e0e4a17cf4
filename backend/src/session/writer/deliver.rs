//! Bringing one conversation's cursor to its head, a piece at a time.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::time::Duration;

use shared::frame::ServerFrame;
use shared::id::{ConversationId, Seq};
use shared::model::Passage;
use tokio::time::Instant;

use super::super::Socket;
use super::super::outlet::CREDIT;
use super::{End, Writer, unreadable};
use crate::hub::{Framed, Taken, encode};
use crate::meter::{self, Source};
use crate::store::{Following, Portion, StoreError};

/// What one read of the store brings: no more than goes out before the socket has drained.
const BATCH: Portion = Portion { items: 200, bytes: CREDIT };
/// A change that others have overtaken on the way is waited for so long; then the store is asked.
const HOLE: Duration = Duration::from_millis(100);

impl<S: Socket> Writer<S> {
    /// Each pending conversation in turn, so that a busy one does not starve the others.
    pub(super) fn next_pending(&mut self) -> Option<ConversationId> {
        let after = self.served.map_or(Bound::Unbounded, Bound::Excluded);
        let next =
            self.pending.range((after, Bound::Unbounded)).next().or_else(|| self.pending.first()).copied()?;
        self.pending.remove(&next);
        self.served = Some(next);
        Some(next)
    }

    /// Writes some of what this conversation's cursor lacks; what is left stays pending.
    pub(super) async fn advance(&mut self, conversation: ConversationId) -> Result<(), End> {
        let Some(cursor) = self.cursors.get_mut(&conversation) else { return Ok(()) };
        self.holes.remove(&conversation);
        if cursor.behind {
            return self.advance_from_store(conversation).await;
        }
        match self.app.hub.after(conversation, cursor.seq, CREDIT) {
            Taken::UpToDate => {}
            Taken::Frames(frames) => {
                meter::caught_up(Source::Tail);
                self.deliver(conversation, frames).await?;
                self.pending.insert(conversation);
            }
            Taken::Behind => {
                cursor.behind = true;
                self.pending.insert(conversation);
            }
            Taken::Hole => {
                self.holes.insert(conversation);
                self.look_again_at(Instant::now() + HOLE);
            }
        }
        Ok(())
    }

    async fn advance_from_store(&mut self, conversation: ConversationId) -> Result<(), End> {
        let Some(cursor) = self.cursors.get_mut(&conversation) else { return Ok(()) };
        let turn = tokio::select! {
            biased;
            () = self.ended.cancelled() => return Err(End::Asked),
            turn = self.app.rush.catch_up() => turn,
        };
        let read = self.app.store.changes_after(self.me.id, conversation, cursor.seq, BATCH).await;
        drop(turn);
        let Following { membership, as_of, changes, more } = match read {
            Ok(following) => following,
            Err(StoreError::NotFound) => return self.end_of(conversation).await,
            Err(error) => return Err(unreadable(&error)),
        };
        meter::caught_up(Source::Store);
        cursor.learn(membership, as_of);
        cursor.behind = more;
        self.deliver(conversation, changes.into_iter().map(Framed::of)).await?;
        self.pending.insert(conversation);
        Ok(())
    }

    /// Writes the changes that may be seen, and for the others that they are no loss. The last one that somebody who
    /// leaves may see is that they do.
    async fn deliver(
        &mut self,
        conversation: ConversationId,
        frames: impl IntoIterator<Item = Framed>,
    ) -> Result<(), End> {
        let Some(cursor) = self.cursors.get_mut(&conversation) else { return Ok(()) };
        let (mut hidden, mut has_come) = (None, false);
        #[cfg(feature = "sim")]
        let frames = super::planted::reordered(frames);
        for Framed { seq, frame, passage } in frames {
            has_come |= passage == Some(Passage::In(self.me.id));
            #[cfg(feature = "sim")]
            if super::planted::is_dropped(&mut self.outlet)? {
                cursor.seq = seq;
                continue;
            }
            if cursor.pass(seq, passage, self.me.id) {
                if let Some(to) = hidden.take() {
                    self.outlet.feed(encode(&ServerFrame::Skipped { conversation, to })).await?;
                }
                self.outlet.feed(frame).await?;
            } else {
                hidden = Some(seq);
            }
            if cursor.is_over() {
                break;
            }
        }
        let is_over = cursor.is_over();
        if let Some(to) = hidden {
            self.outlet.feed(encode(&ServerFrame::Skipped { conversation, to })).await?;
        }
        if is_over {
            return self.end_of(conversation).await;
        }
        // Who comes back has read all that was said before.
        if has_come { self.tell_marker(conversation).await } else { Ok(()) }
    }

    /// This person is no longer in it. They may have come back since, without this connection hearing of it.
    async fn end_of(&mut self, conversation: ConversationId) -> Result<(), End> {
        self.cursors.remove(&conversation);
        self.pending.remove(&conversation);
        self.holes.remove(&conversation);
        self.rewinds.remove(&conversation);
        self.outlet.feed(encode(&ServerFrame::Gone { conversation })).await?;
        self.look_up_membership(conversation).await
    }

    /// Moves cursors back to the lowest places that were asked for: now, or when they may.
    pub(super) fn rewind(&mut self, wanted: BTreeMap<ConversationId, Seq>) {
        let now = Instant::now();
        for (conversation, after) in wanted {
            let Some(cursor) = self.cursors.get_mut(&conversation) else { continue };
            let after = self.rewinds.remove(&conversation).map_or(after, |before| before.min(after));
            match cursor.rewind(after, now) {
                Ok(()) => {
                    self.pending.insert(conversation);
                }
                Err(due) => {
                    self.rewinds.insert(conversation, after);
                    self.look_again_at(due);
                }
            }
        }
    }

    fn look_again_at(&mut self, due: Instant) {
        self.look_again = Some(self.look_again.map_or(due, |before| before.min(due)));
    }

    /// Looks after what had to wait. Whatever is not due yet asks for another look; a hole that is read from the store
    /// a little early costs nothing.
    pub(super) fn look_again(&mut self) {
        self.look_again = None;
        let rewinds = std::mem::take(&mut self.rewinds);
        self.rewind(rewinds);
        for conversation in std::mem::take(&mut self.holes) {
            if let Some(cursor) = self.cursors.get_mut(&conversation) {
                cursor.behind = true;
                self.pending.insert(conversation);
            }
        }
    }
}
