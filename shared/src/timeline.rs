//! One conversation as a reader sees it: a piece of its log without holes, growing at both ends.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::Seq;
use crate::model::{Change, Entry};
use crate::sorted::Map;

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was the next one.
    New,
    /// It was here before.
    Duplicate,
    /// Changes between the cursor and this one are missing: ask for them; this one will come again.
    Gap,
}

/// All entries from `floor` up to `cursor`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Timeline {
    entries: Map<Seq, Arc<Entry>>,
    floor: Seq,
    cursor: Seq,
}

impl Timeline {
    /// Holds nothing yet; the changes after `cursor` will come.
    pub fn starting_at(cursor: Seq) -> Self {
        Self { entries: Map::new(), floor: cursor.next(), cursor }
    }

    /// The last place up to which everything is here.
    pub fn cursor(&self) -> Seq {
        self.cursor
    }

    /// The first place from which everything is here.
    pub fn floor(&self) -> Seq {
        self.floor
    }

    /// Whether the very first change is here, so that nothing older is to be loaded.
    pub fn reaches_the_beginning(&self) -> bool {
        self.floor.get() <= 1
    }

    /// Takes the next change of the log.
    pub fn apply(&mut self, change: Change) -> Applied {
        if change.seq <= self.cursor {
            return Applied::Duplicate;
        }
        if change.seq != self.cursor.next() {
            return Applied::Gap;
        }
        self.cursor = change.seq;
        self.fold(&change);
        if change.what.target().is_none() {
            self.entries.insert(change.seq, Arc::new(Entry::of(change)));
        }
        Applied::New
    }

    /// Folds a change into the entries that it concerns, as far as they are here and do not hold it yet.
    pub fn fold(&mut self, change: &Change) {
        for concerned in [change.what.target(), change.what.thread()].into_iter().flatten() {
            if let Some(entry) = self.entries.get_mut(&concerned) {
                Arc::make_mut(entry).fold(change);
            }
        }
    }

    /// The entry at a place, if it is here.
    pub fn get(&self, seq: Seq) -> Option<&Arc<Entry>> {
        self.entries.get(&seq)
    }

    /// Places up to `to` hold nothing for this reader.
    pub fn skip(&mut self, to: Seq) {
        self.cursor = self.cursor.max(to);
    }

    /// Takes a page of older entries: everything visible with `from` <= seq < `before`, with all changes up to the cursor
    /// folded in. Answers whether it fitted.
    pub fn prepend(&mut self, before: Seq, from: Seq, entries: Vec<Entry>) -> bool {
        if before != self.floor || from >= before {
            return false;
        }
        self.floor = from;
        self.entries.extend(entries.into_iter().map(|entry| (entry.seq, Arc::new(entry))));
        true
    }

    /// Takes a page that goes on where this ends: everything visible with `from` <= seq < `before`, of which what is here
    /// already is left aside. Answers whether it fitted.
    pub fn append(&mut self, before: Seq, from: Seq, entries: Vec<Entry>) -> bool {
        let to = self.cursor.next();
        if from > to || before <= to {
            return false;
        }
        let new = entries.into_iter().filter(|entry| (to..before).contains(&entry.seq));
        self.entries.extend(new.map(|entry| (entry.seq, Arc::new(entry))));
        self.cursor = before.previous();
        true
    }

    /// Whether a place lies in it.
    pub fn holds(&self, seq: Seq) -> bool {
        self.floor <= seq && seq <= self.cursor
    }

    /// The same with its newest `most` entries only.
    #[must_use]
    pub fn newest(&self, most: usize) -> Self {
        let mut newest = self.clone();
        newest.keep_newest(most);
        newest
    }

    /// Lets go of all but the newest `most` entries.
    pub fn keep_newest(&mut self, most: usize) {
        let Some(excess) = self.len().checked_sub(most).filter(|excess| *excess > 0) else { return };
        let floor = self.entries.keys().nth(excess).copied().unwrap_or(self.cursor.next());
        self.entries = self.entries.split_off(&floor);
        self.floor = floor.max(self.floor);
    }

    /// Lets go of all but the oldest `most` entries.
    pub fn keep_oldest(&mut self, most: usize) {
        let next = self.entries.keys().nth(most).copied();
        if let Some(next) = next {
            self.cut(next.previous());
        }
    }

    /// Lets go of everything after a place.
    pub fn cut(&mut self, to: Seq) {
        drop(self.entries.split_off(&to.next()));
        self.cursor = self.cursor.min(to);
    }

    /// A copy of the places around one that lies in it, with at most so many entries before it, and as many from it on.
    #[must_use]
    pub fn around(&self, seq: Seq, most: usize) -> Self {
        let mut piece = self.clone();
        let above = self.entries.range(..seq).count();
        piece.keep_newest(self.len() - above + most.min(above));
        piece.keep_oldest(most.min(above) + most);
        piece
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Arc<Entry>> {
        self.entries.values()
    }

    /// The entries after a place, oldest first.
    pub fn after(&self, seq: Seq) -> impl DoubleEndedIterator<Item = &Arc<Entry>> {
        self.entries.range(seq.next()..).map(|(_, entry)| entry)
    }

    /// How many entries are held.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Timestamp;
    use crate::model::What;

    fn seq(number: u64) -> Seq {
        Seq::try_from(number).unwrap()
    }

    fn change(number: u64) -> Change {
        Change {
            conversation: 1.try_into().unwrap(),
            seq: seq(number),
            at: Timestamp(number),
            author: 1.try_into().unwrap(),
            client_id: None,
            what: What::said("hi".try_into().unwrap()),
        }
    }

    fn held(timeline: &Timeline) -> Vec<u64> {
        timeline.entries().map(|entry| entry.seq.get()).collect()
    }

    #[test]
    fn changes_come_in_order_once_and_a_hole_is_noticed() {
        let mut timeline = Timeline::starting_at(seq(4));
        assert_eq!(timeline.apply(change(5)), Applied::New);
        assert_eq!(timeline.apply(change(5)), Applied::Duplicate);
        assert_eq!(timeline.apply(change(7)), Applied::Gap);
        assert_eq!(timeline.apply(change(6)), Applied::New);
        assert_eq!(held(&timeline), [5, 6]);
    }

    #[test]
    fn what_may_not_be_seen_leaves_no_hole() {
        let mut timeline = Timeline::starting_at(Seq::ZERO);
        timeline.skip(seq(8));
        assert_eq!(timeline.apply(change(9)), Applied::New);
        timeline.skip(seq(3));
        assert_eq!(timeline.cursor(), seq(9));
    }

    #[test]
    fn pages_fit_below_the_floor_and_nowhere_else() {
        let mut timeline = Timeline::starting_at(seq(4));
        timeline.apply(change(5));
        let page = |numbers: std::ops::RangeInclusive<u64>| {
            numbers.map(|n| Entry::of(change(n))).collect::<Vec<_>>()
        };
        assert!(!timeline.prepend(seq(3), seq(1), page(1..=2)));
        assert!(timeline.prepend(seq(5), seq(3), page(3..=4)));
        assert!(!timeline.prepend(seq(5), seq(3), page(3..=4)));
        assert!(timeline.prepend(seq(3), seq(1), page(1..=2)));
        assert!(timeline.reaches_the_beginning());
        assert_eq!(held(&timeline), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_page_goes_on_at_the_end_and_what_is_there_already_counts_once() {
        let mut timeline = Timeline::starting_at(seq(5));
        let page = |numbers: std::ops::RangeInclusive<u64>| {
            numbers.map(|n| Entry::of(change(n))).collect::<Vec<_>>()
        };
        assert!(timeline.prepend(seq(6), seq(4), page(4..=5)));
        assert!(!timeline.append(seq(9), seq(7), page(7..=8)), "6 would be missing");
        assert!(!timeline.append(seq(6), seq(4), page(4..=5)), "nothing new");
        assert!(timeline.append(seq(9), seq(5), page(5..=7)), "8 shows nothing");
        assert_eq!((held(&timeline), timeline.cursor()), (vec![4, 5, 6, 7], seq(8)));
    }

    #[test]
    fn a_piece_says_from_where_to_where_it_has_everything() {
        let mut timeline = Timeline::starting_at(Seq::ZERO);
        for n in 1..=9 {
            timeline.apply(change(n));
        }
        let check = |piece: Timeline, floor: u64, cursor: u64| {
            assert_eq!(held(&piece), (floor..=cursor).collect::<Vec<_>>());
            assert_eq!((piece.floor(), piece.cursor()), (seq(floor), seq(cursor)));
        };
        check(timeline.newest(3), 7, 9);
        check(timeline.newest(20), 1, 9);
        check(timeline.around(seq(5), 2), 3, 6);
        check(timeline.around(seq(1), 3), 1, 3);
        check(timeline.around(seq(9), 3), 6, 9);
        let mut oldest = timeline.clone();
        oldest.keep_oldest(4);
        check(oldest, 1, 4);
        assert_eq!(timeline.newest(0).floor(), seq(10));
    }
}
