//! How fast: a pace for each person's deeds and each connection's frames, and a bound on failed sign-ins.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use parking_lot::Mutex;
use shared::id::{Timestamp, UserId};
use shared::text::UserName;

/// Failed sign-ins that one address may have for one name within [`WINDOW`].
const FAILURES: usize = 5;
/// 15 minutes, in milliseconds.
const WINDOW: u64 = 15 * 60 * 1_000;
/// Most (name, address) pairs that are remembered.
const REMEMBERED: usize = 10_000;
/// Frames of any kind that one connection may send a second, and at once.
const FRAMES: (u32, u32) = (50, 200);

/// The pace of each person, over all their connections.
pub struct Pace {
    people: DefaultKeyedRateLimiter<UserId>,
    clock: DefaultClock,
}

impl Pace {
    /// `per_second` deeds in the long run, `burst` at once.
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let people = RateLimiter::keyed(Quota::per_second(per_second).allow_burst(burst));
        Self { people, clock: DefaultClock::default() }
    }

    /// Waits for this person's turn: nothing is refused, the sender is only slowed down.
    pub async fn turn(&self, user: UserId) {
        while let Err(early) = self.people.check_key(&user) {
            tokio::time::sleep(early.wait_time_from(self.clock.now())).await;
        }
        // Whoever has not come for a while is as good as new, and forgotten.
        if self.people.len() > REMEMBERED {
            self.people.retain_recent();
        }
    }
}

/// The pace of one connection.
pub struct FramePace {
    bucket: DefaultDirectRateLimiter,
    clock: DefaultClock,
}

impl Default for FramePace {
    fn default() -> Self {
        let (rate, burst) =
            (NonZeroU32::MIN.saturating_add(FRAMES.0 - 1), NonZeroU32::MIN.saturating_add(FRAMES.1 - 1));
        let bucket = RateLimiter::direct(Quota::per_second(rate).allow_burst(burst));
        Self { bucket, clock: DefaultClock::default() }
    }
}

impl FramePace {
    /// Waits until the next frame may be read.
    pub async fn turn(&self) {
        while let Err(early) = self.bucket.check() {
            tokio::time::sleep(early.wait_time_from(self.clock.now())).await;
        }
    }
}

/// Failed sign-ins of the last 15 minutes, by name and address.
#[derive(Default)]
pub struct Attempts {
    failures: Mutex<HashMap<(UserName, IpAddr), Vec<Timestamp>>>,
}

impl Attempts {
    /// How long this address must wait before it may try this name again; `None` when it may.
    pub fn wait(&self, name: &UserName, from: IpAddr, now: Timestamp) -> Option<Duration> {
        let failures = self.failures.lock();
        let times = failures.get(&(name.clone(), from))?;
        let recent: Vec<_> = times.iter().filter(|at| now.since(**at) < WINDOW).collect();
        let oldest = recent.first().filter(|_| recent.len() >= FAILURES)?;
        Some(Duration::from_millis(WINDOW - now.since(**oldest)))
    }

    /// Notes that name and password did not match.
    pub fn failed(&self, name: UserName, from: IpAddr, now: Timestamp) {
        let mut failures = self.failures.lock();
        if failures.len() >= REMEMBERED {
            failures.retain(|_, times| times.iter().any(|at| now.since(*at) < WINDOW));
        }
        if failures.len() >= REMEMBERED {
            // Someone fills the table. Forgetting all costs an attacker's progress as much as anyone's.
            failures.clear();
        }
        let times = failures.entry((name, from)).or_default();
        times.retain(|at| now.since(*at) < WINDOW);
        times.push(now);
    }

    /// Forgets the failures of who has signed in.
    pub fn succeeded(&self, name: &UserName, from: IpAddr) {
        self.failures.lock().remove(&(name.clone(), from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_bar_one_address_from_one_name_for_a_quarter_of_an_hour() {
        let attempts = Attempts::default();
        let (mei, other) = (UserName::try_from("mei").unwrap(), UserName::try_from("lin").unwrap());
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for second in 0..5 {
            assert_eq!(attempts.wait(&mei, here, Timestamp(second * 1_000)), None);
            attempts.failed(mei.clone(), here, Timestamp(second * 1_000));
        }
        assert_eq!(attempts.wait(&mei, here, Timestamp(5_000)), Some(Duration::from_secs(895)));
        assert_eq!(attempts.wait(&mei, there, Timestamp(5_000)), None);
        assert_eq!(attempts.wait(&other, here, Timestamp(5_000)), None);
        assert_eq!(attempts.wait(&mei, here, Timestamp(900_000)), None);
        attempts.succeeded(&mei, here);
        assert_eq!(attempts.wait(&mei, here, Timestamp(5_000)), None);
    }
}
