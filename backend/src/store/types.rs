//! What goes into the store and comes out of it.

use shared::id::{ClientId, ConversationId, Seq, SessionId, Timestamp, UserId};
use shared::message::Card;
use shared::model::{Change, Entry, Membership, Person, Summary};
use shared::own::Slot;
use shared::text::{Body, DisplayName, Title, UserName};

/// The SHA-256 of a token or invitation code: what the store keeps instead of the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);

/// An account to be made.
#[derive(Debug)]
pub struct NewAccount {
    /// What to sign in with.
    pub name: UserName,
    /// What to be called.
    pub display: DisplayName,
    /// The hash of the password, as a PHC string.
    pub password: String,
    /// The hash of the secret of its first session.
    pub token: SecretHash,
    /// Now.
    pub at: Timestamp,
}

#[cfg(test)]
impl NewAccount {
    /// One of this name that nobody signs in to.
    pub(crate) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned().try_into().unwrap(),
            display: name.to_owned().try_into().unwrap(),
            password: String::new(),
            token: SecretHash(std::array::from_fn(|_| fastrand::u8(..))),
            at: Timestamp(2),
        }
    }
}

/// On what grounds a new account asks to be let in.
#[derive(Debug, Clone, Copy)]
pub enum Admission {
    /// Anyone is.
    Open,
    /// By this invitation, if by any.
    Invitation(Option<SecretHash>),
    /// Nobody is.
    Closed,
}

/// An account that was made.
#[derive(Debug)]
pub struct SignedUp {
    /// Whose.
    pub person: Person,
    /// The session that began with it.
    pub session: SessionId,
    /// What that changed in the conversations that everyone is in.
    pub changes: Vec<Change>,
}

/// What a password is checked against.
#[derive(Debug)]
pub struct Credentials {
    /// Whose account it is.
    pub person: Person,
    /// The hash of the password, as a PHC string.
    pub password: String,
}

/// A signed-in device.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which one.
    pub id: SessionId,
    /// Whose.
    pub person: Person,
    /// When it was last noted to be in use.
    pub seen_at: Timestamp,
}

/// The most that was asked for, and whether there is more.
#[derive(Debug)]
pub struct Found<T> {
    /// What was found.
    pub items: Vec<T>,
    /// Whether there is more than this.
    pub more: bool,
}

/// A channel as a search finds it.
#[derive(Debug)]
pub struct FoundChannel {
    /// Which one.
    pub id: ConversationId,
    /// Its name.
    pub title: Title,
    /// How many people are in it.
    pub members: u32,
    /// Whether the one who asks is.
    pub joined: bool,
}

/// What is looked for among messages. Only what meets all conditions is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// What they say; nothing is said by all.
    pub words: String,
    /// In this conversation.
    pub conversation: Option<ConversationId>,
    /// By this person.
    pub author: Option<UserId>,
    /// At this moment or later.
    pub after: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
    /// With a link.
    pub has_link: bool,
    /// With a file.
    pub has_file: bool,
    /// That calls the one who asks, and is not by them.
    pub mentions_me: bool,
    /// Stored before this one: the last one of the page before.
    pub cursor: Option<(ConversationId, Seq)>,
    /// At most so many.
    pub limit: usize,
}

/// A message that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where it is.
    pub conversation: ConversationId,
    /// What it shows now.
    pub entry: Entry,
}

/// Messages that were looked for.
#[derive(Debug)]
pub struct Hits {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// Whether there are more than these.
    pub more: bool,
}

/// A conversation in one person's list, and what of it they may see.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The row; its `since` is its `head`.
    pub summary: Summary,
    /// What they may see.
    pub membership: Membership,
}

/// How far a conversation has come, and one person in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which conversation.
    pub conversation: ConversationId,
    /// The last place in its log.
    pub head: Seq,
    /// Up to where the person has read.
    pub read_up_to: Seq,
}

/// One person's whole list as of one moment.
#[derive(Debug)]
pub struct Listing {
    /// The rows, newest first.
    pub rows: Vec<Listed>,
    /// The people that the rows show.
    pub people: Vec<Person>,
}

/// By whom, as which deed and when a change is made.
#[derive(Debug, Clone, Copy)]
pub struct NewChange {
    /// Who does it.
    pub author: UserId,
    /// Its identity among all of the author's deeds.
    pub client_id: ClientId,
    /// Now.
    pub at: Timestamp,
}

/// A message as somebody wants it said.
#[derive(Debug, Clone)]
pub struct Say {
    /// What.
    pub body: Body,
    /// The message it answers.
    pub reply: Option<Seq>,
    /// A message of the thread it belongs to.
    pub thread: Option<Seq>,
    /// What people can fill in below it.
    pub card: Option<Card>,
    /// Who is connected, if it may call those here.
    pub here: Vec<UserId>,
}

impl From<Body> for Say {
    fn from(body: Body) -> Self {
        Self { body, reply: None, thread: None, card: None, here: Vec::new() }
    }
}

#[cfg(test)]
impl Say {
    /// Just this.
    pub(crate) fn text(text: &str) -> Self {
        shared::text::Body::try_from(text).unwrap().into()
    }
}

/// Where a deed went.
#[derive(Debug)]
pub struct Outcome {
    /// In which log it is.
    pub conversation: ConversationId,
    /// At which place.
    pub seq: Seq,
    /// The change, if this call made it; a retry made none.
    pub change: Option<Change>,
    /// Whether the author's draft was emptied, because it said just this.
    pub emptied: bool,
}

/// What a deed of one's own made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its version.
    pub version: Seq,
    /// Whether this call made it; a retry made none.
    pub is_new: bool,
}

/// What of a person's own state a device lacks.
#[derive(Debug)]
pub struct OwnNews {
    /// By version.
    pub slots: Vec<Slot>,
    /// With these, the device has everything up to here.
    pub version: Seq,
    /// Whether what it had before counts no more.
    pub anew: bool,
    /// Whether there is more than this.
    pub more: bool,
}

/// How far a person has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadMarker {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Up to which place.
    pub seq: Seq,
    /// How many in (`seq`, `as_of`] count as unread.
    pub unread: u32,
    /// How many of those call this person.
    pub mentions: u32,
    /// The head when this was counted.
    pub as_of: Seq,
    /// Whether this call moved it.
    pub moved: bool,
}

/// Up to where a person's device says it has a conversation; [`Seq::ZERO`] where only how far they are is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// Where.
    pub conversation: ConversationId,
    /// Whose.
    pub user: UserId,
    /// Up to which place.
    pub got: Seq,
}

/// What a person lets others know, and so is told of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habits {
    /// How far they have got and read.
    pub receipts: bool,
    /// That they type.
    pub typing: bool,
}

impl Habits {
    /// Nothing.
    pub const NONE: Self = Self { receipts: false, typing: false };
}

/// How much is read at once. Both bounds hold, but one item always comes.
#[derive(Debug, Clone, Copy)]
pub struct Portion {
    /// At most so many.
    pub items: usize,
    /// At most about so many bytes.
    pub bytes: usize,
}

/// What comes after a place in a log.
#[derive(Debug)]
pub struct Following {
    /// What of it may be seen.
    pub membership: Membership,
    /// The head when this was read.
    pub as_of: Seq,
    /// The next changes, visible or not; none after the last that somebody who has left may see.
    pub changes: Vec<Change>,
    /// Whether there are more than these.
    pub more: bool,
}

/// A piece of history.
#[derive(Debug)]
pub struct History {
    /// Every visible entry from here on is in it; 1 when the beginning is reached.
    pub from: Seq,
    /// The head when this was read.
    pub as_of: Seq,
    /// Oldest first.
    pub entries: Vec<Entry>,
}
