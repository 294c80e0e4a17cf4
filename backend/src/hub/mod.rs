//! Who is connected, and the newest changes of every conversation that someone connected is in.

mod lively;
mod mailbox;
mod seat;
mod tail;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::ws::Utf8Bytes;
use parking_lot::{Mutex, RwLock};
use shared::code::Close;
use shared::frame::ServerFrame;
use shared::id::{ConversationId, Seq, SessionId, UserId};
use shared::model::Change;

pub use mailbox::{Mailbox, News};
pub use seat::{Seat, TooManySockets};
pub use tail::{Framed, Taken};

use crate::bus::{Event, Listener};
use lively::Lively;
use tail::Tail;

/// Everyone on this server, in a fixed order: a run can be replayed.
///
/// Locks are short, and taken in one order: the topics or the people, then one topic, then a mailbox.
#[derive(Default)]
pub struct Hub {
    topics: RwLock<BTreeMap<ConversationId, Arc<Mutex<Topic>>>>,
    people: Mutex<BTreeMap<UserId, Vec<Arc<Mailbox>>>>,
    next_seat: AtomicU64,
}

/// A conversation that someone connected is in.
#[derive(Default)]
struct Topic {
    tail: Tail,
    subscribers: BTreeMap<u64, Arc<Mailbox>>,
    lively: Lively,
}

impl Hub {
    /// What of the newest changes of a conversation comes after `cursor`, at most about `bytes` of it.
    pub fn after(&self, conversation: ConversationId, cursor: Seq, bytes: usize) -> Taken {
        let topic = self.topics.read().get(&conversation).cloned();
        topic.map_or(Taken::UpToDate, |topic| topic.lock().tail.after(cursor, bytes))
    }

    fn next_seat(&self) -> u64 {
        self.next_seat.fetch_add(1, Ordering::Relaxed)
    }

    fn changed(&self, change: &Change) {
        let Some(topic) = self.topics.read().get(&change.conversation).cloned() else { return };
        let framed = Framed::of(change.clone());
        let mut topic = topic.lock();
        topic.lively.pass(change);
        topic.tail.put(framed);
        for mailbox in topic.subscribers.values() {
            mailbox.post(|news| news.conversations.insert(change.conversation));
        }
    }

    fn for_each_of(&self, user: UserId, tell: impl Fn(&Mailbox)) {
        if let Some(mailboxes) = self.people.lock().get(&user) {
            for mailbox in mailboxes {
                tell(mailbox);
            }
        }
    }

    fn revoked(&self, session: SessionId) {
        let people = self.people.lock();
        for mailbox in people.values().flatten().filter(|mailbox| mailbox.session == session) {
            mailbox.close(Close::Revoked);
        }
    }
}

impl Listener for Hub {
    fn hear(&self, event: &Event) {
        match event {
            Event::Changed(change) => self.changed(change),
            Event::MembersChanged { conversation, users } => {
                for user in users {
                    self.for_each_of(*user, |mailbox| {
                        mailbox.post(|news| news.members.insert(*conversation));
                    });
                }
            }
            Event::ReadMoved { user, marker } => {
                self.for_each_of(*user, |mailbox| mailbox.post(|news| news.read_moved(*marker)));
            }
            Event::OwnChanged { user } => {
                self.for_each_of(*user, |mailbox| mailbox.post(|news| news.own = true));
            }
            Event::Revoked { session } => self.revoked(*session),
            Event::Typing { conversation, user } => self.typing(*conversation, *user),
            Event::Marked { conversation, marks } => self.marked(*conversation, marks),
            Event::HabitsChanged { user, habits } => {
                self.for_each_of(*user, |mailbox| mailbox.learn(*habits));
            }
        }
    }
}

/// A frame as it goes over the wire, to be encoded once for everybody.
pub fn encode(frame: &ServerFrame) -> Utf8Bytes {
    // Frames hold nothing that JSON cannot say: no maps, and no fallible `Serialize`. An empty object, which clients
    // ignore, stands for the impossible.
    serde_json::to_string(frame).unwrap_or_else(|_| "{}".to_owned()).into()
}
