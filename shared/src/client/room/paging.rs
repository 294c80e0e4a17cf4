//! Pages of older history: one question at a time, for the live timeline or for a window.

use serde::{Deserialize, Serialize};

use super::{Room, Viewer};
use crate::frame::PAGE;
use crate::id::Seq;
use crate::model::Entry;

/// When a conversation is opened, older pages are loaded until the first unread message is there, but not beyond so
/// many entries.
const LOOK_BACK: usize = 400;
/// Entries asked for at once.
pub(in crate::client) const PAGE_SIZE: u16 = 50;
/// Entries that the live timeline holds for one who scrolls up; whoever goes further has a window.
pub const LIVE: usize = 1_000;
const _: () = assert!(PAGE_SIZE as usize <= PAGE, "the server gives no larger page");

/// A page of history that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    /// It ends below this place.
    pub(super) before: Seq,
    /// For whose window; `None` for the live timeline.
    pub(super) viewer: Option<Viewer>,
}

impl Room {
    /// Whether a page of history is on its way.
    pub fn is_loading(&self) -> bool {
        self.paging.is_some_and(|asked| asked.viewer.is_none())
    }

    /// The place below which a page should be asked for now, so that the newest page and the first unread are here.
    pub(in crate::client) fn wants_page(&mut self) -> Option<Seq> {
        if self.paging.is_some() {
            return None;
        }
        if let Some(before) = self.wants_window_page() {
            return Some(before);
        }
        if std::mem::take(&mut self.wants_older) {
            return self.older();
        }
        if !self.opened {
            return None;
        }
        let nothing_yet = self.timeline.len() < usize::from(PAGE_SIZE) / 2;
        let to_first_unread = self.timeline.floor() > self.read.next() && self.timeline.len() < LOOK_BACK;
        if nothing_yet || (to_first_unread && self.unread() > 0) { self.older() } else { None }
    }

    /// The place below which a page should be asked for now, because somebody scrolls up.
    pub(in crate::client) fn older(&mut self) -> Option<Seq> {
        if self.timeline.reaches_the_beginning() || self.timeline.len() >= LIVE {
            return None;
        }
        if let Some(asked) = self.paging {
            self.wants_older = asked.viewer.is_some();
            return None;
        }
        let before = self.timeline.floor();
        self.paging = Some(Asked { before, viewer: None });
        Some(before)
    }

    /// A page came. Answers whether it was the one asked for, and fitted.
    pub(in crate::client) fn take_page(
        &mut self,
        before: Seq,
        from: Seq,
        as_of: Seq,
        mut entries: Vec<Entry>,
    ) -> bool {
        // One that does not fit is not asked for again on this connection: a faulty answer must not become a loop.
        let Some(asked) = self.paging.filter(|asked| asked.before == before) else { return false };
        let is_whole = self.strays.reach(as_of);
        self.strays.fold(as_of, &mut entries);
        if let Some(viewer) = asked.viewer {
            self.paging = None;
            self.questions_closed();
            self.want_quotes(entries.iter());
            return self.take_window_page(viewer, (before, from), is_whole.then_some(entries));
        }
        if !is_whole {
            self.paging = None;
            return false;
        }
        self.want_quotes(entries.iter());
        let fits = self.timeline.prepend(before, from, entries);
        if fits {
            self.paging = None;
            self.questions_closed();
        }
        fits
    }
}
