//! What a client is told, and what it says to do.

use serde::{Deserialize, Serialize};

use super::{Desk, End, Mine, Room, Viewer};
use crate::code::{Close, Code};
use crate::frame::{ClientFrame, Deed, ServerFrame};
use crate::id::{ClientId, ConversationId, Epoch, Seq, Timestamp, UserId};
use crate::link;
use crate::model::Person;
use crate::outbox::Pending;

/// What the moment brings: everything that a pure function cannot know.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Now {
    /// This device's clock.
    pub at: Timestamp,
    /// Any 64 bits, new at each step.
    pub random: u64,
}

/// What storage held when the page began.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Stored {
    /// Deeds on their way.
    pub pending: Vec<Pending>,
    /// Who was signed in, and with whom they talk.
    pub account: Option<Account>,
    /// Conversations with their newest history.
    pub rooms: Vec<Room>,
    /// This person's own state, of the same epoch.
    #[serde(default)]
    pub mine: Mine,
}

/// Who is signed in on a device, as that is kept for when there is no network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The incarnation of the server's database that everything kept belongs to.
    pub epoch: Epoch,
    /// Who it is.
    pub me: Person,
    /// The people whose names are known.
    pub people: Vec<Person>,
}

/// One of the sockets that the shell opened, counted from 1: words of an earlier one are ignored.
pub type Socket = u32;

/// What happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Input {
    /// Somebody is signed in: connect.
    Start,
    /// What storage held. Of what is known already, what is known counts.
    Restored(Box<Stored>),
    /// Another page of this browser held the socket, and is gone: this one connects. What the other was writing to
    /// storage is written again.
    TakeOver,
    /// The socket opened.
    Opened(Socket),
    /// A frame came.
    Received(Socket, Box<ServerFrame>),
    /// The socket closed, or could not be opened.
    Lost(Socket, Option<Close>),
    /// A timer fired.
    Fired(Timer),
    /// The device woke up, is online again, or somebody asked to try now.
    Wake,
    /// The person signed out here.
    SignOut,
    /// The server knows no session of ours; nobody here wished it to end.
    Expired,
    /// Storage holds this deed now, or never will and the person was told.
    Stored(ClientId),
    /// The person did something that goes into a log.
    Do(ClientId, Deed),
    /// The person wants a failed deed tried again.
    Retry(ClientId),
    /// The person gives a deed up that did not go out.
    Discard(ClientId),
    /// The person looks at a conversation: its history is wanted.
    Open(ConversationId),
    /// The person scrolled up: older history is wanted.
    LoadOlder(ConversationId),
    /// The person looks at single messages of a conversation.
    Quote(ConversationId, Vec<Seq>),
    /// The person has seen everything up to here.
    MarkRead(ConversationId, Seq),
    /// The person has a conversation before their eyes: what is of the moment there is wanted.
    Watch(ConversationId),
    /// The person is writing something.
    Type(ConversationId),
    /// The person typed something and paused, or looked away.
    Draft {
        /// Where.
        desk: Desk,
        /// What stood there when they began: what this page last told, or was told.
        was: String,
        /// What stands there now.
        text: String,
        /// To which message.
        reply: Option<Seq>,
    },
    /// The person takes the draft of another device.
    TakeDraft(Desk),
    /// The person keeps what is typed here, and not what another device has.
    KeepDraft(Desk),
    /// The person is shown the names of these.
    Meet(Vec<UserId>),
    /// On this page the person goes to a place of a conversation, wherever that is in its log.
    GoTo(Viewer, ConversationId, Seq),
    /// On this page the person reads at this place, far above the live end: it has a window of its own.
    Detach(Viewer, ConversationId, Seq),
    /// On this page the person comes near an end of its window.
    Extend(Viewer, End),
    /// On this page the person goes back to the live end of a conversation.
    LeaveWindow(Viewer, ConversationId),
}

impl Input {
    /// Whether a person did this; all else comes from the page's own socket, storage and timers.
    pub const fn is_of_person(&self) -> bool {
        matches!(
            self,
            Self::Wake
                | Self::SignOut
                | Self::Expired
                | Self::Do(..)
                | Self::Retry(_)
                | Self::Discard(_)
                | Self::Open(_)
                | Self::LoadOlder(_)
                | Self::Quote(..)
                | Self::MarkRead(..)
                | Self::Watch(_)
                | Self::Type(_)
                | Self::Draft { .. }
                | Self::TakeDraft(_)
                | Self::KeepDraft(_)
                | Self::Meet(_)
                | Self::GoTo(..)
                | Self::Detach(..)
                | Self::Extend(..)
                | Self::LeaveWindow(..)
        )
    }
}

/// The timers of a client. Arming one replaces an earlier one of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Timer {
    /// One of the connection's.
    Link(link::Timer),
    /// The pause that a busy server asked for is over: deeds go on.
    Outbox,
    /// The same for questions: markers, pages and holes.
    Questions,
    /// What was missing should have come by now.
    Mending,
    /// It is time to tell the server what has come.
    Got,
}

/// What the shell must do, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket with this number, and forget any other.
    Connect(Socket),
    /// Close the socket and hear no more of it.
    Disconnect,
    /// Send a frame over the open socket.
    Send(ClientFrame),
    /// Fire this timer after so many milliseconds, in place of an earlier one of the same kind.
    Arm(Timer, u64),
    /// Write this deed to storage; answer [`Input::Stored`] when it is `Writing`.
    Keep(Pending),
    /// Remove this deed from storage.
    Forget(ClientId),
    /// Something that is shown changed.
    Changed(Part),
    /// A deed is in the log.
    Done(ClientId, ConversationId, Seq),
    /// A message came that this person wants to be told of when they do not look.
    Notify(ConversationId, Seq),
    /// A deed of this person's own is done.
    Kept(ClientId),
    /// A deed was refused for good.
    Refused(ClientId, Code),
    /// Ask over HTTP whether the session still stands; if not, [`Input::Expired`].
    CheckSession,
    /// The person signed out, or the session was revoked: forget what is kept of this account, show the sign-in page.
    SignedOut,
    /// The session ran out: show the sign-in page, and keep what waits to be sent until this account is back.
    Expired,
}

impl Effect {
    /// Whether this concerns what a page shows; all else is for the page that holds the socket.
    pub const fn is_shown(&self) -> bool {
        matches!(
            self,
            Self::Changed(_)
                | Self::Done(..)
                | Self::Kept(_)
                | Self::Refused(..)
                | Self::SignedOut
                | Self::Expired
        )
    }
}

/// What of the client changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The state of the connection.
    Link,
    /// The order or a row of the list.
    List,
    /// Somebody's name.
    People,
    /// This person's own state: drafts, levels, what is scheduled.
    Own,
    /// The timeline of a conversation.
    Conversation(ConversationId),
    /// Who is writing something there.
    Typing(ConversationId),
}
