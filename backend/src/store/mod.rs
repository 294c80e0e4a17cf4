//! The store as a port: each method is one whole transaction, named in words of the domain.

mod sqlite;
mod types;

use async_trait::async_trait;
use shared::code::Code;
use shared::frame::Deed;
use shared::http::{Replies, Version};
use shared::id::{ClientId, ConversationId, Epoch, Seq, SessionId, Timestamp, UserId};
use shared::model::{Entry, Kind, Membership, Person};
use shared::own::{Own, Scheduled};
use shared::receipt::Mark;
use shared::text::{Title, UserName};

pub use sqlite::{CheckError, Checked, OpenError, SqliteStore, check};
#[cfg(feature = "sim")]
pub use sqlite::{Disk, Fate, Verdict};
pub use types::{
    Admission, Credentials, Following, Found, FoundChannel, Habits, History, Hit, Hits, Kept, Listed,
    Listing, NewAccount, NewChange, Noted, Outcome, OwnNews, Portion, ReadMarker, Say, Search, SecretHash,
    Session, SignedUp, Standing,
};

/// Why the store did not do what was asked. Nothing was stored then.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or none that this person may see.
    #[error("not found")]
    NotFound,
    /// Somebody has this sign-in name.
    #[error("this name is taken")]
    NameTaken,
    /// No new accounts are taken.
    #[error("registration is closed")]
    RegistrationClosed,
    /// No invitation, or one that is unknown, used up or expired.
    #[error("an invitation is needed")]
    InvitationNeeded,
    /// It is there, but this person may not do that with it.
    #[error("not allowed")]
    NotAllowed,
    /// More of something than a message, or a person, can have.
    #[error("too many")]
    TooMany,
    /// Fewer of something than it must have.
    #[error("too few")]
    TooFew,
    /// A person is in as many conversations as anyone can be.
    #[error("in too many conversations")]
    TooManyConversations,
    /// It has happened already, and cannot be changed or taken back.
    #[error("too late")]
    TooLate,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// A fault in the database or in our use of it; the text is for the log.
    #[error("fault in the store: {0}")]
    Fault(String),
}

/// What every method answers.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Everything that outlives the program. What a method that writes has answered with `Ok` is durable.
#[async_trait]
pub trait Store: Send + Sync {
    /// This incarnation of the database.
    async fn epoch(&self) -> Result<Epoch>;
    /// Whether somebody owns the server already.
    async fn is_owned(&self) -> Result<bool>;

    /// Makes an account, signs it in, and has it join every conversation that everyone is in. The first one owns the server and is let
    /// in whatever `admission` says.
    async fn sign_up(&self, account: NewAccount, admission: Admission) -> Result<SignedUp>;
    /// Whose account has this name, and the hash of its password.
    async fn credentials(&self, name: UserName) -> Result<Credentials>;
    /// Signs a device in.
    async fn add_session(&self, user: UserId, token: SecretHash, at: Timestamp) -> Result<SessionId>;
    /// The session with this token, if it was seen after `seen_after`.
    async fn session(&self, token: SecretHash, seen_after: Timestamp) -> Result<Session>;
    /// Whether this session has not been ended.
    async fn session_stands(&self, session: SessionId) -> Result<bool>;
    /// Notes that a session was seen.
    async fn touch_session(&self, session: SessionId, at: Timestamp) -> Result<()>;
    /// Ends a session for ever.
    async fn end_session(&self, session: SessionId) -> Result<()>;
    /// Keeps an invitation for one account.
    async fn invite(&self, by: UserId, code: SecretHash, expires_at: Timestamp) -> Result<()>;

    /// Those of these people that exist.
    async fn people(&self, ids: Vec<UserId>) -> Result<Vec<Person>>;
    /// At most `limit` people whose name or display name contains `query`, by display name.
    async fn find_people(&self, query: String, limit: usize) -> Result<Found<Person>>;
    /// At most `limit` of the people who are in a conversation that this person is in, by display name.
    async fn members(
        &self,
        user: UserId,
        conversation: ConversationId,
        limit: usize,
    ) -> Result<Found<Person>>;
    /// At most `limit` channels whose title contains `query`, by title.
    async fn find_channels(&self, user: UserId, query: String, limit: usize) -> Result<Found<FoundChannel>>;

    /// The newest messages that this person may see and that are wanted, at most as many as asked for. A conversation
    /// or cursor that they may not see is [`StoreError::NotFound`].
    async fn search(&self, user: UserId, search: Search) -> Result<Hits>;
    /// The first place of a conversation that this person may see at or after a moment; its last one where nothing came
    /// after.
    async fn first_at(&self, user: UserId, conversation: ConversationId, moment: Timestamp) -> Result<Seq>;

    /// Which conversations this person is in.
    async fn conversations_of(&self, user: UserId) -> Result<Vec<ConversationId>>;
    /// All conversations this person is in, newest first, as of one moment.
    async fn listing(&self, user: UserId) -> Result<Listing>;
    /// How far each conversation of this person's has come, and how far they have read.
    async fn standings(&self, user: UserId) -> Result<Vec<Standing>>;
    /// One row of the listing.
    async fn listed(&self, user: UserId, conversation: ConversationId) -> Result<Listed>;
    /// This person's place in a conversation, if they are in it.
    async fn membership(&self, user: UserId, conversation: ConversationId) -> Result<Membership>;

    /// Says something. The author's membership is checked in the same transaction, here and in all that follow.
    async fn post(&self, new: NewChange, conversation: ConversationId, say: Say) -> Result<Outcome>;
    /// Says once more, under its author's name, what was said at `from`.
    async fn forward(
        &self,
        new: NewChange,
        conversation: ConversationId,
        from: (ConversationId, Seq),
    ) -> Result<Outcome>;
    /// Alters the message that the deed names; finds it done where it is so already.
    async fn amend(&self, new: NewChange, deed: Deed) -> Result<Outcome>;
    /// Makes a group or channel with `people` and its maker in it.
    async fn make(&self, new: NewChange, kind: Kind, title: Title, people: Vec<UserId>) -> Result<Outcome>;
    /// Opens the one direct conversation of two people, or finds it.
    async fn open_direct(&self, new: NewChange, with: UserId) -> Result<Outcome>;
    /// Joins a channel; who is in it already stays so.
    async fn join(&self, new: NewChange, conversation: ConversationId) -> Result<Outcome>;
    /// Brings a person into a conversation; who is in it already stays so.
    async fn add(&self, new: NewChange, conversation: ConversationId, user: UserId) -> Result<Outcome>;
    /// Takes a person out of a conversation, or oneself; who has gone already stays so.
    async fn remove(&self, new: NewChange, conversation: ConversationId, user: UserId) -> Result<Outcome>;
    /// Moves the read marker forward to `seq` or the head; never backward.
    async fn read_up_to(&self, user: UserId, conversation: ConversationId, seq: Seq) -> Result<ReadMarker>;
    /// Moves forward up to where people have got things, never backward, never beyond the head, and only where they are
    /// in; answers how far those are now who are to be told of, of all that were named.
    async fn note_got(&self, noted: Vec<Noted>) -> Result<Vec<(ConversationId, Mark)>>;
    /// How far the others in a conversation are, of those who tell; nobody where that is not told.
    async fn marks(&self, user: UserId, conversation: ConversationId) -> Result<Vec<Mark>>;
    /// What this person tells others of themselves.
    async fn habits(&self, user: UserId) -> Result<Habits>;

    /// A portion of the visible entries before a place, or of the newest.
    async fn history(
        &self,
        user: UserId,
        conversation: ConversationId,
        before: Option<Seq>,
        portion: Portion,
    ) -> Result<History>;
    /// Single entries, those of them that this person may see, oldest first.
    async fn entries(&self, user: UserId, conversation: ConversationId, seqs: Vec<Seq>) -> Result<History>;
    /// A portion of the newest texts of a message, the oldest of these first. One that was taken back has none.
    async fn versions(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
        portion: Portion,
    ) -> Result<Vec<Version>>;
    /// A portion of what is pinned, the newest message first.
    async fn pins(&self, user: UserId, conversation: ConversationId, portion: Portion) -> Result<Vec<Entry>>;
    /// A portion of the newest visible replies in a thread, or of those before a place, the oldest of these first; the
    /// message that opened it, if it is visible; and whether there are earlier ones.
    async fn replies(
        &self,
        user: UserId,
        conversation: ConversationId,
        thread: Seq,
        before: Option<Seq>,
        portion: Portion,
    ) -> Result<Replies>;
    /// A portion of the changes after a place, visible or not, with the membership that decides which are. Who has left
    /// gets what they lack up to their leaving, and beyond that [`StoreError::NotFound`].
    async fn changes_after(
        &self,
        user: UserId,
        conversation: ConversationId,
        after: Seq,
        portion: Portion,
    ) -> Result<Following>;

    /// What of a person's own state is newer than what a device has; all of it when that is of another time.
    async fn own_after(&self, user: UserId, after: Option<Seq>, portion: Portion) -> Result<OwnNews>;
    /// Keeps a draft that was made from version `base`; says whether it did. A newer one stays.
    async fn keep_draft(&self, user: UserId, draft: Own, base: Seq) -> Result<bool>;
    /// Sets something of the author's own.
    async fn keep(&self, new: NewChange, own: Own) -> Result<Kept>;
    /// Has a person follow a thread, unless they said that they do or do not. Answers whether that is news.
    async fn follow(&self, user: UserId, conversation: ConversationId, thread: Seq) -> Result<bool>;
    /// Schedules a message of the author's, or changes one that is not being posted yet.
    async fn schedule(&self, new: NewChange, message: Scheduled) -> Result<Kept>;
    /// Takes a scheduled message back.
    async fn unschedule(&self, new: NewChange, id: ClientId) -> Result<Kept>;
    /// When the next scheduled message is due, or was.
    async fn next_due(&self) -> Result<Option<Timestamp>>;
    /// Takes up to `limit` messages that are due: from now on nobody changes them. They are named again until they are
    /// settled.
    async fn claim_due(&self, now: Timestamp, limit: usize) -> Result<Vec<(UserId, Scheduled)>>;
    /// A message that was due has been posted, or could not be.
    async fn settle_due(&self, user: UserId, message: Scheduled, failed: Option<Code>) -> Result<()>;
}
