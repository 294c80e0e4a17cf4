//! How far people have come in a conversation, as the others see it: what they got, and what they read.

use serde::{Deserialize, Serialize};

use crate::id::{Seq, UserId};
use crate::model::{Kind, Summary};

/// Receipts are told in conversations of at most so many people: in larger ones each message would cost one from
/// everybody to everybody.
pub const RECEIPTS: usize = 100;
/// Most conversations in one `got`.
pub const GOT: usize = 64;

/// How far a message of one's own has come, once it is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// It is in the log; of somebody no more is known.
    Sent,
    /// Everybody else has got it.
    Got,
    /// Everybody else has read it.
    Read,
}

/// How far one person has come in a conversation. It only moves forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Who.
    pub user: UserId,
    /// Up to which place one of their devices has everything; at least as far as they have read.
    pub got: Seq,
    /// Up to which place they have read.
    pub read: Seq,
}

impl Mark {
    /// How far a message at this place has come with this person.
    pub fn reach(&self, seq: Seq) -> Reach {
        match (self.read >= seq, self.got >= seq) {
            (true, _) => Reach::Read,
            (false, true) => Reach::Got,
            (false, false) => Reach::Sent,
        }
    }

    /// The further of the two, for each.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { user: self.user, got: self.got.max(other.got), read: self.read.max(other.read) }
    }
}

/// Whether those in a conversation tell each other how far they are.
pub const fn has_receipts(kind: Kind, members: u32) -> bool {
    matches!(kind, Kind::Direct | Kind::Group) && members as usize <= RECEIPTS
}

impl Summary {
    /// Whether those in it tell each other how far they are.
    pub const fn has_receipts(&self) -> bool {
        has_receipts(self.kind, self.members)
    }
}
