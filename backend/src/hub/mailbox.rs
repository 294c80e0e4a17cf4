//! What waits for one connection: not the frames, only where there are some.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use parking_lot::Mutex;
use shared::code::Close;
use shared::id::{ConversationId, Seq, SessionId, UserId};
use shared::receipt::Mark;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::lively::ALIVE;
use crate::store::{Habits, ReadMarker};

/// Most people in one conversation that are told to type: the page names no more.
const TYPISTS: usize = 4;

/// One connection as the hub sees it.
pub struct Mailbox {
    /// Whose connection it is.
    pub user: UserId,
    /// Of which device.
    pub session: SessionId,
    news: Mutex<News>,
    /// What this person tells others, and so is told of others.
    habits: Mutex<Habits>,
    /// When the other side last said something.
    heard: Mutex<Instant>,
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
    /// Conversations that this person looks at from now on, in the order in which they were named.
    pub watches: Vec<ConversationId>,
    /// Who types, and where.
    pub typing: BTreeMap<ConversationId, BTreeSet<UserId>>,
    /// Others who have come further.
    pub marks: BTreeMap<ConversationId, BTreeMap<UserId, Mark>>,
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

impl News {
    /// Notes that this person looks at a conversation.
    pub fn watch(&mut self, conversation: ConversationId) {
        // Named again, it is the newest.
        self.watches.retain(|watched| *watched != conversation);
        self.watches.push(conversation);
    }

    /// Notes that somebody types.
    pub fn types(&mut self, conversation: ConversationId, user: UserId) {
        let typists = self.typing.entry(conversation).or_default();
        if typists.len() < TYPISTS {
            typists.insert(user);
        }
    }

    /// Notes how far others have come: of each person the furthest.
    pub fn marked(&mut self, conversation: ConversationId, marks: Vec<Mark>) {
        let slot = self.marks.entry(conversation).or_default();
        for mark in marks {
            let known = slot.entry(mark.user).or_insert(mark);
            *known = known.max(mark);
        }
    }
}

impl Mailbox {
    /// An empty one, of a connection that `ended` ends.
    pub fn new(user: UserId, session: SessionId, ended: CancellationToken) -> Self {
        Self {
            user,
            session,
            news: Mutex::default(),
            habits: Mutex::new(Habits::NONE),
            heard: Mutex::new(Instant::now()),
            bell: Notify::new(),
            close: OnceLock::new(),
            ended,
        }
    }

    /// Puts something in and wakes the writer.
    pub fn post<T>(&self, put: impl FnOnce(&mut News) -> T) {
        put(&mut self.news.lock());
        self.bell.notify_one();
    }

    /// What this person tells others, and so is told of others. Until the store was asked, nothing.
    pub fn habits(&self) -> Habits {
        *self.habits.lock()
    }

    /// From now on it is this.
    pub fn learn(&self, habits: Habits) {
        *self.habits.lock() = habits;
    }

    /// The other side has said something.
    pub fn heard(&self) {
        *self.heard.lock() = Instant::now();
    }

    /// Whether the other side was heard of late.
    pub fn is_alive(&self, now: Instant) -> bool {
        now.duration_since(*self.heard.lock()) <= ALIVE
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
