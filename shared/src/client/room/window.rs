//! Pieces of a conversation's log apart from its live end: each page of the browser may stand at one, having gone to
//! some place of long ago.
//!
//! A window is loaded by the same pages as the live timeline, takes the same changes, and ends when it meets it. All
//! pages of an account know of each other's windows, since all take the same steps: so a page that comes to lead, or
//! that is sent a snapshot, has its own where it was.

use serde::{Deserialize, Serialize};

use super::Room;
use super::paging::{Asked, LIVE, PAGE_SIZE};
use crate::id::{Seq, Timestamp};
use crate::model::{Change, Entry};
use crate::timeline::Timeline;

/// Entries that a window holds at most; it lets go of what is farther from where it grows.
pub(super) const HELD: usize = 1_000;
/// How many places after the one that is wanted the first page reaches.
const REACH: u64 = PAGE_SIZE as u64 / 2;
/// Entries taken over from the live timeline at once.
const TAKEN: usize = PAGE_SIZE as usize;
/// A page of newer history covers at most so many places, where most of them are no entries.
const STRIDE: u64 = 1_600;

/// Who looks through a window: a page of the browser, by its number.
pub type Viewer = u64;

/// An end of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// Towards the beginning.
    Older,
    /// Towards the newest.
    Newer,
}

/// A piece of the log around a place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::client) struct Window {
    /// What is here; `None` before the first page.
    timeline: Option<Timeline>,
    /// The place for which it was opened, later the end at which it grew last.
    around: Seq,
    wanted: Option<Wanted>,
    /// Over how many places the next newer page should reach.
    stride: u64,
    /// Whether such a page did not fit, so that entries stand ahead.
    is_close: bool,
    opened_at: Timestamp,
}

/// What should be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Wanted {
    /// The places around the one that somebody goes to, in place of what is here.
    Around,
    /// That place, which was not in the page: long messages stand behind it.
    Reach,
    /// What follows at an end.
    More(End),
}

impl Window {
    fn new(around: Seq, timeline: Option<Timeline>, opened_at: Timestamp) -> Self {
        let wanted = Some(Wanted::Around);
        Self { timeline, around, wanted, stride: u64::from(PAGE_SIZE), is_close: false, opened_at }
    }

    /// Everything is loaded anew, around the place where it was opened or grew last.
    pub(super) fn renewed(self) -> Self {
        Self::new(self.around, None, self.opened_at)
    }

    fn holds(&self, seq: Seq) -> bool {
        self.wanted != Some(Wanted::Reach)
            && self.timeline.as_ref().is_some_and(|timeline| timeline.holds(seq))
    }

    pub(super) fn fold(&mut self, change: &Change) {
        if let Some(timeline) = &mut self.timeline {
            timeline.fold(change);
        }
    }

    /// The place below which the page should end that is wanted now; nothing beyond the live timeline's floor is.
    fn before(&self, live: Seq) -> Option<Seq> {
        let beyond = |seq: Seq, by: u64| Seq::try_from(seq.get() + by).unwrap_or(Seq::LAST);
        match (self.wanted?, &self.timeline) {
            (Wanted::Around, _) | (_, None) => Some(beyond(self.around, REACH)),
            (Wanted::Reach | Wanted::More(End::Older), Some(timeline)) => Some(timeline.floor()),
            (Wanted::More(End::Newer), Some(timeline)) => {
                Some(beyond(timeline.cursor().next(), self.stride).min(live))
            }
        }
    }

    /// Takes the page that was wanted. One that cannot be right ends the wish.
    fn take(&mut self, before: Seq, from: Seq, entries: Vec<Entry>) {
        match (self.wanted.take(), &mut self.timeline) {
            (Some(Wanted::More(End::Newer)), Some(_)) => self.take_newer(before, from, entries),
            (Some(Wanted::More(End::Older)), Some(timeline)) => {
                timeline.prepend(before, from, entries);
                timeline.keep_oldest(HELD);
            }
            (Some(Wanted::Reach), Some(timeline)) => {
                if timeline.prepend(before, from, entries) {
                    self.reach();
                }
            }
            _ => {
                let mut timeline = Timeline::starting_at(before.previous());
                self.timeline = timeline.prepend(before, from, entries).then_some(timeline);
                self.reach();
            }
        }
    }

    fn reach(&mut self) {
        if self.timeline.as_ref().is_some_and(|timeline| timeline.floor() > self.around) {
            self.wanted = Some(Wanted::Reach);
        }
    }

    fn take_newer(&mut self, before: Seq, from: Seq, entries: Vec<Entry>) {
        let Some(timeline) = &mut self.timeline else { return };
        let held = timeline.len();
        if timeline.append(before, from, entries) {
            let came = timeline.len() - held;
            timeline.keep_newest(HELD);
            self.is_close &= came == 0;
            if came < TAKEN / 2 && !self.is_close {
                self.stride = (self.stride * 2).min(STRIDE);
            }
            if came == 0 {
                // Places that show nothing: on to the next ones.
                self.wanted = Some(Wanted::More(End::Newer));
            }
        } else if self.stride > 1 {
            // More stands there than fits into one page.
            self.stride /= 2;
            self.is_close = true;
            self.wanted = Some(Wanted::More(End::Newer));
        }
    }
}

impl Room {
    /// What a page shows of the log: its window, else the live timeline.
    pub fn shown(&self, viewer: Viewer) -> &Timeline {
        self.window(viewer).unwrap_or(&self.timeline)
    }

    /// The piece of the log apart from the live timeline at which a page stands.
    pub fn window(&self, viewer: Viewer) -> Option<&Timeline> {
        let window = self.windows.get(&viewer).filter(|window| window.wanted != Some(Wanted::Reach))?;
        window.timeline.as_ref()
    }

    /// What all pages show apart from the live timeline.
    pub fn windows(&self) -> impl Iterator<Item = &Timeline> {
        self.windows.values().filter_map(|window| window.timeline.as_ref())
    }

    /// Whether the place that a page goes to is still to come.
    pub fn is_going(&self, viewer: Viewer) -> bool {
        let window = self.windows.get(&viewer);
        window.is_some_and(|window| matches!(window.wanted, Some(Wanted::Around | Wanted::Reach)))
    }

    /// Whether a page's window already wants something.
    pub fn is_extending(&self, viewer: Viewer) -> bool {
        self.windows.get(&viewer).is_some_and(|window| window.wanted.is_some())
    }

    /// All windows: who looks through them, and since when.
    pub(in crate::client) fn viewers(&self) -> impl Iterator<Item = (Timestamp, Viewer)> {
        self.windows.iter().map(|(viewer, window)| (window.opened_at, *viewer))
    }

    /// A page goes to a place: where that is here, it stands there now, else a window is opened around it.
    pub(in crate::client) fn go_to(&mut self, viewer: Viewer, seq: Seq, now: Timestamp) {
        if seq >= self.timeline.floor() {
            self.windows.remove(&viewer);
            return;
        }
        let before = self.windows.remove(&viewer);
        let window = match before {
            Some(before) if before.holds(seq) => Window { around: seq, wanted: None, ..before },
            before => Window::new(seq, before.and_then(|before| before.timeline), now),
        };
        self.windows.insert(viewer, window);
    }

    /// A page reads so far above the live end that it keeps a piece of its own: the live timeline does not grow for it.
    pub(in crate::client) fn detach(&mut self, viewer: Viewer, seq: Seq, now: Timestamp) {
        if self.timeline.len() >= LIVE && self.timeline.holds(seq) && !self.windows.contains_key(&viewer) {
            let piece = self.timeline.around(seq, HELD / 2);
            let window = Window { wanted: None, ..Window::new(seq, Some(piece), now) };
            self.windows.insert(viewer, window);
            self.join(viewer);
        }
    }

    /// A page wants more at an end of its window.
    pub(in crate::client) fn extend(&mut self, viewer: Viewer, end: End) {
        let (floor, live) = (self.timeline.floor(), &self.timeline);
        let Some(window) = self.windows.get_mut(&viewer).filter(|window| window.wanted.is_none()) else {
            return;
        };
        let Some(timeline) = &mut window.timeline else { return };
        window.around = if end == End::Older { timeline.floor() } else { timeline.cursor() };
        match end {
            End::Older if timeline.reaches_the_beginning() => {}
            // What is on the live timeline need not be asked for.
            End::Older if timeline.floor() > floor => {
                let piece = live.around(timeline.floor(), TAKEN);
                let (before, from) = (timeline.floor(), piece.floor());
                let entries = piece.entries().filter(|entry| entry.seq < before);
                let entries = entries.map(|entry| (**entry).clone()).collect();
                timeline.prepend(before, from, entries);
                timeline.keep_oldest(HELD);
            }
            End::Newer if timeline.cursor().next() >= floor => {
                let after = timeline.cursor();
                let last = live.after(after).nth(TAKEN).map_or(live.cursor(), |next| next.seq.previous());
                let entries = live.after(after).take(TAKEN).map(|entry| (**entry).clone()).collect();
                timeline.append(last.next(), after.next(), entries);
                timeline.keep_newest(HELD);
            }
            end => window.wanted = Some(Wanted::More(end)),
        }
        self.join(viewer);
    }

    /// A page wants the live end. Answers whether it stood elsewhere.
    pub(in crate::client) fn leave_window(&mut self, viewer: Viewer) -> bool {
        self.windows.remove(&viewer).is_some()
    }

    /// The page of history that a window wants, if none is on its way.
    pub(super) fn wants_window_page(&mut self) -> Option<Seq> {
        let floor = self.timeline.floor();
        let mut wanted = self.windows.iter();
        let (viewer, before) = wanted.find_map(|(viewer, window)| Some((*viewer, window.before(floor)?)))?;
        self.paging = Some(Asked { before, viewer: Some(viewer) });
        Some(before)
    }

    /// A page came that a window asked for. Answers whether something shows it.
    pub(super) fn take_window_page(
        &mut self,
        viewer: Viewer,
        (before, from): (Seq, Seq),
        entries: Option<Vec<Entry>>,
    ) -> bool {
        let floor = self.timeline.floor();
        // Meanwhile its page may have gone elsewhere: then this is not what it wants.
        let window = self.windows.get_mut(&viewer).filter(|window| window.before(floor) == Some(before));
        let Some(window) = window else { return false };
        match entries {
            Some(entries) => window.take(before, from, entries),
            // Changes are missing that would have to be folded in.
            None => window.wanted = None,
        }
        if window.timeline.is_none() {
            self.windows.remove(&viewer);
        }
        self.join(viewer);
        true
    }

    /// A window that meets the live timeline becomes part of it, as far as that may grow; one that has come to its end
    /// is no longer needed.
    fn join(&mut self, viewer: Viewer) {
        let Some(window) = self.windows.get_mut(&viewer) else { return };
        let (floor, cursor) = (self.timeline.floor(), self.timeline.cursor());
        let Some(timeline) = window.timeline.as_mut().filter(|_| window.wanted.is_none()) else { return };
        if timeline.cursor().next() < floor {
            return;
        }
        timeline.cut(cursor);
        let below: Vec<Entry> =
            timeline.entries().filter(|entry| entry.seq < floor).map(|entry| (**entry).clone()).collect();
        let is_asking = self.paging.is_some_and(|asked| asked.viewer.is_none());
        let may_grow = self.timeline.len() + below.len() < LIVE && !is_asking;
        if may_grow && timeline.floor() < floor {
            self.timeline.prepend(floor, timeline.floor(), below);
        }
        if may_grow || timeline.cursor() >= cursor {
            self.windows.remove(&viewer);
        }
    }
}
