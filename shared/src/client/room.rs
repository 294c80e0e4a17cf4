//! One conversation of a client: its row in the list, its timeline, and what is unread in it.

mod hole;
mod receipts;

use serde::{Deserialize, Serialize};

use hole::Hole;
pub(super) use hole::Mend;
use receipts::Receipts;

use crate::frame::PAGE;
use crate::id::{Seq, UserId};
use crate::model::{self, Change, Entry, Summary, UNREAD_COUNTED, What};
use crate::timeline::{Applied, Timeline};

/// When a conversation is opened, older pages are loaded until the first unread message is there, but not beyond so
/// many entries.
const LOOK_BACK: usize = 400;
/// Entries asked for at once.
pub(super) const PAGE_SIZE: u16 = 50;
/// Entries of each conversation that a device keeps for when there is no network.
const KEPT: usize = 200;
const _: () = assert!(PAGE_SIZE as usize <= PAGE, "the server gives no larger page");

/// One conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Room {
    me: UserId,
    summary: Summary,
    timeline: Timeline,
    /// Up to where this person has read, here or elsewhere.
    read: Seq,
    told: Told,
    /// The marker that the server was told and has not answered.
    telling: Option<Seq>,
    /// Whether somebody looked at it, so that its history is wanted.
    opened: bool,
    /// The floor below which a page was asked for and has not come.
    paging: Option<Seq>,
    /// The hole that was noticed, for which what is missing was asked for.
    hole: Option<Hole>,
    /// Whether its row was asked for anew, because what is here cannot be right.
    refreshing: bool,
    /// How far the others are.
    #[serde(default)]
    receipts: Receipts,
}

/// The server's last word on what is unread: so many in (`read`, `as_of`].
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Told {
    read: Seq,
    unread: u32,
    as_of: Seq,
}

impl Room {
    pub(super) fn new(summary: Summary, me: UserId) -> Self {
        let told = Told { read: summary.read, unread: summary.unread, as_of: summary.head };
        Self {
            me,
            read: summary.read,
            timeline: Timeline::starting_at(summary.since),
            summary,
            told,
            telling: None,
            opened: false,
            paging: None,
            hole: None,
            refreshing: false,
            receipts: Receipts::default(),
        }
    }

    /// What a device keeps of it: the newest entries, and nothing of this connection.
    pub(super) fn kept(&self) -> Self {
        Self {
            me: self.me,
            summary: self.summary.clone(),
            timeline: self.timeline.newest(KEPT),
            read: self.read,
            told: self.told,
            telling: None,
            opened: false,
            paging: None,
            hole: None,
            refreshing: false,
            receipts: self.receipts.clone(),
        }
    }

    /// Whether it is this person's.
    pub(super) fn is_of(&self, me: UserId) -> bool {
        self.me == me
    }

    /// The row as the server last told it, kept up with the changes since; `read` and `unread` are asked for below.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What is loaded of its log.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Up to where this person has read.
    pub fn read(&self) -> Seq {
        self.read
    }

    /// How many messages are unread, at most [`UNREAD_COUNTED`]: a function of the log and the read marker.
    pub fn unread(&self) -> u32 {
        let counted_from = if self.read == self.told.read {
            // What came after the server counted, and what it counted.
            self.told.as_of.max(self.read)
        } else if self.read >= self.told.as_of || self.read.next() >= self.timeline.floor() {
            return self.loaded_after(self.read);
        } else {
            // Read further here, but not so far that all the rest is loaded: the server will say.
            self.told.as_of
        };
        self.told.unread.saturating_add(self.loaded_after(counted_from)).min(UNREAD_COUNTED)
    }

    /// The newest message known.
    pub fn last(&self) -> Option<&Entry> {
        self.summary.last.as_ref()
    }

    /// Whether a page of history is on its way.
    pub fn is_loading(&self) -> bool {
        self.paging.is_some()
    }

    /// Whether it was looked at and its first page is here.
    pub fn is_ready(&self) -> bool {
        self.opened && (!self.timeline.is_empty() || self.timeline.reaches_the_beginning())
    }

    /// A new connection goes on where this one stopped, or starts anew where the server says so.
    pub(super) fn resume(&mut self, summary: Summary) {
        let is_given_up = self.refreshing;
        self.cut();
        let read = self.read.max(summary.read);
        if summary.since != self.timeline.cursor() || is_given_up {
            let receipts = std::mem::take(&mut self.receipts);
            *self = Self { opened: self.opened, read, receipts, ..Self::new(summary, self.me) };
            return;
        }
        let is_newer = |mine: &Entry| summary.last.as_ref().is_none_or(|theirs| theirs.seq < mine.seq);
        let last = self.summary.last.take().filter(is_newer);
        self.told = Told { read: summary.read, unread: summary.unread, as_of: summary.head };
        self.summary = Summary { last: last.or(summary.last), ..summary };
        self.read = read;
    }

    /// Takes a change; a new one moves the row as it should.
    pub(super) fn apply(&mut self, change: Change) -> Applied {
        let (seq, passage) = (change.seq, change.what.passage());
        let applied = self.timeline.apply(change);
        if applied != Applied::New {
            return applied;
        }
        self.hole = None;
        if self.summary.has_receipts() {
            self.receipts.pass(seq, passage);
        }
        if let Some(entry) = self.timeline.after(seq.previous()).next() {
            match entry.what {
                What::Posted { .. } => self.summary.last = Some((**entry).clone()),
                // A change that the row already told of does not count twice.
                What::Joined { .. } if seq > self.summary.head => self.summary.members += 1,
                What::Left { .. } if seq > self.summary.head => {
                    self.summary.members = self.summary.members.saturating_sub(1);
                }
                What::Joined { .. } | What::Left { .. } | What::Created { .. } | What::Unknown => {}
            }
        }
        self.summary.head = self.summary.head.max(seq);
        applied
    }

    pub(super) fn skip(&mut self, to: Seq) {
        self.hole = None;
        self.timeline.skip(to);
    }

    /// Whether this is what the server says that it is, as far as the two can be compared now.
    pub(super) fn agrees(&self, as_of: Seq, read: Seq, print: u32) -> bool {
        let is_here = self.timeline.cursor() == as_of && self.told.as_of <= as_of;
        let is_comparable = is_here && self.read == read && self.told.read == read;
        !is_comparable || model::print(as_of, read, self.unread(), self.summary.members) == print
    }

    /// This person has read up to `seq`, here, and with it what follows and counts for nobody: their own messages, and
    /// what this client shows no row for. Answers whether that is news.
    pub(super) fn mark_read(&mut self, seq: Seq) -> bool {
        let mut seq = seq.min(self.timeline.cursor());
        if seq.next() >= self.timeline.floor() {
            let next = self.timeline.after(seq).find(|entry| entry.counts_for(self.me));
            seq = next.map_or(self.timeline.cursor(), |entry| entry.seq.previous());
        }
        let is_news = seq > self.read;
        self.read = self.read.max(seq);
        is_news
    }

    /// The marker that the server should be told now: one at a time, however fast somebody scrolls.
    pub(super) fn tell_read(&mut self) -> Option<Seq> {
        if self.telling.is_some() || self.read <= self.told.read {
            return None;
        }
        self.telling = Some(self.read);
        self.telling
    }

    /// The server's word on what is read, from here or another device. It never moves the marker back.
    pub(super) fn told_read(&mut self, read: Seq, unread: u32, as_of: Seq) {
        if self.telling.is_some_and(|telling| telling <= read) {
            self.telling = None;
        }
        // Of two counts from the same marker the one of the longer log stands. One that was made before this connection
        // was welcomed, up to a place that is not here, says nothing of what came between. Its marker holds; if that is
        // news, the server is told of it, and counts again.
        let is_old = as_of < self.told.as_of && as_of.next() < self.timeline.floor();
        if (read, as_of) >= (self.told.read, self.told.as_of) && !is_old {
            self.told = Told { read, unread, as_of };
        }
        self.read = self.read.max(read);
    }

    /// Somebody looks at it.
    pub(super) fn open(&mut self) {
        self.opened = true;
    }

    /// The place below which a page should be asked for now, so that the newest page and the first unread are here.
    pub(super) fn wants_page(&mut self) -> Option<Seq> {
        if !self.opened || self.paging.is_some() {
            return None;
        }
        let nothing_yet = self.timeline.len() < usize::from(PAGE_SIZE) / 2;
        let to_first_unread = self.timeline.floor() > self.read.next() && self.timeline.len() < LOOK_BACK;
        if nothing_yet || (to_first_unread && self.unread() > 0) { self.older() } else { None }
    }

    /// The place below which a page should be asked for now, because somebody scrolls up.
    pub(super) fn older(&mut self) -> Option<Seq> {
        if self.paging.is_some() || self.timeline.reaches_the_beginning() {
            return None;
        }
        self.paging = Some(self.timeline.floor());
        self.paging
    }

    /// A page came. Answers whether it was the one asked for, and fitted.
    pub(super) fn take_page(&mut self, before: Seq, from: Seq, entries: Vec<Entry>) -> bool {
        let fits = self.paging == Some(before) && self.timeline.prepend(before, from, entries);
        if fits {
            self.paging = None;
        }
        // One that does not fit is not asked for again on this connection: a faulty answer must not become a loop.
        fits
    }

    /// What was asked for will not be answered: the connection is gone, or the server refused for the moment. Answers
    /// whether a hole was being mended.
    pub(super) fn cut(&mut self) -> bool {
        self.telling = None;
        self.paging = None;
        self.refreshing = false;
        self.receipts.cut();
        self.hole.take().is_some()
    }

    fn loaded_after(&self, seq: Seq) -> u32 {
        let counted = self.timeline.after(seq).filter(|entry| entry.counts_for(self.me));
        u32::try_from(counted.take(UNREAD_COUNTED as usize).count()).unwrap_or(UNREAD_COUNTED)
    }
}
