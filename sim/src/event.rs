//! What can happen in a run.

use backend::bus;
use shared::client::{Socket, Timer};
use shared::id::{ClientId, ConversationId};
use shared::outbox::Pending;
use shared::tab::Word;

/// A page of a device, by its place among all pages that ever were.
pub(crate) type PageId = usize;
/// A connection, by its place among all that ever were.
pub(crate) type PipeId = usize;

/// One of a page's tries to connect: which of its client's sockets, and which of all its tries. Clients that come from
/// other pages count their sockets anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) socket: Socket,
    pub(crate) number: u64,
}

/// One thing that happens.
pub(crate) enum Event {
    /// A step of the plan.
    Step(usize),
    /// What a step did is over.
    Over(Relief),
    /// A page's request to connect has reached a server.
    Dial(PageId, Call),
    /// The server has let it in.
    Opened(PipeId),
    /// Nobody lets it in.
    Refused(PageId, Call),
    /// A frame of the page reaches the server.
    Up(PipeId),
    /// A frame of the server reaches the page.
    Down(PipeId),
    /// The page has left the connection.
    Left(PipeId),
    /// The page notices that the connection is gone.
    Lost(PipeId),
    /// A timer of a page's client, if it is still the one that was armed.
    Timer(PageId, Timer, u64),
    /// A leader's time is over.
    Patience(PageId, u64),
    /// Another page said something.
    Word(PageId, Box<Word>),
    /// The browser gives a page the lock.
    Lock(PageId),
    /// The browser takes the lock from a page.
    Unlock(PageId),
    /// Storage has written a deed.
    Kept(usize, PageId, Box<Pending>),
    /// Storage has removed a deed.
    Forgot(usize, ClientId),
    /// It is time to keep what a page shows of a conversation.
    Keep(PageId, ConversationId),
    /// Storage has been read.
    Loaded(PageId),
    /// News from another server, with the stillness that they were told in.
    Bus(usize, u64, Box<bus::Event>),
    /// The server was asked whether a page's session stands.
    Checked(PageId),
    /// A device was signed out.
    SignedOut(usize),
    /// A server dies in the middle of something.
    Crash(usize),
}

/// The end of a fault.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Relief {
    /// The disk has room again.
    Room,
    /// A server starts.
    Start(usize),
    /// A connection moves again.
    Flow(PipeId),
    /// A page wakes up.
    Thaw(PageId),
}
