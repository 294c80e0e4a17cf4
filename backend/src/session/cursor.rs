//! Up to where a connection has a conversation, and what of it the person may see.

use shared::id::{ConversationId, Seq};
use shared::model::{Membership, Summary};
use tokio::time::{Duration, Instant};

/// A client may move its cursor back once in this time: otherwise one frame a time would cost the whole log.
const BETWEEN_REWINDS: Duration = Duration::from_secs(1);

/// One conversation on one connection.
#[derive(Debug)]
pub(crate) struct Cursor {
    /// Which one.
    pub(crate) conversation: ConversationId,
    /// The last place that was written, or passed over because it may not be seen.
    pub(crate) seq: Seq,
    /// What may be seen. Asked again for each change that is written.
    pub(crate) membership: Membership,
    /// Whether the store must be read before the tail is of use.
    pub(crate) behind: bool,
    rewound: Option<Instant>,
}

impl Cursor {
    /// At the place that a summary names.
    pub(crate) fn at(summary: &Summary, membership: Membership) -> Self {
        Self {
            conversation: summary.id,
            seq: summary.since,
            membership,
            behind: summary.since < summary.head,
            rewound: None,
        }
    }

    /// Moves back, unless the last time was a moment ago.
    pub(crate) fn rewind(&mut self, to: Seq, now: Instant) {
        if self.rewound.is_none_or(|before| now - before >= BETWEEN_REWINDS) {
            self.rewound = Some(now);
            self.seq = self.seq.min(to);
            self.behind = true;
        }
    }
}
