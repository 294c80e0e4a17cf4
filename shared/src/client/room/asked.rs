//! Single entries that others speak of, and the answers to questions about older entries.
//!
//! An answer holds all changes up to some place. Changes that came since the question left may lie beyond that place, so
//! they are remembered while a question is open, and folded into its answer.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Room;
use crate::frame::ENTRIES;
use crate::id::Seq;
use crate::model::{Change, Entry};
use crate::timeline::Timeline;

/// Most changes remembered for open questions. Whoever needs an earlier one asks again.
const STRAYS: usize = 2_000;
/// With more single entries of one conversation a client keeps only those that something shown speaks of.
const QUOTED: usize = 1_000;

/// Changes to other entries that came while a question was open.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Strays {
    changes: VecDeque<Change>,
    /// The last one that did not fit.
    forgotten: Seq,
}

impl Strays {
    /// Whether every change after `as_of` is here.
    pub(super) fn reach(&self, as_of: Seq) -> bool {
        as_of >= self.forgotten
    }

    /// Folds what came after `as_of` into entries of an answer.
    pub(super) fn fold(&self, as_of: Seq, entries: &mut [Entry]) {
        for change in self.changes.iter().filter(|change| change.seq > as_of) {
            for entry in entries.iter_mut() {
                entry.fold(change);
            }
        }
    }

    fn put(&mut self, change: &Change) {
        if self.changes.len() >= STRAYS {
            self.forgotten = self.changes.pop_front().map_or(self.forgotten, |oldest| oldest.seq);
        }
        self.changes.push_back(change.clone());
    }
}

/// Entries outside of the timeline that entries inside of it speak of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Quoted {
    /// `None` for a place that holds nothing this person may see.
    entries: BTreeMap<Seq, Option<Arc<Entry>>>,
    wanted: BTreeSet<Seq>,
    asked: BTreeSet<Seq>,
}

/// What is known of an entry that another one speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote<'a> {
    /// This is it.
    Here(&'a Arc<Entry>),
    /// There is none, or none that this person may see.
    Nothing,
    /// It was asked for.
    Unknown,
}

impl Room {
    /// An entry that another one speaks of.
    pub fn quote(&self, seq: Seq) -> Quote<'_> {
        let shown = self.timeline.get(seq).or_else(|| self.windows().find_map(|window| window.get(seq)));
        match (shown, self.quoted.entries.get(&seq)) {
            (Some(entry), _) | (None, Some(Some(entry))) => Quote::Here(entry),
            (None, Some(None)) => Quote::Nothing,
            (None, None) => Quote::Unknown,
        }
    }

    /// Whether a question about older entries is open.
    fn is_asking(&self) -> bool {
        self.paging.is_some() || !self.quoted.asked.is_empty()
    }

    /// A change came: it may concern entries that are here singly, or are on their way.
    pub(super) fn fold_aside(&mut self, change: &Change) {
        let concerned = [change.what.target(), change.what.thread()];
        for seq in concerned.into_iter().flatten() {
            if let Some(Some(entry)) = self.quoted.entries.get_mut(&seq) {
                Arc::make_mut(entry).fold(change);
            }
        }
        for window in self.windows.values_mut() {
            window.fold(change);
        }
        if self.is_asking() && concerned.iter().any(Option::is_some) {
            self.strays.put(change);
        }
    }

    /// Entries came into the timeline: what they speak of is wanted.
    pub(super) fn want_quotes<'e>(&mut self, entries: impl Iterator<Item = &'e Entry>) {
        self.quoted.wanted.extend(entries.flat_map(spoken_of));
    }

    /// Somebody looks at single entries: they are wanted, and kept as they become.
    pub(in crate::client) fn want(&mut self, seqs: Vec<Seq>) {
        self.quoted.wanted.extend(seqs.into_iter().take(QUOTED));
    }

    /// Which entries should be asked for now.
    pub(in crate::client) fn wants_entries(&mut self) -> Vec<Seq> {
        if !self.opened || self.quoted.wanted.is_empty() || self.is_asking() {
            return Vec::new();
        }
        let mut wanted = std::mem::take(&mut self.quoted.wanted);
        // What a window holds may go with it.
        wanted.retain(|seq| self.timeline.get(*seq).is_none() && !self.quoted.entries.contains_key(seq));
        let rest = wanted.iter().nth(ENTRIES).copied().map(|seq| wanted.split_off(&seq));
        self.quoted.wanted = rest.unwrap_or_default();
        self.quoted.asked.clone_from(&wanted);
        wanted.into_iter().collect()
    }

    /// Entries that were asked for. Answers whether that is news.
    pub(in crate::client) fn take_entries(&mut self, as_of: Seq, mut entries: Vec<Entry>) -> bool {
        let asked = std::mem::take(&mut self.quoted.asked);
        if self.strays.reach(as_of) {
            self.strays.fold(as_of, &mut entries);
            if self.quoted.entries.len() > QUOTED {
                let spoken_of: BTreeSet<Seq> = self.all_shown().flat_map(|entry| spoken_of(entry)).collect();
                self.quoted.entries.retain(|seq, _| spoken_of.contains(seq));
            }
            let nothing = asked.into_iter().map(|seq| (seq, None));
            self.quoted.entries.extend(nothing);
            let found = entries.into_iter().map(|entry| (entry.seq, Some(Arc::new(entry))));
            self.quoted.entries.extend(found);
        } else {
            self.quoted.wanted.extend(asked);
        }
        self.questions_closed();
        true
    }

    /// What all entries here speak of is wanted, as far as it is not here.
    pub(super) fn want_all_quotes(&mut self) {
        let wanted: Vec<Seq> = self.all_shown().flat_map(|entry| spoken_of(entry)).collect();
        self.quoted.wanted.extend(wanted);
    }

    fn all_shown(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.timeline.entries().chain(self.windows().flat_map(Timeline::entries))
    }

    /// Open questions will not be answered.
    pub(super) fn drop_questions(&mut self) {
        let asked = std::mem::take(&mut self.quoted.asked);
        self.quoted.wanted.extend(asked);
        self.questions_closed();
    }

    /// When nothing is asked, nothing need be remembered.
    pub(super) fn questions_closed(&mut self) {
        if !self.is_asking() {
            self.strays = Strays::default();
        }
    }
}

/// The entries that one speaks of.
fn spoken_of(entry: &Entry) -> impl Iterator<Item = Seq> + use<> {
    let post = entry.message();
    post.and_then(|post| post.reply).into_iter().chain(post.and_then(|post| post.thread))
}
