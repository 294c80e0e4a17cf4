//! A connection's place in the hub, given back by being dropped.

use std::collections::HashSet;
use std::sync::Arc;

use shared::id::{ConversationId, SessionId, UserId};
use tokio_util::sync::CancellationToken;

use super::{Hub, Mailbox};
use crate::meter;

/// Most sockets that one person may have open.
const SOCKETS: usize = 20;

/// This person has as many sockets open as one may have.
#[derive(Debug, thiserror::Error)]
#[error("too many sockets of one person")]
pub struct TooManySockets;

/// A connection that the hub knows.
pub struct Seat {
    pub(super) hub: Arc<Hub>,
    pub(super) number: u64,
    pub(super) mailbox: Arc<Mailbox>,
    subscribed: HashSet<ConversationId>,
    /// The conversations that are looked at, the one that was named first in front.
    pub(super) watched: Vec<ConversationId>,
}

impl Seat {
    /// From now on this connection hears of everything that concerns its person; `ended` is how the hub ends it.
    pub fn take(
        hub: &Arc<Hub>,
        user: UserId,
        session: SessionId,
        ended: CancellationToken,
    ) -> Result<Self, TooManySockets> {
        let mailbox = Arc::new(Mailbox::new(user, session, ended));
        let mut people = hub.people.lock();
        let own = people.entry(user).or_default();
        if own.len() >= SOCKETS {
            return Err(TooManySockets);
        }
        own.push(Arc::clone(&mailbox));
        meter::sockets(1);
        let (hub, number) = (Arc::clone(hub), hub.next_seat());
        Ok(Self { hub, number, mailbox, subscribed: HashSet::new(), watched: Vec::new() })
    }

    /// Which one it is, counted from the start of the server.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Where its news are.
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    /// From now on it also hears of changes in this conversation. Says whether that is new.
    pub fn subscribe(&mut self, conversation: ConversationId) -> bool {
        let mut topics = self.hub.topics.write();
        let topic = topics.entry(conversation).or_default();
        topic.lock().subscribers.insert(self.number, Arc::clone(&self.mailbox));
        self.subscribed.insert(conversation)
    }

    /// It no longer hears of changes in this conversation.
    pub fn unsubscribe(&mut self, conversation: ConversationId) {
        self.watched.retain(|watched| *watched != conversation);
        if self.subscribed.remove(&conversation) {
            self.leave(conversation);
        }
    }

    /// A topic without subscribers goes. Who subscribes later reads the store after that, so nothing is missed.
    fn leave(&self, conversation: ConversationId) {
        let mut topics = self.hub.topics.write();
        let Some(topic) = topics.get(&conversation) else { return };
        let is_empty = {
            let mut topic = topic.lock();
            topic.subscribers.remove(&self.number);
            topic.lively.leave(self.number);
            topic.subscribers.is_empty()
        };
        if is_empty {
            topics.remove(&conversation);
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        meter::sockets(-1);
        for conversation in &self.subscribed {
            self.leave(*conversation);
        }
        let mut people = self.hub.people.lock();
        if let Some(own) = people.get_mut(&self.mailbox.user) {
            own.retain(|mailbox| !Arc::ptr_eq(mailbox, &self.mailbox));
            if own.is_empty() {
                people.remove(&self.mailbox.user);
            }
        }
    }
}
