//! What must hold whatever happens: it knows what was composed and acknowledged, and compares that with the logs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use parking_lot::Mutex;
use shared::client::Client;
use shared::code::Code;
use shared::id::{ClientId, ConversationId, Seq, UserId};
use shared::model::{Change, Entry, What};

use crate::shell::Witness;

/// Most faults that are told in words.
const TOLD: usize = 10;

/// The logs as the database holds them, read piece by piece, each in its order.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    changes: BTreeMap<ConversationId, BTreeMap<Seq, Change>>,
    /// All that made a change.
    deeds: HashSet<(UserId, ClientId)>,
    doubled: usize,
    holes: u64,
}

impl Logs {
    /// The last place of a log that was read.
    pub(crate) fn last(&self, conversation: ConversationId) -> Seq {
        let log = self.changes.get(&conversation);
        log.and_then(BTreeMap::last_key_value).map_or(Seq::ZERO, |(seq, _)| *seq)
    }

    /// The next change of a log.
    pub(crate) fn add(&mut self, change: Change) {
        self.expect(change.conversation, change.seq.previous());
        if let Some(client_id) = change.client_id {
            let is_first = self.deeds.insert((change.author, client_id));
            self.doubled += usize::from(!is_first);
        }
        self.changes.entry(change.conversation).or_default().insert(change.seq, change);
    }

    /// The server says that this log ends here.
    pub(crate) fn end_at(&mut self, conversation: ConversationId, head: Seq) {
        self.expect(conversation, head);
    }

    fn expect(&mut self, conversation: ConversationId, last: Seq) {
        self.holes += last.get().abs_diff(self.last(conversation).get());
    }

    /// Whether this deed is at this place.
    fn has(&self, deed: (UserId, ClientId), (conversation, seq): (ConversationId, Seq)) -> bool {
        let change = self.changes.get(&conversation).and_then(|log| log.get(&seq));
        change.is_some_and(|change| (change.author, change.client_id) == (deed.0, Some(deed.1)))
    }

    /// The deeds of one author in one log that said something, in the log's order.
    fn said(&self, author: UserId, conversation: ConversationId) -> impl Iterator<Item = ClientId> {
        let log = self.changes.get(&conversation).into_iter().flat_map(BTreeMap::values);
        log.filter(move |change| change.author == author && matches!(change.what, What::Posted(_)))
            .filter_map(|change| change.client_id)
    }
}

/// Notes what is composed and acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    composed: Mutex<BTreeMap<(UserId, ConversationId), Vec<ClientId>>>,
    acknowledged: Mutex<HashMap<(UserId, ClientId), (ConversationId, Seq)>>,
    refused: Mutex<Vec<String>>,
}

/// What the oracle found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Deeds whose authors were told that they are done.
    pub(crate) acknowledged: usize,
    /// Acknowledged deeds that are not at the place that was told; at the end also those that were composed and are
    /// nowhere.
    pub(crate) lost: usize,
    /// Deeds that were done more than once.
    pub(crate) doubled: usize,
    /// Places without a change.
    pub(crate) holes: u64,
    /// All else that is wrong, in words.
    pub(crate) faults: Vec<String>,
}

impl Verdict {
    /// Whether all is well.
    pub(crate) fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.holes == 0 && self.faults.is_empty()
    }

    /// Prints what is wrong that the counts do not say.
    pub(crate) fn tell_faults(&self) {
        for fault in self.faults.iter().take(TOLD) {
            println!("wrong: {fault}");
        }
        if let Some(more) = self.faults.len().checked_sub(TOLD).filter(|more| *more > 0) {
            println!("wrong: and {more} faults more");
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, lost, doubled, holes, faults: _ } = self;
        write!(f, "{acknowledged} acknowledged, {lost} lost, {doubled} doubled, {holes} holes")
    }
}

impl Oracle {
    /// Somebody composes this now, after all that they composed before.
    pub(crate) fn composes(&self, author: UserId, conversation: ConversationId, client_id: ClientId) {
        self.composed.lock().entry((author, conversation)).or_default().push(client_id);
    }

    /// What can be said in the middle of a run.
    pub(crate) fn so_far(&self, logs: &Logs) -> Verdict {
        let acknowledged = self.acknowledged.lock();
        let lost = acknowledged.iter().filter(|(deed, place)| !logs.has(**deed, **place)).count();
        let mut faults = self.refused.lock().clone();
        for ((author, conversation), composed) in &*self.composed.lock() {
            let mut composed = composed.iter();
            if !logs.said(*author, *conversation).all(|said| composed.next() == Some(&said)) {
                faults.push(format!("{author} composed another order than log {conversation} has"));
            }
        }
        Verdict { acknowledged: acknowledged.len(), lost, doubled: logs.doubled, holes: logs.holes, faults }
    }

    /// What can be said when every outbox is empty.
    pub(crate) fn at_the_end(&self, logs: &Logs) -> Verdict {
        let mut verdict = self.so_far(logs);
        let acknowledged = self.acknowledged.lock();
        for ((author, _), composed) in &*self.composed.lock() {
            let gone = |id: &&ClientId| {
                let deed = (*author, **id);
                // What was acknowledged has been counted.
                !acknowledged.contains_key(&deed) && !logs.deeds.contains(&deed)
            };
            verdict.lost += composed.iter().filter(gone).count();
        }
        verdict
    }
}

impl Witness for Oracle {
    fn done(&self, who: UserId, client_id: ClientId, conversation: ConversationId, seq: Seq) {
        self.acknowledged.lock().insert((who, client_id), (conversation, seq));
    }

    fn refused(&self, who: UserId, client_id: ClientId, code: Code) {
        self.refused.lock().push(format!("{who} was refused {client_id}: {code:?}"));
    }
}

/// What is wrong with what a client shows: each of its timelines must be the log from its floor to the head.
pub(crate) fn compare(client: &Client, logs: &Logs) -> Vec<String> {
    let name = client.me().map_or("nobody", |me| me.name.as_str());
    let mut faults = Vec::new();
    for room in client.list() {
        let (id, timeline) = (room.summary().id, room.timeline());
        if timeline.cursor() != logs.last(id) {
            faults.push(format!("{name} is at {} of {} in {id}", timeline.cursor(), logs.last(id)));
        }
        let shown = timeline.entries().map(|entry| (**entry).clone());
        let log = logs.changes.get(&id).into_iter().flat_map(|log| log.range(timeline.floor()..));
        if !shown.eq(log.map(|(_, change)| Entry::of(change.clone()))) {
            faults.push(format!("{name} shows something else than the log of {id} has"));
        }
    }
    if client.outbox().iter().next().is_some() {
        faults.push(format!("{name} still holds {} deeds", client.outbox().iter().count()));
    }
    faults
}

#[cfg(test)]
mod tests;
