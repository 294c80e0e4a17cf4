//! What is of the moment: who is there, who types, and how far people have come. None of it is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use shared::id::{ConversationId, UserId};
use shared::model::{Change, Passage};
use shared::receipt::Mark;
use tokio::time::Instant;

use super::{Hub, Mailbox, Seat, Topic};

/// A connection that said nothing for so long counts as gone: a client says something every 45 s.
pub(super) const ALIVE: Duration = Duration::from_mins(1);
/// Where more connections hear of a conversation, only those that look at it are told who types.
const FEW: usize = 20;
/// And there not oftener than this: it wakes all of them.
const BETWEEN: Duration = Duration::from_secs(1);
/// Conversations that one connection looks at, at most: the one it named first makes room.
const WATCHED: usize = 8;

/// What of the moment a topic has.
#[derive(Default)]
pub(super) struct Lively {
    /// The connections that look at it, by seat.
    watchers: BTreeMap<u64, Arc<Mailbox>>,
    /// Who went out while somebody listened: what is still under way of them is told to nobody.
    gone: BTreeSet<UserId>,
    /// When it was last told that somebody types.
    told: Option<Instant>,
}

impl Lively {
    pub(super) fn pass(&mut self, change: &Change) {
        match change.what.passage() {
            Some(Passage::Out(user)) => drop(self.gone.insert(user)),
            Some(Passage::In(user)) => drop(self.gone.remove(&user)),
            None => {}
        }
    }

    pub(super) fn leave(&mut self, seat: u64) {
        self.watchers.remove(&seat);
    }
}

impl Topic {
    /// Whoever is to be told that somebody types.
    fn audience(&self) -> &BTreeMap<u64, Arc<Mailbox>> {
        if self.subscribers.len() <= FEW {
            return &self.subscribers;
        }
        &self.lively.watchers
    }

    fn is_too_soon(&mut self) -> bool {
        let now = Instant::now();
        let is_too_soon =
            self.subscribers.len() > FEW && self.lively.told.is_some_and(|told| now < told + BETWEEN);
        if !is_too_soon {
            self.lively.told = Some(now);
        }
        is_too_soon
    }
}

impl Hub {
    /// Those of a conversation's members who are at a device now, on this server: a connection of theirs has said
    /// something within the last minute.
    pub fn online(&self, conversation: ConversationId) -> BTreeSet<UserId> {
        let topic = self.topics.read().get(&conversation).cloned();
        let now = Instant::now();
        topic.map_or_else(BTreeSet::new, |topic| {
            let topic = topic.lock();
            let there = topic.subscribers.values().filter(|mailbox| mailbox.is_alive(now));
            there.map(|mailbox| mailbox.user).filter(|user| !topic.lively.gone.contains(user)).collect()
        })
    }

    pub(super) fn typing(&self, conversation: ConversationId, user: UserId) {
        let Some(topic) = self.topics.read().get(&conversation).cloned() else { return };
        let mut topic = topic.lock();
        if topic.lively.gone.contains(&user) || topic.is_too_soon() {
            return;
        }
        for mailbox in topic.audience().values().filter(|mailbox| mailbox.user != user) {
            if mailbox.habits().typing {
                mailbox.post(|news| news.types(conversation, user));
            }
        }
    }

    pub(super) fn marked(&self, conversation: ConversationId, marks: &[Mark]) {
        let Some(topic) = self.topics.read().get(&conversation).cloned() else { return };
        let topic = topic.lock();
        for mailbox in topic.lively.watchers.values().filter(|mailbox| mailbox.habits().receipts) {
            let others = marks.iter().filter(|mark| mark.user != mailbox.user);
            let others = others.filter(|mark| !topic.lively.gone.contains(&mark.user)).copied();
            let others: Vec<Mark> = others.collect();
            if !others.is_empty() {
                mailbox.post(|news| news.marked(conversation, others));
            }
        }
    }
}

impl Seat {
    /// From now on it hears of what is of the moment there.
    pub fn watch(&mut self, conversation: ConversationId) {
        self.watched.retain(|watched| *watched != conversation);
        if self.watched.len() >= WATCHED {
            let first = self.watched.remove(0);
            self.look_away(first);
        }
        if let Some(topic) = self.hub.topics.read().get(&conversation) {
            topic.lock().lively.watchers.insert(self.number, Arc::clone(&self.mailbox));
            self.watched.push(conversation);
        }
    }

    fn look_away(&self, conversation: ConversationId) {
        if let Some(topic) = self.hub.topics.read().get(&conversation) {
            topic.lock().lively.leave(self.number);
        }
    }
}
