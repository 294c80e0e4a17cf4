//! Why something was refused or a socket was closed. The server says codes; the client turns them into words.

use serde::{Deserialize, Serialize};

/// Why a request, frame or deed was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Not JSON, or JSON of another shape than its kind says.
    Malformed,
    /// A kind of frame or deed that this server does not know.
    UnknownKind,
    /// More bytes or items than allowed.
    TooLarge,
    /// A text with nothing in it.
    Empty,
    /// A text with fewer characters than asked for.
    TooShort,
    /// A text with more characters than allowed.
    TooLong,
    /// A text with a character that it may not have.
    BadCharacter,
    /// There is no such thing, or none that this person may see; the two are never told apart.
    NotFound,
    /// It is there, but this person may not do that.
    NotAllowed,
    /// It has happened already, so that it can no longer be changed or taken back.
    TooLate,
    /// Somebody has this sign-in name.
    NameTaken,
    /// Name and password do not match.
    WrongCredentials,
    /// Not signed in, or no longer.
    SignedOut,
    /// This server takes no new accounts.
    RegistrationClosed,
    /// An invitation is needed, and this one is unknown, used up or expired.
    InvitationNeeded,
    /// Too many tries; `retry_after` says when to come back.
    TooFast,
    /// The server is at its limit for the moment; try again.
    Busy,
    /// The page that asked is not this server's own.
    BadOrigin,
    /// The disk is full: nothing was stored.
    StorageFull,
    /// A fault of the server's own; its log has the cause.
    Internal,
    /// The server did not answer. Clients say this to themselves; it is never on the wire.
    Unreachable,
    /// A code of a newer server.
    #[serde(other)]
    Unknown,
}

impl Code {
    /// What it is called on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::UnknownKind => "unknown_kind",
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::BadCharacter => "bad_character",
            Self::NotFound => "not_found",
            Self::NotAllowed => "not_allowed",
            Self::TooLate => "too_late",
            Self::NameTaken => "name_taken",
            Self::WrongCredentials => "wrong_credentials",
            Self::SignedOut => "signed_out",
            Self::RegistrationClosed => "registration_closed",
            Self::InvitationNeeded => "invitation_needed",
            Self::TooFast => "too_fast",
            Self::Busy => "busy",
            Self::BadOrigin => "bad_origin",
            Self::StorageFull => "storage_full",
            Self::Internal => "internal",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the same deed may succeed later, so that an outbox keeps trying.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::TooFast | Self::Busy | Self::StorageFull | Self::Internal)
    }
}

/// Why the server closed a socket: WebSocket close codes, ours from 4000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Close {
    /// 1001: the server is going down; come back.
    GoingAway,
    /// 1002: what came was no WebSocket or no frame of this protocol.
    ProtocolError,
    /// 1007: a text message that is not UTF-8.
    NotText,
    /// 1009: a message larger than 64 KiB (on `/echo` 16 MiB).
    TooBig,
    /// 1012: the server restarts; come back.
    Restarting,
    /// 1013: too many at once; come back later.
    TryLater,
    /// 4001: this session was revoked; do not come back with it.
    Revoked,
    /// 4002: this client is too old; reload for a newer one.
    Outdated,
    /// 4003: the database is another incarnation; come back without cursors.
    EpochChanged,
    /// 4008: nothing could be written for 30 s; come back.
    TooSlow,
    /// 4029: too many frames; come back later.
    Flooding,
}

impl Close {
    const ALL: [(Self, u16); 11] = [
        (Self::GoingAway, 1001),
        (Self::ProtocolError, 1002),
        (Self::NotText, 1007),
        (Self::TooBig, 1009),
        (Self::Restarting, 1012),
        (Self::TryLater, 1013),
        (Self::Revoked, 4001),
        (Self::Outdated, 4002),
        (Self::EpochChanged, 4003),
        (Self::TooSlow, 4008),
        (Self::Flooding, 4029),
    ];

    /// The number on the wire.
    pub fn code(self) -> u16 {
        // Every variant stands in the table; 1011 (internal error) is what a forgotten one would say.
        Self::ALL.iter().find(|(close, _)| *close == self).map_or(1011, |(_, code)| *code)
    }

    /// What a number on the wire means here; `None` for codes that are not ours, which mean "come back".
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.iter().find(|(_, number)| *number == code).map(|(close, _)| *close)
    }

    /// Whether the client may connect again by itself.
    pub const fn comes_back(self) -> bool {
        !matches!(self, Self::Revoked | Self::Outdated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_close_code_has_its_own_number() {
        for (close, code) in Close::ALL {
            assert_eq!(close.code(), code);
            assert_eq!(Close::from_code(code), Some(close));
        }
        assert_eq!(Close::from_code(1006), None);
    }

    #[test]
    fn a_code_is_called_as_on_the_wire() {
        #[rustfmt::skip]
        let codes = [
            Code::Malformed, Code::UnknownKind, Code::TooLarge, Code::Empty, Code::TooShort, Code::TooLong,
            Code::BadCharacter, Code::NotFound, Code::NotAllowed, Code::TooLate, Code::NameTaken, Code::WrongCredentials,
            Code::SignedOut, Code::RegistrationClosed, Code::InvitationNeeded, Code::TooFast, Code::Busy,
            Code::BadOrigin, Code::StorageFull, Code::Internal, Code::Unreachable, Code::Unknown,
        ];
        for code in codes {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }

    #[test]
    fn a_code_of_a_newer_server_is_unknown_and_not_an_error() {
        assert_eq!(serde_json::from_str::<Code>("\"teapot\"").unwrap(), Code::Unknown);
    }
}
