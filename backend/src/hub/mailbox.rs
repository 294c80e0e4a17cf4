//! What waits for one connection: not the frames, only where there are some.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use parking_lot::Mutex;
use shared::code::Close;
use shared::id::{ConversationId, Seq, SessionId, UserId};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::store::ReadMarker;

/// One connection as the hub sees it.
pub struct Mailbox {
    /// Whose connection it is.
    pub user: UserId,
    /// Of which device.
    pub session: SessionId,
    news: Mutex<News>,
    bell: Notify,
    close: OnceLock<Close>,
    ended: CancellationToken,
}

/// News coalesce: however much happens, this holds at most one item for each conversation and sort.
#[derive(Debug, Default)]
pub struct News {
    /// Conversations with changes that the connection may lack.
    pub conversations: BTreeSet<ConversationId>,
    /// Conversations in which this person's own place has changed.
    pub members: BTreeSet<ConversationId>,
    /// Read markers that moved.
    pub reads: BTreeMap<ConversationId, ReadMarker>,
    /// Conversations that the client wants afresh.
    pub refreshes: BTreeSet<ConversationId>,
    /// Conversations that the client wants again from after a place.
    pub rewinds: BTreeMap<ConversationId, Seq>,
    /// Whether something of this person's own may have changed.
    pub own: bool,
}

impl News {
    /// Notes how far the person has read, unless something newer is known.
    pub fn read_moved(&mut self, marker: ReadMarker) {
        let known = self.reads.entry(marker.conversation).or_insert(marker);
        if marker.seq >= known.seq {
            *known = marker;
        }
    }
}

impl Mailbox {
    /// An empty one, of a connection that `ended` ends.
    pub fn new(user: UserId, session: SessionId, ended: CancellationToken) -> Self {
        Self { user, session, news: Mutex::default(), bell: Notify::new(), close: OnceLock::new(), ended }
    }

    /// Puts something in and wakes the writer.
    pub fn post<T>(&self, put: impl FnOnce(&mut News) -> T) {
        put(&mut self.news.lock());
        self.bell.notify_one();
    }

    /// Ends the connection at once, in the middle of a write if need be.
    pub fn close(&self, why: Close) {
        // The first reason counts.
        let _ = self.close.set(why);
        self.ended.cancel();
    }

    /// Why the connection ends: as [`Mailbox::close`] said, or because the server stops.
    pub fn why(&self) -> Close {
        self.close.get().copied().unwrap_or(Close::Restarting)
    }

    /// Takes everything out.
    pub fn take(&self) -> News {
        std::mem::take(&mut self.news.lock())
    }

    /// Waits until something was put in since the last time.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }
}
