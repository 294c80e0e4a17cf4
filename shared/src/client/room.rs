//! One conversation of a client: its row in the list, its timeline, and what is unread in it.

use crate::frame::PAGE;
use crate::id::{Seq, UserId};
use crate::model::{Change, Entry, Summary, What};
use crate::timeline::{Applied, Timeline};

/// When a conversation is opened, older pages are loaded until the first unread message is there, but not beyond so
/// many entries.
const LOOK_BACK: usize = 400;
/// Entries asked for at once.
pub(super) const PAGE_SIZE: u16 = 50;
const _: () = assert!(PAGE_SIZE as usize <= PAGE, "the server gives no larger page");

/// One conversation.
#[derive(Debug, Clone)]
pub struct Room {
    summary: Summary,
    timeline: Timeline,
    /// The head when the server last told the row: later changes are not yet in its numbers.
    told_at: Seq,
    /// Up to where this person has read, here or elsewhere.
    read: Seq,
    unread: Unread,
    /// Whether somebody looked at it, so that its history is wanted.
    opened: bool,
    /// The floor below which a page was asked for and has not come.
    paging: Option<Seq>,
    /// Whether a hole was noticed, and what is missing was asked for.
    mending: bool,
}

/// How many messages are unread: a count the server made of the log up to `as_of`, and those that came after.
#[derive(Debug, Clone, Copy)]
struct Unread {
    as_of: Seq,
    count: u32,
}

impl Room {
    pub(super) fn new(summary: Summary) -> Self {
        let unread = Unread { as_of: summary.head, count: summary.unread };
        let timeline = Timeline::starting_at(summary.since);
        let (told_at, read) = (summary.head, summary.read);
        Self { summary, timeline, told_at, read, unread, opened: false, paging: None, mending: false }
    }

    /// The row as the server last told it; `head`, `read` and `unread` go on from there in the methods below.
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

    /// How many messages are unread.
    pub fn unread(&self) -> u32 {
        self.unread.count
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

    /// A new connection goes on where this one stopped. Answers whether the server must be told of a read marker that
    /// it has not heard of.
    pub(super) fn resume(&mut self, summary: Summary) -> bool {
        self.cut();
        if summary.since != self.timeline.cursor() {
            let opened = self.opened;
            let read = self.read.max(summary.read);
            *self = Self { opened, ..Self::new(summary) };
            return self.set_read(read);
        }
        let last =
            self.summary.last.take().filter(|last| summary.last.as_ref().is_none_or(|l| l.seq < last.seq));
        self.unread = Unread { as_of: summary.head, count: summary.unread };
        self.told_at = summary.head;
        let ahead = self.read > summary.read;
        let read = self.read.max(summary.read);
        self.summary = Summary { last: last.or(summary.last), ..summary };
        self.set_read(read);
        ahead
    }

    /// Takes a change; a new one counts as unread, or moves the row, as it should.
    pub(super) fn apply(&mut self, change: Change, me: UserId) -> Applied {
        let seq = change.seq;
        let applied = self.timeline.apply(change);
        if applied != Applied::New {
            return applied;
        }
        self.mending = false;
        let entry = self.timeline.after(seq.previous()).next().cloned();
        if let Some(entry) = entry {
            if entry.counts_for(me) && seq > self.read && seq > self.unread.as_of {
                self.unread.count += 1;
            }
            match entry.what {
                What::Posted { .. } => self.summary.last = Some((*entry).clone()),
                What::Joined { .. } if seq > self.told_at => self.summary.members += 1,
                What::Joined { .. } | What::Created { .. } | What::Unknown => {}
            }
        }
        self.summary.head = self.summary.head.max(seq);
        applied
    }

    pub(super) fn skip(&mut self, to: Seq) {
        self.mending = false;
        self.timeline.skip(to);
    }

    /// A hole was noticed. Answers whether to ask for what is missing: once for each hole.
    pub(super) fn mend(&mut self) -> bool {
        !std::mem::replace(&mut self.mending, true)
    }

    /// This person has read up to `seq`, here. Answers whether that is news.
    pub(super) fn mark_read(&mut self, seq: Seq, me: UserId) -> bool {
        let seq = seq.min(self.summary.head);
        if seq <= self.read {
            return false;
        }
        self.read = seq;
        if seq >= self.unread.as_of.max(self.timeline.cursor()) {
            self.unread = Unread { as_of: seq, count: 0 };
        } else if seq.next() >= self.timeline.floor() && self.timeline.cursor() >= self.unread.as_of {
            let left = self.timeline.after(seq).filter(|entry| entry.counts_for(me)).count();
            self.unread =
                Unread { as_of: self.timeline.cursor(), count: u32::try_from(left).unwrap_or(u32::MAX) };
        }
        true
    }

    /// The server's word on what is read, from here or another device. Older words than what is known are ignored.
    pub(super) fn told_read(&mut self, read: Seq, unread: u32, as_of: Seq, me: UserId) {
        if read < self.read {
            return;
        }
        self.read = read;
        let later = self.timeline.after(as_of.max(read)).filter(|entry| entry.counts_for(me)).count();
        let count = unread.saturating_add(u32::try_from(later).unwrap_or(u32::MAX));
        self.unread = Unread { as_of: as_of.max(self.timeline.cursor()), count };
    }

    /// Somebody looks at it.
    pub(super) fn open(&mut self) {
        self.opened = true;
    }

    /// The place below which a page should be asked for now, so that the newest page and the first unread are here.
    pub(super) fn wants_page(&mut self) -> Option<Seq> {
        let to_first_unread = self.timeline.floor() > self.read.next() && self.timeline.len() < LOOK_BACK;
        let nothing_yet = self.timeline.len() < usize::from(PAGE_SIZE) / 2;
        if self.opened && (nothing_yet || (self.unread.count > 0 && to_first_unread)) {
            self.older()
        } else {
            None
        }
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

    /// The connection is gone, and with it what was asked for.
    pub(super) fn cut(&mut self) {
        self.paging = None;
        self.mending = false;
    }

    fn set_read(&mut self, read: Seq) -> bool {
        let ahead = read > self.read;
        if ahead {
            self.read = read;
        }
        if self.read >= self.unread.as_of {
            self.unread.count = 0;
        }
        ahead
    }
}
