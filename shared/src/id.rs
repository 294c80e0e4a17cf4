//! A type for every identity, so that a person's number is never taken for a conversation's.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The largest whole number that JavaScript and JSON peers hold exactly: 2^53 − 1.
pub const LARGEST: u64 = (1 << 53) - 1;

/// A number on the wire that is zero where it must not be, or beyond [`LARGEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number from 1 to 2^53-1")]
pub struct NotAnId;

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "u64", into = "u64")]
        pub struct $name(u64);

        impl $name {
            /// The number itself, from 1 to [`LARGEST`].
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl TryFrom<u64> for $name {
            type Error = NotAnId;
            fn try_from(number: u64) -> Result<Self, NotAnId> {
                if (1..=LARGEST).contains(&number) { Ok(Self(number)) } else { Err(NotAnId) }
            }
        }

        impl From<$name> for u64 {
            fn from(id: $name) -> u64 {
                id.0
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse::<u64>().map_err(|_| NotAnId)?.try_into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

numbered! {
    /// An account.
    UserId;
    /// A direct conversation, group or channel: one log.
    ConversationId;
    /// A signed-in device.
    SessionId;
}

/// A place in the log of one conversation: 1, 2, 3 … without holes; 0 is "before the first change".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Seq(u64);

impl Seq {
    /// Before the first change.
    pub const ZERO: Self = Self(0);
    /// After which none can come.
    pub const LAST: Self = Self(LARGEST);

    /// The place itself, from 0 to [`LARGEST`].
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The place behind this one; stays where it is at [`LARGEST`], which no log reaches.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(if self.0 < LARGEST { self.0 + 1 } else { self.0 })
    }

    /// The place before this one; [`Seq::ZERO`] stays.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl TryFrom<u64> for Seq {
    type Error = NotAnId;
    fn try_from(number: u64) -> Result<Self, NotAnId> {
        if number <= LARGEST { Ok(Self(number)) } else { Err(NotAnId) }
    }
}

impl From<Seq> for u64 {
    fn from(seq: Seq) -> u64 {
        seq.0
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The identity of one deed, made by its author before the first byte leaves: a retry carries the same one.
///
/// Clients make UUIDv7; the server takes any UUID and reads nothing into it but identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub Uuid);

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One incarnation of a database. A restored backup is another one, in which old cursors mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub Uuid);

/// Milliseconds since 1970-01-01 00:00 UTC, at most [`LARGEST`] on the wire. For display only: order is [`Seq`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Timestamp(pub u64);

impl TryFrom<u64> for Timestamp {
    type Error = NotAnId;
    fn try_from(millis: u64) -> Result<Self, NotAnId> {
        if millis <= LARGEST { Ok(Self(millis)) } else { Err(NotAnId) }
    }
}

impl From<Timestamp> for u64 {
    fn from(at: Timestamp) -> u64 {
        at.0
    }
}

impl Timestamp {
    /// This moment and `millis` milliseconds.
    #[must_use]
    pub const fn after(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this moment; 0 when the clock went back.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_refuse_zero_and_what_javascript_cannot_hold() {
        assert_eq!(UserId::try_from(0), Err(NotAnId));
        assert_eq!(UserId::try_from(LARGEST + 1), Err(NotAnId));
        assert!(serde_json::from_str::<Timestamp>(&u64::MAX.to_string()).is_err());
        assert_eq!("7".parse::<ConversationId>().map(ConversationId::get), Ok(7));
        assert!(serde_json::from_str::<UserId>("-1").is_err());
        assert!(serde_json::from_str::<Seq>("9007199254740992").is_err());
        assert_eq!(serde_json::from_str::<Seq>("0").ok(), Some(Seq::ZERO));
    }
}
