//! What is said over the socket at `/ws`: JSON text frames, each an object whose `t` names its kind.
//!
//! The wire grows and does not break: new kinds and optional fields raise [`LEVEL`]; what is unknown is ignored by
//! clients and refused by the server with [`Code::UnknownKind`]. PROTOCOL.md has a paragraph for each level.

use serde::{Deserialize, Serialize};

use crate::code::Code;
pub use crate::deed::Deed;
use crate::id::{ClientId, ConversationId, Epoch, Seq, Timestamp, UserId};
use crate::model::{Change, Entry, List, Person, Summary, is_zero};
use crate::own::{SLOTS_TOLD, Slot};
use crate::receipt::{GOT, Mark, RECEIPTS};
use crate::tagged::tagged;
use crate::text::DraftText;

/// The level of the protocol spoken here.
pub const LEVEL: u32 = 3;
/// The WebSocket subprotocol that both sides name.
pub const SUBPROTOCOL: &str = "magpie.v1";
/// Largest frame a client may send, in bytes.
pub const FRAME_BYTES: usize = 64 * 1024;
/// Most cursors in one hello; a client with more conversations names the newest.
pub const CURSORS: usize = 2_000;
/// Most entries in one page of history.
pub const PAGE: usize = 100;
/// Most single entries asked for in one frame.
pub const ENTRIES: usize = 50;
/// Most people asked for or told of in one frame.
pub const PEOPLE: usize = 100;
/// Most conversations in one welcome.
pub const CONVERSATIONS: usize = 10_000;

tagged! { "t",
/// From client to server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientFrame {
    /// The first frame, within 10 s of the upgrade: who speaks, and up to where it has every conversation.
    Hello {
        /// The highest level the client knows.
        level: u32,
        /// The incarnation its cursors belong to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<Epoch>,
        /// For each conversation the last seq up to which the client holds every change.
        #[serde(default)]
        cursors: List<(ConversationId, Seq), CURSORS>,
        /// Up to which version the client has its person's own state; without it, it wants none. Since level 3.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        own: Option<Seq>,
    },
    /// A deed. Answered by `done` or `refused` with the same `client_id`; a retry gets the first answer again.
    Do {
        /// Its identity, stored by the client before this left.
        client_id: ClientId,
        /// What to do.
        deed: Deed,
    },
    /// What was typed and not sent, for this person's other devices. Answered by `own`: with this draft, or with the
    /// newer one that is there. Since level 3.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// In which thread.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<Seq>,
        /// What; empty for no draft any more.
        text: DraftText,
        /// To which message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Seq>,
        /// The version of the draft that this one is made from; 0 when there was none. If the server has a newer one,
        /// that one stays.
        base: Seq,
    },
    /// This person has read the conversation up to here. Only moves forward.
    Read {
        /// Where.
        conversation: ConversationId,
        /// Up to which place.
        seq: Seq,
    },
    /// Asks for the entries before a place; answered by `page`.
    Page {
        /// Of which conversation.
        conversation: ConversationId,
        /// Only entries with a smaller seq; without it the newest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        /// At most so many, up to [`PAGE`].
        limit: u16,
    },
    /// Asks for single entries, which others speak of; answered by `entries`. Since level 3.
    Entries {
        /// Of which conversation.
        conversation: ConversationId,
        /// At which places.
        seqs: List<Seq, ENTRIES>,
    },
    /// Asks for all changes after a place once more: a client that saw a hole mends it so.
    CatchUp {
        /// Of which conversation.
        conversation: ConversationId,
        /// The last place up to which the client has everything.
        after: Seq,
    },
    /// Asks for a conversation's row anew, because what this client holds of it cannot be right; answered by
    /// `conversation`, after which the client loads it afresh. Since level 2.
    Refresh {
        /// Of which conversation.
        conversation: ConversationId,
        /// What is wrong.
        fault: Fault,
    },
    /// Asks who these are; answered by `people`.
    People {
        /// Whose names are wanted.
        ids: List<UserId, PEOPLE>,
    },
    /// This person looks at a conversation: tell this connection how far the others are, and who types, as it changes.
    /// Answered by `receipts`. It holds for the last eight that were named. Since level 3.
    Watch {
        /// Which one.
        conversation: ConversationId,
    },
    /// This person is writing something; said again about every 3 s while they do. Since level 3.
    Typing {
        /// Where.
        conversation: ConversationId,
    },
    /// This client has everything up to these places. Nothing answers. Since level 3.
    Got {
        /// For each conversation with something new in it the last such place.
        places: List<(ConversationId, Seq), GOT>,
    },
    /// Asks for a `pong`: is anybody there?
    Ping,
}
}

/// Why a client gives up what it holds of a conversation. The server counts these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A `check` told of another state than the client shows.
    Differs,
    /// What was missing was asked for twice and did not come.
    Stuck,
    /// A fault of a newer client.
    #[serde(other)]
    Unknown,
}

tagged! { "t",
/// From server to client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerFrame {
    /// The answer to `hello`: everything the list shows, and where each conversation goes on from.
    Welcome {
        /// The level the server speaks.
        level: u32,
        /// The incarnation that all seqs of this connection belong to.
        epoch: Epoch,
        /// The server's clock, for display.
        now: Timestamp,
        /// Who this connection belongs to.
        me: Person,
        /// All conversations this person is in. One that a client knows and this does not name is no longer theirs.
        conversations: List<Summary, CONVERSATIONS>,
        /// The people that the list shows.
        people: List<Person, CONVERSATIONS>,
    },
    /// One change, in the order of the log.
    Changed {
        /// The change.
        change: Change,
    },
    /// Places up to here hold nothing this person may see: they are no loss.
    Skipped {
        /// Of which conversation.
        conversation: ConversationId,
        /// The last such place.
        to: Seq,
    },
    /// A conversation that is new in this person's list.
    Conversation {
        /// Its row; changes after `since` follow.
        summary: Summary,
    },
    /// A conversation is no longer this person's: they left it or were removed. Nothing of it follows.
    Gone {
        /// Which one.
        conversation: ConversationId,
    },
    /// A deed is in the log, durably.
    Done {
        /// Which deed.
        client_id: ClientId,
        /// Where it went.
        conversation: ConversationId,
        /// At which place.
        seq: Seq,
    },
    /// A deed of this person's own is done, durably: `own` tells all their devices. Since level 3.
    Kept {
        /// Which deed.
        client_id: ClientId,
        /// The version that it made.
        version: Seq,
    },
    /// This person's own state: what is newer than what the client has. Comes after every welcome, even with nothing
    /// in it, and whenever something changes. Since level 3.
    Own {
        /// The newest value of each slot that changed, by version.
        slots: List<Slot, SLOTS_TOLD>,
        /// The client has everything up to here.
        version: Seq,
        /// Whether the client drops what it has before it takes this: that is of another time.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        anew: bool,
        /// Whether more follows by itself.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        more: bool,
    },
    /// A deed was not done, a question not answered, or a frame not understood. Nothing was stored.
    Refused {
        /// Which deed, when it could be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
        /// The conversation that any other frame named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
        /// Why.
        code: Code,
        /// For passing codes: milliseconds until a new try makes sense.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// A piece of history.
    Page {
        /// Of which conversation.
        conversation: ConversationId,
        /// What `page` asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Seq>,
        /// Every visible entry with `from` <= seq < `before` is in here; 1 when the beginning is reached.
        from: Seq,
        /// All changes up to this place are folded in.
        as_of: Seq,
        /// The entries, oldest first.
        entries: List<Entry, PAGE>,
    },
    /// Single entries, as of one moment. Those that are not there, or not to be seen, are left out.
    Entries {
        /// Of which conversation.
        conversation: ConversationId,
        /// All changes up to this place are folded in.
        as_of: Seq,
        /// The entries, oldest first.
        entries: List<Entry, ENTRIES>,
    },
    /// This person's read marker and unread count, after `read` here or on another device.
    Read {
        /// Where.
        conversation: ConversationId,
        /// Up to which place.
        seq: Seq,
        /// How many in (`seq`, `as_of`] count as unread, at most [`crate::model::UNREAD_COUNTED`].
        unread: u32,
        /// How many of those call this person, at most [`crate::model::UNREAD_COUNTED`].
        #[serde(default, skip_serializing_if = "is_zero")]
        mentions: u32,
        /// The head when this was counted.
        as_of: Seq,
    },
    /// What this person's view of a conversation comes to, for the client to compare. Since level 3 it counts mentions,
    /// and clients of earlier levels do not get it.
    Check {
        /// Of which conversation.
        conversation: ConversationId,
        /// When its head was here. A client whose cursor is elsewhere has nothing to compare.
        as_of: Seq,
        /// And this person had read up to here. A client that has read elsewhere has nothing to compare, either.
        read: Seq,
        /// [`crate::model::print`] of it.
        print: u32,
    },
    /// People: asked for, or changed.
    People {
        /// Who.
        people: List<Person, PEOPLE>,
    },
    /// Somebody else is writing something. Forget it after 6 s, or when something of theirs comes. Since level 3.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
    },
    /// How far others are in a conversation, of those who tell. Since level 3.
    Receipts {
        /// In which one.
        conversation: ConversationId,
        /// Whether these are all there are, as the answer to `watch`; otherwise those that have moved.
        all: bool,
        /// How far they are.
        marks: List<Mark, RECEIPTS>,
    },
    /// The answer to `ping`.
    Pong,
    /// A kind of a newer server, to be ignored.
    #[serde(other)]
    Unknown,
}
}
