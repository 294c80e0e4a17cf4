//! One conversation of a client: its row in the list, its timeline, and what is unread in it.

mod asked;
mod bound;
mod hole;
mod paging;
mod receipts;
mod window;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use asked::Quote;
use asked::{Quoted, Strays};
use hole::Hole;
pub(super) use hole::Mend;
use paging::Asked;
pub use paging::LIVE;
pub(super) use paging::PAGE_SIZE;
use receipts::Receipts;
use window::Window;
pub use window::{End, Viewer};

use crate::id::{Seq, UserId};
use crate::model::{self, Change, Entry, Summary, UNREAD_COUNTED, What};
use crate::timeline::{Applied, Timeline};

/// Entries of each conversation that a device keeps for when there is no network.
const KEPT: usize = 200;
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
    /// The page that was asked for and has not come: one at a time.
    paging: Option<Asked>,
    /// Whether older history is wanted as soon as nothing else is asked.
    #[serde(default)]
    wants_older: bool,
    /// What the pages of this browser show apart from the live timeline.
    #[serde(default)]
    windows: BTreeMap<Viewer, Window>,
    /// The hole that was noticed, for which what is missing was asked for.
    hole: Option<Hole>,
    /// Whether its row was asked for anew, because what is here cannot be right.
    refreshing: bool,
    /// How far the others are.
    #[serde(default)]
    receipts: Receipts,
    /// Entries outside of the timeline that those inside speak of.
    #[serde(default)]
    quoted: Quoted,
    #[serde(default)]
    strays: Strays,
    /// The last change that may have altered what is pinned.
    #[serde(default)]
    pinned: Seq,
}

/// The server's last word on what is unread: so many in (`read`, `as_of`], and so many that call this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) read: Seq,
    pub(super) unread: u32,
    #[serde(default)]
    pub(super) mentions: u32,
    pub(super) as_of: Seq,
    /// Whether that can no longer be right: messages were taken back of which not all were counted.
    #[serde(default)]
    pub(super) is_stale: bool,
}

impl Told {
    fn of(summary: &Summary) -> Self {
        let Summary { read, unread, mentions, head, .. } = *summary;
        Self { read, unread, mentions, as_of: head, is_stale: false }
    }

    /// The change at `seq` took back a message at `target`, which called this person or not.
    fn recall(&mut self, seq: Seq, target: Seq, calls: bool) {
        if seq <= self.as_of || target <= self.read || target > self.as_of {
            return;
        }
        self.is_stale |= self.unread >= UNREAD_COUNTED || self.mentions >= UNREAD_COUNTED;
        if !self.is_stale {
            self.unread = self.unread.saturating_sub(1);
            self.mentions = self.mentions.saturating_sub(u32::from(calls));
        }
    }
}

impl Room {
    pub(super) fn new(summary: Summary, me: UserId) -> Self {
        let told = Told::of(&summary);
        Self {
            me,
            read: summary.read,
            timeline: Timeline::starting_at(summary.since),
            summary,
            told,
            telling: None,
            opened: false,
            paging: None,
            wants_older: false,
            windows: BTreeMap::new(),
            hole: None,
            refreshing: false,
            receipts: Receipts::default(),
            quoted: Quoted::default(),
            strays: Strays::default(),
            pinned: Seq::ZERO,
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
            wants_older: false,
            windows: BTreeMap::new(),
            hole: None,
            refreshing: false,
            receipts: self.receipts.clone(),
            quoted: Quoted::default(),
            strays: Strays::default(),
            pinned: Seq::ZERO,
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
        self.count(self.told.unread, Entry::counts_for)
    }

    /// How many of those call this person.
    pub fn mentions(&self) -> u32 {
        self.count(self.told.mentions, Entry::calls)
    }

    fn count(&self, told: u32, counts: fn(&Entry, UserId) -> bool) -> u32 {
        let counted_from = if self.read == self.told.read {
            // What came after the server counted, and what it counted.
            self.told.as_of.max(self.read)
        } else if self.read >= self.told.as_of || self.read.next() >= self.timeline.floor() {
            return self.loaded_after(self.read, counts);
        } else {
            // Read further here, but not so far that all the rest is loaded: the server will say.
            self.told.as_of
        };
        told.saturating_add(self.loaded_after(counted_from, counts)).min(UNREAD_COUNTED)
    }

    /// The newest message known.
    pub fn last(&self) -> Option<&Entry> {
        self.summary.last.as_ref()
    }

    /// The last change that may have altered what is pinned here: whoever shows that asks for it anew when this moves.
    pub fn pinned(&self) -> Seq {
        self.pinned
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
            let windows = std::mem::take(&mut self.windows);
            let windows = windows.into_iter().map(|(viewer, window)| (viewer, window.renewed())).collect();
            let receipts = std::mem::take(&mut self.receipts);
            *self = Self { opened: self.opened, read, windows, receipts, ..Self::new(summary, self.me) };
            return;
        }
        let is_newer = |mine: &Entry| summary.last.as_ref().is_none_or(|theirs| theirs.seq < mine.seq);
        let last = self.summary.last.take().filter(is_newer);
        self.told = Told::of(&summary);
        self.summary = Summary { last: last.or(summary.last), ..summary };
        self.read = read;
    }

    /// Takes a change; a new one moves the row as it should.
    pub(super) fn apply(&mut self, change: &Change) -> Applied {
        let applied = self.timeline.apply(change.clone());
        if applied != Applied::New {
            return applied;
        }
        self.hole = None;
        if self.summary.has_receipts() {
            self.receipts.pass(change.seq, change.what.passage());
        }
        self.fold_aside(change);
        self.apply_to_row(change);
        if let Some(entry) = self.timeline.get(change.seq).cloned() {
            self.want_quotes(std::iter::once(&*entry));
        }
        self.summary.head = self.summary.head.max(change.seq);
        self.stay_small();
        applied
    }

    fn apply_to_row(&mut self, change: &Change) {
        let seq = change.seq;
        match &change.what {
            What::Posted(_) => self.summary.last = Some(Entry::of(change.clone())),
            // A change that the row already told of does not count twice.
            What::Joined { .. } if seq > self.summary.head => self.summary.members += 1,
            What::Left { .. } if seq > self.summary.head => {
                self.summary.members = self.summary.members.saturating_sub(1);
            }
            What::Pinned { .. } => self.pinned = seq,
            What::Recalled { target, was } => {
                self.pinned = seq;
                if was.author != self.me {
                    self.told.recall(seq, *target, was.mentions.calls(self.me));
                }
            }
            _ => {}
        }
        if let Some(last) = &mut self.summary.last {
            last.fold(change);
        }
    }

    pub(super) fn skip(&mut self, to: Seq) {
        self.hole = None;
        self.timeline.skip(to);
    }

    /// Whether this is what the server says that it is, as far as the two can be compared now.
    pub(super) fn agrees(&self, as_of: Seq, read: Seq, print: u32) -> bool {
        let is_here = self.timeline.cursor() == as_of && self.told.as_of <= as_of;
        let is_comparable = is_here && !self.told.is_stale && self.read == read && self.told.read == read;
        !is_comparable || {
            let members = self.summary.members;
            model::print(as_of, read, self.unread(), self.mentions(), members) == print
        }
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
        if self.telling.is_some() || (self.read <= self.told.read && !self.told.is_stale) {
            return None;
        }
        self.told.is_stale = false;
        self.telling = Some(self.read);
        self.telling
    }

    /// The server's word on what is read, from here or another device. It never moves the marker back.
    pub(super) fn told_read(&mut self, told: Told) {
        let Told { read, as_of, .. } = told;
        if self.telling.is_some_and(|telling| telling <= read) {
            self.telling = None;
        }
        // Of two counts from the same marker the one of the longer log stands. One that was made before this connection
        // was welcomed, up to a place that is not here, says nothing of what came between. Its marker holds; if that is
        // news, the server is told of it, and counts again.
        let is_old = as_of < self.told.as_of && as_of.next() < self.timeline.floor();
        if (read, as_of) >= (self.told.read, self.told.as_of) && !is_old {
            self.told = told;
        }
        self.read = self.read.max(read);
    }

    /// Somebody looks at it.
    pub(super) fn open(&mut self) {
        if !std::mem::replace(&mut self.opened, true) {
            self.want_all_quotes();
        }
    }

    /// What was asked for will not be answered: the connection is gone, or the server refused for the moment. Answers
    /// whether a hole was being mended.
    pub(super) fn cut(&mut self) -> bool {
        self.telling = None;
        self.paging = None;
        self.wants_older = false;
        self.refreshing = false;
        self.receipts.cut();
        self.drop_questions();
        self.hole.take().is_some()
    }

    fn loaded_after(&self, seq: Seq, counts: fn(&Entry, UserId) -> bool) -> u32 {
        let counted = self.timeline.after(seq).filter(|entry| counts(entry, self.me));
        u32::try_from(counted.take(UNREAD_COUNTED as usize).count()).unwrap_or(UNREAD_COUNTED)
    }
}
