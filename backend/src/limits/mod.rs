//! How fast: a pace for each person's deeds and each connection's frames, and bounds on tries to sign in and up and on
//! those who come at once.

mod beat;
mod files;
mod network;
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
pub use rush::Rush;
pub use tries::Tries;

/// Most people or networks that are remembered.
const REMEMBERED: usize = 10_000;
/// Frames of any kind that one connection may send a second, and at once.
const FRAMES: (u32, u32) = (50, 200);

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
        let (rate, burst) =
            (NonZeroU32::MIN.saturating_add(FRAMES.0 - 1), NonZeroU32::MIN.saturating_add(FRAMES.1 - 1));
        let beat = Beat::default();
        let bucket = RateLimiter::direct_with_clock(Quota::per_second(rate).allow_burst(burst), beat);
        Self { bucket, beat }
    }
}

impl FramePace {
    /// Waits until the next frame may be read.
    pub async fn turn(&self) {
        while let Err(early) = self.bucket.check() {
            tokio::time::sleep(early.wait_time_from(self.beat.now())).await;
        }
    }
}
