//! How far the others in a conversation have come, and what they were told of how far this client has.

use serde::{Deserialize, Serialize};

use super::Room;
use crate::id::{Seq, UserId};
use crate::model::Passage;
use crate::receipt::{Mark, Reach};
use crate::sorted::Map;

/// The marks of a conversation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Receipts {
    marks: Map<UserId, Mark>,
    /// Up to where the server was told on this connection that everything is here.
    #[serde(skip)]
    told: Seq,
}

impl Receipts {
    /// A new connection is told anew: what the last one was told may not have arrived.
    pub(super) fn cut(&mut self) {
        self.told = Seq::ZERO;
    }

    /// Who comes in has read what was there, as with their own marker; who goes out is nobody's concern.
    pub(super) fn pass(&mut self, seq: Seq, passage: Option<Passage>) {
        match passage {
            Some(Passage::In(user)) => {
                let before = seq.previous();
                self.put(Mark { user, got: before, read: before });
            }
            Some(Passage::Out(user)) => drop(self.marks.remove(&user)),
            None => {}
        }
    }

    fn put(&mut self, mark: Mark) {
        let known = self.marks.get_or_insert_with(mark.user, || mark);
        *known = known.max(mark);
    }
}

impl Room {
    /// How far the others are, of those who tell.
    pub fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.receipts.marks.values().filter(|mark| mark.user != self.me)
    }

    /// How far a message of this person's has come. Somebody who does not tell may not have got it.
    pub fn reach(&self, seq: Seq) -> Reach {
        let others = self.summary.members.saturating_sub(1) as usize;
        if others == 0 || !self.summary.has_receipts() || self.marks().count() < others {
            return Reach::Sent;
        }
        self.marks().map(|mark| mark.reach(seq)).min().unwrap_or(Reach::Sent)
    }

    /// Takes what the server says of the others; `all` when there are no more than these. Answers whether that is news.
    pub(in crate::client) fn take_receipts(&mut self, all: bool, marks: Vec<Mark>) -> bool {
        let before = self.receipts.marks.clone();
        if all {
            self.receipts.marks.retain(|user, _| marks.iter().any(|mark| mark.user == *user));
        }
        for mark in marks {
            self.receipts.put(mark);
        }
        self.receipts.marks != before
    }

    /// Whether something of somebody else's is here and their author should hear of that. What is read is told so.
    pub(in crate::client) fn owes_receipt(&self) -> bool {
        let cursor = self.timeline.cursor();
        cursor > self.receipts.told && cursor > self.read && self.summary.has_receipts() && self.unread() > 0
    }

    /// The place to tell now.
    pub(in crate::client) fn pay_receipt(&mut self) -> Seq {
        self.receipts.told = self.timeline.cursor();
        self.receipts.told
    }
}
