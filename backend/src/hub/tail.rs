//! The newest changes of one conversation, encoded once for everybody.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;
use shared::frame::ServerFrame;
use shared::id::Seq;
use shared::model::{Change, Passage};

use super::encode;

/// How many changes a tail keeps at most.
const KEPT: usize = 256;
/// How many bytes of them, besides the newest one.
const KEPT_BYTES: usize = 256 * 1024;

/// One change, ready to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framed {
    /// Its place.
    pub seq: Seq,
    /// As it goes over the wire.
    pub frame: Utf8Bytes,
    /// Whose coming or going it is: what the log says of that holds from the next place on.
    pub passage: Option<Passage>,
}

impl Framed {
    /// A change, encoded.
    pub fn of(change: Change) -> Self {
        let (seq, passage) = (change.seq, change.what.passage());
        Self { seq, frame: encode(&ServerFrame::Changed { change }), passage }
    }
}

/// What a tail has for a cursor.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// These changes come next, without a hole.
    Frames(Vec<Framed>),
    /// Nothing newer is known.
    UpToDate,
    /// The next change is committed, but has not been heard of yet.
    Hole,
    /// The next change is no longer kept: the store has it.
    Behind,
}

/// Frames by seq, from `first` on. A place that has not been heard of yet is `None`: events may come out of order.
#[derive(Debug, Default)]
pub(super) struct Tail {
    first: u64,
    frames: VecDeque<Option<Framed>>,
    bytes: usize,
}

impl Tail {
    /// Puts a change at its place. What is older than all that is kept is left to the store.
    pub(super) fn put(&mut self, framed: Framed) {
        let seq = framed.seq;
        if self.frames.is_empty() {
            self.first = seq.get();
        }
        let Some(place) = seq.get().checked_sub(self.first).and_then(|place| usize::try_from(place).ok())
        else {
            return;
        };
        if place >= self.frames.len() + KEPT {
            // Far ahead of all that is kept: begin anew from there.
            let bytes = framed.frame.len();
            *self = Self { first: seq.get(), bytes, frames: VecDeque::from([Some(framed)]) };
            return;
        }
        while self.frames.len() <= place {
            self.frames.push_back(None);
        }
        self.bytes += framed.frame.len();
        self.bytes -= self.frames[place].replace(framed).map_or(0, |before| before.frame.len());
        while self.frames.len() > KEPT || (self.bytes > KEPT_BYTES && self.frames.len() > 1) {
            self.bytes -= self.frames.pop_front().flatten().map_or(0, |oldest| oldest.frame.len());
            self.first += 1;
        }
    }

    /// What comes after `cursor`: one frame at least, then as many as fit into `bytes`.
    pub(super) fn after(&self, cursor: Seq, bytes: usize) -> Taken {
        let next = cursor.get() + 1;
        let end = self.first + self.frames.len() as u64;
        if self.frames.is_empty() || next >= end {
            return Taken::UpToDate;
        }
        let Some(skip) = next.checked_sub(self.first).and_then(|skip| usize::try_from(skip).ok()) else {
            return Taken::Behind;
        };
        let (mut taken, mut size) = (Vec::new(), 0);
        for framed in self.frames.iter().skip(skip) {
            let Some(framed) = framed else { break };
            if size > 0 && size + framed.frame.len() > bytes {
                break;
            }
            size += framed.frame.len();
            taken.push(framed.clone());
        }
        if taken.is_empty() { Taken::Hole } else { Taken::Frames(taken) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(number: u64) -> Seq {
        Seq::try_from(number).unwrap()
    }

    fn framed(number: u64, text: impl Into<Utf8Bytes>) -> Framed {
        Framed { seq: seq(number), frame: text.into(), passage: None }
    }

    fn tail(seqs: impl IntoIterator<Item = u64>) -> Tail {
        let mut tail = Tail::default();
        for number in seqs {
            tail.put(framed(number, number.to_string()));
        }
        tail
    }

    fn check(tail: &Tail, cursor: u64, expected: &[u64]) {
        let frames = expected.iter().map(|number| framed(*number, number.to_string())).collect();
        assert_eq!(tail.after(seq(cursor), 1_000_000), Taken::Frames(frames));
    }

    #[test]
    fn a_cursor_gets_what_it_lacks() {
        check(&tail([5, 6, 7]), 4, &[5, 6, 7]);
        check(&tail([5, 6, 7]), 6, &[7]);
        assert_eq!(tail([5, 6, 7]).after(seq(7), 100), Taken::UpToDate);
        assert_eq!(tail([5, 6, 7]).after(seq(9), 100), Taken::UpToDate);
        assert_eq!(tail([5, 6, 7]).after(seq(3), 100), Taken::Behind);
        assert_eq!(tail([]).after(seq(3), 100), Taken::UpToDate);
    }

    #[test]
    fn a_hole_is_not_jumped_over_and_closes_when_the_late_one_comes() {
        let mut holed = tail([5, 7]);
        check(&holed, 4, &[5]);
        assert_eq!(holed.after(seq(5), 100), Taken::Hole);
        holed.put(framed(6, "6"));
        check(&holed, 5, &[6, 7]);
        // 4 comes after 5, so the tail never had it: the store has.
        holed.put(framed(4, "4"));
        assert_eq!(holed.after(seq(3), 100), Taken::Behind);
    }

    #[test]
    fn only_the_newest_are_kept_and_a_leap_begins_anew() {
        let long = tail(1..=1_000);
        assert_eq!(long.after(seq(743), 100), Taken::Behind);
        assert!(matches!(long.after(seq(744), 1_000_000), Taken::Frames(frames) if frames.len() == KEPT));
        let leapt = tail([1, 2, 5_000_000]);
        assert_eq!(leapt.after(seq(1), 100), Taken::Behind);
        check(&leapt, 4_999_999, &[5_000_000]);
    }

    #[test]
    fn large_changes_are_kept_by_their_bytes_and_the_newest_always() {
        let mut tail = Tail::default();
        for number in 1..=20 {
            tail.put(framed(number, "x".repeat(KEPT_BYTES / 10)));
        }
        assert_eq!(tail.after(seq(9), 1), Taken::Behind);
        assert!(matches!(tail.after(seq(10), usize::MAX), Taken::Frames(frames) if frames.len() == 10));
        // The same one once more takes no more room.
        tail.put(framed(20, "x".repeat(KEPT_BYTES / 10)));
        assert!(matches!(tail.after(seq(10), usize::MAX), Taken::Frames(frames) if frames.len() == 10));
        tail.put(framed(21, "x".repeat(2 * KEPT_BYTES)));
        assert!(matches!(tail.after(seq(20), 1), Taken::Frames(frames) if frames.len() == 1));
        assert_eq!(tail.after(seq(19), 1), Taken::Behind);
    }

    #[test]
    fn credit_bounds_what_is_taken_but_one_always_goes() {
        let tail = tail([10, 11, 12]);
        assert!(matches!(tail.after(seq(9), 4), Taken::Frames(frames) if frames.len() == 2));
        assert!(matches!(tail.after(seq(9), 1), Taken::Frames(frames) if frames.len() == 1));
    }
}
