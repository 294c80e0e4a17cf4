//! How fast: a pace for each person's deeds and each connection's frames, and bounds on tries to sign in and up and on
//! those who come at once.

mod beat;
mod files;
mod network;
mod places;
mod rush;
mod tries;

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use shared::id::UserId;

use beat::Beat;
pub use files::connections;
pub use network::Network;
pub use places::{Place, Places};
pub use rush::Rush;
pub use tries::Tries;

/// Most people or networks that are remembered.
const REMEMBERED: usize = 10_000;
/// Frames of any kind that one connection may send a second, and at once.
const FRAMES: (u32, u32) = (50, 200);

/// Hellos of one person that are answered a second, and at once: each costs a look at all their conversations. As many at
/// once as there may be sockets of theirs, and again as many.
const HELLOS: (u32, u32) = (2, 40);
/// How often a connection may say that a copy is wrong, a second and at once: each time stands in the log.
const REFRESHES: (u32, u32) = (2, 20);
/// Frames of the moment that one connection may send a second, and at once: that somebody types, looks at a
/// conversation, or has got something. A client needs two a second at most.
const LIVELY: (u32, u32) = (5, 30);
/// Pings and pongs that one connection may send a second, and at once: a client needs two a minute.
const CONTROLS: (u32, u32) = (10, 20);

/// The pace of each person, over all their connections.
pub struct Pace {
    people: RateLimiter<UserId, DefaultKeyedStateStore<UserId>, Beat, NoOpMiddleware<Duration>>,
    beat: Beat,
}

impl Pace {
    /// `per_second` deeds in the long run, `burst` at once.
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let beat = Beat::default();
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self { people: RateLimiter::dashmap_with_clock(quota, beat), beat }
    }

    /// That of the hellos, each of which looks at all conversations of a person.
    pub fn hellos() -> Self {
        Self::new(at_least_one(HELLOS.0), at_least_one(HELLOS.1))
    }

    /// Waits for this person's turn: nothing is refused, the sender is only slowed down.
    pub async fn turn(&self, user: UserId) {
        while let Err(early) = self.people.check_key(&user) {
            tokio::time::sleep(early.wait_time_from(self.beat.now())).await;
        }
        // Whoever has not come for a while is as good as new, and forgotten.
        if self.people.len() > REMEMBERED {
            self.people.retain_recent();
        }
    }
}

/// The pace of one connection.
pub struct FramePace {
    bucket: RateLimiter<NotKeyed, InMemoryState, Beat, NoOpMiddleware<Duration>>,
    beat: Beat,
}

impl Default for FramePace {
    fn default() -> Self {
        Self::new(FRAMES)
    }
}

impl FramePace {
    /// That of the frames which say that a copy is wrong.
    pub fn refreshes() -> Self {
        Self::new(REFRESHES)
    }

    /// That of the frames of the moment.
    pub fn lively() -> Self {
        Self::new(LIVELY)
    }

    /// That of the frames which the WebSocket library answers by itself.
    pub fn controls() -> Self {
        Self::new(CONTROLS)
    }

    fn new((rate, burst): (u32, u32)) -> Self {
        let quota = Quota::per_second(at_least_one(rate)).allow_burst(at_least_one(burst));
        let beat = Beat::default();
        Self { bucket: RateLimiter::direct_with_clock(quota, beat), beat }
    }

    /// Waits until the next frame may be read.
    pub async fn turn(&self) {
        while let Err(early) = self.bucket.check() {
            tokio::time::sleep(early.wait_time_from(self.beat.now())).await;
        }
    }
}

const fn at_least_one(number: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(number.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_pings_is_taken_ten_a_second() {
        let (pace, begun) = (FramePace::controls(), Instant::now());
        for _ in 0..CONTROLS.1 {
            pace.turn().await;
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
        for _ in 0..50 {
            pace.turn().await;
        }
        assert_eq!(begun.elapsed().as_secs(), 5);
    }
}
