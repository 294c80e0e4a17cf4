//! The clock of the buckets: that of the timers, so that a run in which time is made up paces as it should.

use std::time::Duration;

use governor::clock::Clock;
use tokio::time::Instant;

/// Time since it was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beat(Instant);

impl Default for Beat {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Beat {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}
