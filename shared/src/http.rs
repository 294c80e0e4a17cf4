//! What is said over HTTP: signing up and in, looking people, channels and messages up.

use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::id::{ConversationId, Seq, SessionId, Timestamp};
use crate::model::{Entry, List, Person};
use crate::text::{Body, DisplayName, Password, Title, UserName};

/// `POST /api/accounts`: makes an account and signs it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// What to sign in with.
    pub name: UserName,
    /// What to be called.
    pub display: DisplayName,
    /// The secret.
    pub password: Password,
    /// Where registration is by invitation: its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<InvitationCode>,
}

/// `POST /api/sessions` (answers with a cookie) and `POST /api/tokens` (answers with a bearer token): signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Whose account.
    pub name: UserName,
    /// The secret.
    pub password: Password,
}

/// Who is signed in: the answer to `POST /api/accounts`, `POST /api/sessions` and `GET /api/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The account.
    pub me: Person,
    /// The device.
    pub session: SessionId,
}

/// The answer to `POST /api/tokens`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Who is signed in.
    #[serde(flatten)]
    pub signed_in: SignedIn,
    /// To be sent as `Authorization: Bearer …`; shown once and stored only as a hash.
    pub token: String,
}

/// How new accounts come to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anyone may make one.
    Open,
    /// Whoever has an invitation.
    Invitation,
    /// Nobody.
    #[serde(other)]
    Closed,
}

/// `GET /api/server`: what a page must know before anyone signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Server {
    /// The version of the program, as in `magpie --version`.
    pub version: String,
    /// The level of the protocol it speaks.
    pub level: u32,
    /// How new accounts come to be. The first account is always let in, and owns the server.
    pub registration: Registration,
    /// Whether somebody owns it already.
    pub owned: bool,
}

/// `GET /api/people?q=…`: people whose names contain the query, at most [`FOUND`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Who was found, by display name.
    pub people: List<Person, FOUND>,
    /// Whether there are more than these.
    pub more: bool,
}

/// Most people or channels in one answer.
pub const FOUND: usize = 50;

/// A channel that anyone may join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Which one.
    pub id: ConversationId,
    /// Its name.
    pub title: Title,
    /// How many people are in it.
    pub members: u32,
    /// Whether the one who asks is in it.
    pub joined: bool,
}

/// `GET /api/channels?q=…`: channels whose names contain the query, at most [`FOUND`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channels {
    /// What was found, by title.
    pub channels: List<Channel, FOUND>,
    /// Whether there are more than these.
    pub more: bool,
}

/// Most texts of one message in one answer, and most pinned messages.
pub const TOLD: usize = 100;

/// `GET /api/conversations/{id}/messages/{seq}/versions`: what a message said, at most [`TOLD`] of its texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The newest of them, the oldest of these first; the last one stands there now.
    pub versions: List<Version, TOLD>,
}

/// One text that a message had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Since when; for display.
    pub at: Timestamp,
    /// What it said.
    pub body: Body,
}

/// `GET /api/conversations/{id}/pins`: what is pinned there, at most [`TOLD`] messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pins {
    /// The newest message first, with all changes folded in.
    pub entries: List<Entry, TOLD>,
}

/// `GET /api/conversations/{id}/threads/{seq}?before=`: the replies in a thread, at most [`TOLD`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replies {
    /// The message that opened it, if it may be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Entry>,
    /// The newest replies before the place that was named, the oldest of these first, with all changes folded in.
    pub entries: List<Entry, TOLD>,
    /// Whether there are earlier ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// Most messages in one answer.
pub const HITS: usize = 30;
/// Most people or channels beside them.
pub const NAMED: usize = 10;
/// Most places in a message that are marked.
pub const MARKS: usize = 20;

/// `GET /api/search?q=…`: what was found, of people and channels at most [`NAMED`] and of messages at most [`HITS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// Who is called so, where no condition but words was set.
    pub people: List<Person, NAMED>,
    /// What is called so, likewise.
    pub channels: List<Channel, NAMED>,
    /// Who said so: the newest first.
    pub hits: List<Hit, HITS>,
    /// What to name as `cursor` to get the messages that follow, if there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A message that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Where it is.
    pub conversation: ConversationId,
    /// What it shows now.
    pub entry: Entry,
    /// Where it says what was looked for: the first character, and how many (Unicode scalar values). In order, without
    /// overlap.
    pub marks: List<(u32, u32), MARKS>,
}

/// `GET /api/conversations/7/at?time=…`: where to go for that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The first place at or after it; the last of all where nothing came after it.
    pub seq: Seq,
}

/// `POST /api/invitations`: an invitation for one new account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// To be handed to the new person.
    pub code: InvitationCode,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// An invitation's secret: 1 to 64 ASCII letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InvitationCode(Box<str>);

impl InvitationCode {
    /// The code as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for InvitationCode {
    type Error = crate::text::TextError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let code = text.trim();
        match code.len() {
            0 => Err(crate::text::TextError::Empty),
            1..=64 if code.bytes().all(|b| b.is_ascii_alphanumeric()) => Ok(Self(code.into())),
            1..=64 => Err(crate::text::TextError::BadCharacter),
            _ => Err(crate::text::TextError::TooLong),
        }
    }
}

impl From<InvitationCode> for String {
    fn from(code: InvitationCode) -> String {
        code.0.into_string()
    }
}

/// The body of every answer that is not 2xx.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: Code,
    /// Which field of the request it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Seconds until a new try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}
