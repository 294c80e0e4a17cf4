//! What happens next: events in the order of their time, and among those of one time in the order they were planned.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::{Duration, Instant};

use crate::event::Event;

/// Shared by everything that plans.
pub(crate) struct Queue {
    begun: Instant,
    planned: Mutex<Planned>,
    changed: Notify,
}

#[derive(Default)]
struct Planned {
    heap: BinaryHeap<Reverse<Item>>,
    so_far: u64,
}

struct Item {
    at: u64,
    number: u64,
    event: Event,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl Eq for Item {}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl Queue {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { begun: Instant::now(), planned: Mutex::default(), changed: Notify::new() })
    }

    /// Milliseconds since the run began.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Plans an event for a moment.
    pub(crate) fn at(&self, at: u64, event: Event) {
        let mut planned = self.planned.lock();
        planned.so_far += 1;
        let number = planned.so_far;
        planned.heap.push(Reverse(Item { at, number, event }));
        self.changed.notify_one();
    }

    /// Plans an event so many milliseconds from now.
    pub(crate) fn after(&self, millis: u64, event: Event) {
        self.at(self.now() + millis, event);
    }

    /// The next event, when its time has come; `None` when that is not before `until`.
    pub(crate) async fn next(&self, until: u64) -> Option<Event> {
        loop {
            let due = self.planned.lock().heap.peek().map(|item| item.0.at);
            let now = self.now();
            if due.is_some_and(|due| due <= now) {
                return self.planned.lock().heap.pop().map(|item| item.0.event);
            }
            if now >= until {
                return None;
            }
            let wake = due.map_or(until, |due| due.min(until));
            tokio::select! {
                biased;
                () = self.changed.notified() => {}
                () = tokio::time::sleep_until(self.begun + Duration::from_millis(wake)) => {}
            }
        }
    }
}
