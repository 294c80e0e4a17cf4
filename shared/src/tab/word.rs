//! What the pages of one account say to each other.

use serde::{Deserialize, Serialize};

use crate::client::{Client, Input, Now};

/// A page's number: any 64 bits, so that no two pages have the same.
pub type TabId = u64;

/// What one page says, and all others hear. A leader is named by its page and by how often it has led.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Word {
    /// A page is there and wants to know what it shows.
    Enter {
        /// Which one.
        tab: TabId,
    },
    /// Another page leads from now on.
    Lead {
        /// The leader.
        leader: (TabId, u32),
    },
    /// What the leader shows.
    Snapshot {
        /// The leader.
        leader: (TabId, u32),
        /// After so many steps.
        step: u64,
        /// All of it.
        client: Box<Client>,
    },
    /// The leader took a step: whoever shows the same takes it too, and goes on showing the same.
    Step {
        /// The leader.
        leader: (TabId, u32),
        /// Which step.
        step: u64,
        /// When, and with what dice.
        now: Now,
        /// What happened.
        input: Input,
        /// Whose wish that was, if it was one.
        wish: Option<(TabId, u64)>,
    },
    /// What a follower's person did and no leader is known to have done, in order and with its numbers: all of it each
    /// time, so that a page that has just begun to lead does not do the second thing first.
    Wish {
        /// On which page.
        tab: TabId,
        /// What.
        wishes: Vec<(u64, Input)>,
    },
}
