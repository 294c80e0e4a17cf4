//! Up to where a connection has a conversation, and what of it the person may see.

use shared::id::{ConversationId, Seq, UserId};
use shared::model::{Membership, Passage, Summary};
use shared::plant::{Plant, is_planted};
use tokio::time::{Duration, Instant};

/// A client may move its cursor back once in this time: otherwise one frame a time would cost the whole log.
const BETWEEN_REWINDS: Duration = Duration::from_secs(1);

/// One conversation on one connection.
#[derive(Debug)]
pub(super) struct Cursor {
    /// Which one.
    pub(super) conversation: ConversationId,
    /// The last place that was written, or passed over because it may not be seen.
    pub(super) seq: Seq,
    /// What may be seen. Asked again for each change that is written.
    membership: Membership,
    /// The place of the log as of which that is so: the comings and goings after it are folded in on the way.
    known: Seq,
    /// The read marker that the client was last told of.
    pub(super) read_up_to: Seq,
    /// Whether the store must be read before the tail is of use.
    pub(super) behind: bool,
    rewound: Option<Instant>,
}

impl Cursor {
    /// At the place that a summary names.
    pub(super) fn at(summary: &Summary, membership: Membership) -> Self {
        Self {
            conversation: summary.id,
            seq: summary.since,
            membership,
            read_up_to: summary.read,
            // The planted fault takes what the store says now for all that the log will ever say.
            known: if is_planted(Plant::MembershipCached) { Seq::LAST } else { summary.head },
            behind: summary.since < summary.head,
            rewound: None,
        }
    }

    /// What the store says of the person's place, as of a head of the log.
    pub(super) fn learn(&mut self, membership: Membership, as_of: Seq) {
        if as_of >= self.known {
            (self.membership, self.known) = (membership, as_of);
        }
    }

    /// Moves on to a place, and takes in what it says of `me`. Says whether the place may be seen.
    ///
    /// So whoever is removed sees nothing after that place, whether or not anybody told this connection: hints may be
    /// late or lost, the log is not.
    pub(super) fn pass(&mut self, seq: Seq, passage: Option<Passage>, me: UserId) -> bool {
        self.seq = seq;
        // What the store has told of already, when an older piece of the log is read again, is history.
        if let Some(passage) = passage.filter(|_| seq > self.known) {
            (self.membership, self.known) = (self.membership.after(seq, passage, me), seq);
        }
        self.membership.visible(seq)
    }

    /// Whether all that the person may see has been passed: they are no longer in it.
    pub(super) fn is_over(&self) -> bool {
        self.membership.left.is_some_and(|left| self.seq >= left)
    }

    /// Whether the person is in it, as far as this connection has come.
    pub(super) fn is_in(&self) -> bool {
        self.membership.left.is_none()
    }

    /// Moves back. When the last time was a moment ago, answers from when on it may be asked again.
    pub(super) fn rewind(&mut self, to: Seq, now: Instant) -> Result<(), Instant> {
        if let Some(due) = self.rewound.map(|before| before + BETWEEN_REWINDS).filter(|due| *due > now) {
            return Err(due);
        }
        self.rewound = Some(now);
        self.seq = self.seq.min(to);
        self.behind = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(number: u64) -> Seq {
        Seq::try_from(number).unwrap()
    }

    /// At the end of a log of `head` places, all of them read by someone who is in it.
    fn cursor(head: u64) -> Cursor {
        let membership = Membership { visible_from: seq(1), left: None };
        let (conversation, seq) = (1.try_into().unwrap(), seq(head));
        Cursor { conversation, seq, membership, known: seq, read_up_to: seq, behind: false, rewound: None }
    }

    #[test]
    fn leaving_is_the_last_that_is_seen_whoever_else_comes_and_goes() {
        let (me, other) = (1.try_into().unwrap(), 2.try_into().unwrap());
        let mut cursor = cursor(9);
        assert!(cursor.pass(seq(10), Some(Passage::Out(other)), me) && !cursor.is_over());
        assert!(cursor.pass(seq(11), Some(Passage::Out(me)), me) && cursor.is_over());
        assert!(!cursor.pass(seq(12), None, me));
        assert!(!cursor.pass(seq(13), Some(Passage::In(other)), me));
    }

    #[test]
    fn what_the_store_knows_of_is_not_folded_in_again() {
        let me = 1.try_into().unwrap();
        let mut cursor = cursor(20);
        cursor.rewind(seq(9), Instant::now()).unwrap();
        // Left at 10 and came back at 12: in it as of 20.
        for (place, passage) in [(10, Some(Passage::Out(me))), (11, None), (12, Some(Passage::In(me)))] {
            assert!(cursor.pass(seq(place), passage, me) && !cursor.is_over(), "{place}");
        }
        cursor.learn(Membership { visible_from: seq(1), left: Some(seq(15)) }, seq(16));
        assert!(cursor.pass(seq(18), None, me), "older news than what is known");
        cursor.learn(Membership { visible_from: seq(1), left: Some(seq(21)) }, seq(22));
        assert!(cursor.pass(seq(21), Some(Passage::Out(me)), me) && cursor.is_over());
    }

    #[test]
    fn a_cursor_moves_back_once_a_second_and_says_when_it_may_again() {
        let mut cursor = cursor(90);
        let now = Instant::now();
        assert_eq!(cursor.rewind(seq(50), now), Ok(()));
        assert_eq!((cursor.seq, cursor.behind), (seq(50), true));
        let due = now + BETWEEN_REWINDS;
        assert_eq!(cursor.rewind(seq(20), now + BETWEEN_REWINDS / 2), Err(due));
        assert_eq!(cursor.seq, seq(50));
        assert_eq!(cursor.rewind(seq(20), due), Ok(()));
        assert_eq!(cursor.seq, seq(20));
        assert_eq!(cursor.rewind(seq(70), due + BETWEEN_REWINDS), Ok(()));
        assert_eq!(cursor.seq, seq(20), "what lies ahead is no way back");
    }
}
