//! How often something was tried of late.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use parking_lot::Mutex;
use shared::id::Timestamp;

use super::REMEMBERED;

/// Tries within a window of time, by who makes them.
///
/// A try is noted before its outcome is known, so that many at once do not slip through; one that shall not count is
/// taken back.
pub struct Tries<K> {
    most: usize,
    window: u64,
    noted: Mutex<HashMap<K, Vec<Timestamp>>>,
}

impl<K: Eq + Hash> Tries<K> {
    /// At most so many within so many milliseconds.
    pub fn new(most: usize, window: u64) -> Self {
        Self { most, window, noted: Mutex::default() }
    }

    /// Notes a try, or says how long to wait before the next.
    pub fn begin(&self, who: K, now: Timestamp) -> Result<(), Duration> {
        let mut noted = self.noted.lock();
        if noted.len() >= REMEMBERED {
            noted.retain(|_, times| times.iter().any(|at| self.counts(*at, now)));
        }
        if noted.len() >= REMEMBERED {
            // Someone fills the table. Forgetting all costs an attacker's progress as much as anyone's.
            noted.clear();
        }
        let times = noted.entry(who).or_default();
        times.retain(|at| self.counts(*at, now));
        if let Some(oldest) = times.first().filter(|_| times.len() >= self.most) {
            return Err(Duration::from_millis(self.window - now.since(*oldest)));
        }
        times.push(now);
        Ok(())
    }

    /// The try that began then does not count.
    pub fn take_back(&self, who: &K, begun: Timestamp) {
        let mut noted = self.noted.lock();
        let Some(times) = noted.get_mut(who) else { return };
        if let Some(place) = times.iter().position(|at| *at == begun) {
            times.remove(place);
        }
        if times.is_empty() {
            noted.remove(who);
        }
    }

    /// None of their tries counts any more.
    pub fn forgive(&self, who: &K) {
        self.noted.lock().remove(who);
    }

    fn counts(&self, at: Timestamp, now: Timestamp) -> bool {
        now.since(at) < self.window
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_bar_one_and_nobody_else_until_the_first_is_a_window_old() {
        let tries = Tries::new(5, 900_000);
        for second in 0..5 {
            assert_eq!(tries.begin("mei", Timestamp(second * 1_000)), Ok(()));
        }
        assert_eq!(tries.begin("mei", Timestamp(5_000)), Err(Duration::from_secs(895)));
        assert_eq!(tries.begin("lin", Timestamp(5_000)), Ok(()));
        assert_eq!(tries.begin("mei", Timestamp(900_000)), Ok(()));
        assert!(tries.begin("mei", Timestamp(900_001)).is_err());
        tries.forgive(&"mei");
        assert_eq!(tries.begin("mei", Timestamp(900_001)), Ok(()));
    }

    #[test]
    fn a_try_that_is_taken_back_leaves_room_and_nothing_behind() {
        let tries = Tries::new(1, 1_000);
        assert_eq!(tries.begin("mei", Timestamp(7)), Ok(()));
        assert!(tries.begin("mei", Timestamp(8)).is_err());
        tries.take_back(&"mei", Timestamp(7));
        assert!(tries.noted.lock().is_empty());
        assert_eq!(tries.begin("mei", Timestamp(8)), Ok(()));
    }
}
