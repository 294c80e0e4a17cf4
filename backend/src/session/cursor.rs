//! Up to where a connection has a conversation, and what of it the person may see.

use shared::id::{ConversationId, Seq};
use shared::model::{Membership, Summary};
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
    pub(super) membership: Membership,
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
            behind: summary.since < summary.head,
            rewound: None,
        }
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

    #[test]
    fn a_cursor_moves_back_once_a_second_and_says_when_it_may_again() {
        let membership = Membership { visible_from: seq(1), left: None };
        let conversation = 1.try_into().unwrap();
        let read_up_to = Seq::ZERO;
        let mut cursor =
            Cursor { conversation, seq: seq(90), membership, read_up_to, behind: false, rewound: None };
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
