//! What a page is told, and what it says to do.

use super::Word;
use crate::client::{Effect, Input};

/// What happened to this page.
#[derive(Debug, Clone)]
pub enum Event {
    /// The page begins, and may hear others.
    Enter,
    /// The lock is this page's.
    Leads,
    /// Another page has taken the lock away.
    Deposed,
    /// Another page said something.
    Heard(Box<Word>),
    /// The time that a leader has is over.
    Fired,
    /// Something for the client: from the person, or from this page's socket, storage and timers.
    Client(Input),
}

/// What the shell must do, in this order.
#[derive(Debug, Clone)]
pub enum Act {
    /// Do what the client says.
    Perform(Effect),
    /// Say this to the other pages.
    Tell(Box<Word>),
    /// Tell [`Event::Fired`] after so many milliseconds, in place of an earlier time.
    Arm(u64),
    /// Take the lock away from who holds it; then tell [`Event::Leads`].
    Steal,
    /// Read what storage holds and tell it as [`Input::Restored`], and [`Input::Start`] if the page has just begun.
    Load,
    /// Nothing of the old client's timers counts any more.
    ForgetTimers,
}
