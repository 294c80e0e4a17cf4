//! Changes that are missing, or cannot be right: asked for again, and in the end the conversation is loaded afresh.

use serde::{Deserialize, Serialize};

use super::Room;
use crate::id::Seq;

/// How often what is missing is asked for before the conversation is loaded afresh.
const ASKED: u8 = 2;

/// Changes after `after` are missing, and were asked for so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hole {
    after: Seq,
    asked: u8,
}

/// What to do about a hole that should be mended by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::client) enum Mend {
    /// Ask for what comes after this place.
    CatchUp(Seq),
    /// Asking does not help: load it afresh.
    Refresh,
}

impl Room {
    /// A hole was noticed. Answers whether to ask for what is missing: once for each hole.
    pub(in crate::client) fn mend(&mut self) -> bool {
        let after = self.timeline.cursor();
        let is_new = self.hole.is_none_or(|hole| hole.after != after) && !self.refreshing;
        if is_new {
            self.hole = Some(Hole { after, asked: 1 });
        }
        is_new
    }

    /// Whether changes are missing that were asked for.
    pub(in crate::client) fn has_hole(&self) -> bool {
        self.hole.is_some()
    }

    /// Some time has passed since what is missing was asked for: if nothing came, it is asked for once more, and then
    /// no more.
    pub(in crate::client) fn mend_again(&mut self) -> Option<Mend> {
        let hole = self.hole.as_mut()?;
        if hole.asked < ASKED {
            hole.asked += 1;
            return Some(Mend::CatchUp(hole.after));
        }
        self.hole = None;
        self.refresh().then_some(Mend::Refresh)
    }

    /// What is here cannot be right. Answers whether to ask for the row: once, until it comes or the connection is gone.
    pub(in crate::client) fn refresh(&mut self) -> bool {
        !std::mem::replace(&mut self.refreshing, true)
    }
}
