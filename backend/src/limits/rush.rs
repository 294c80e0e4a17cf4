//! When all come back at once, as after a restart: how many are taken in at a time, who waits, and who comes later.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// So many connections at once read from the store what they lack. With the hellos they leave the store's readers to
/// those who are there already: a page of history has so many reads before it at most.
const CATCH_UPS: usize = 8;
/// Nobody is told to come back sooner than this, or later than that.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// How long an answer is taken to last before one was measured.
const FIRST: Duration = Duration::from_millis(2);
/// The newest answer counts for one part in so many of what one is taken to last.
const MEMORY: u32 = 16;

/// The door.
pub struct Rush {
    at_once: u32,
    longest: Duration,
    hellos: Semaphore,
    catch_ups: Semaphore,
    line: Mutex<Line>,
}

/// Those who wait at it, and those who were told to come back.
struct Line {
    waiting: u32,
    /// How long an answer lasts, of late.
    each: Duration,
    /// When the last of those who were sent away is to be back: each gets a moment of their own.
    booked: Instant,
}

/// A hello is being answered.
pub struct Turn<'a> {
    rush: &'a Rush,
    begun: Instant,
    _place: SemaphorePermit<'a>,
}

/// Somebody waits; they may give up.
struct Waiting<'a>(&'a Rush);

impl Rush {
    /// `at_once` hellos are answered at a time; who would wait longer than `longest` for theirs is to come back later.
    pub fn new(at_once: usize, longest: Duration) -> Self {
        Self {
            at_once: u32::try_from(at_once).unwrap_or(u32::MAX).max(1),
            longest,
            hellos: Semaphore::new(at_once),
            catch_ups: Semaphore::new(CATCH_UPS),
            line: Mutex::new(Line { waiting: 0, each: FIRST, booked: Instant::now() }),
        }
    }

    /// Waits until this hello may be answered, or says after how long to come back. Hold the turn while the store is
    /// read, and not while a client takes what was read: it may take its time.
    pub async fn hello(&self) -> Result<Turn<'_>, Duration> {
        if let Ok(place) = self.hellos.try_acquire() {
            return Ok(self.begin(place));
        }
        self.line.lock().come(self.at_once, self.longest, Instant::now())?;
        let _waiting = Waiting(self);
        // It is never closed.
        let place = self.hellos.acquire().await.map_err(|_| PAUSE.0)?;
        Ok(self.begin(place))
    }

    /// Waits until this connection may read from the store what it lacks.
    pub async fn catch_up(&self) -> Option<SemaphorePermit<'_>> {
        self.catch_ups.acquire().await.ok()
    }

    fn begin<'a>(&'a self, place: SemaphorePermit<'a>) -> Turn<'a> {
        Turn { rush: self, begun: Instant::now(), _place: place }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.rush.line.lock().answered(self.begun.elapsed());
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.line.lock().waiting -= 1;
    }
}

impl Line {
    /// One more wants to wait.
    fn come(&mut self, at_once: u32, longest: Duration, now: Instant) -> Result<(), Duration> {
        let wait = self.each.saturating_mul(self.waiting + 1) / at_once;
        if wait <= longest {
            self.waiting += 1;
            return Ok(());
        }
        self.booked = (self.booked.max(now + wait.min(PAUSE.1)) + self.each / at_once).min(now + PAUSE.1);
        Err((self.booked - now).max(PAUSE.0))
    }

    fn answered(&mut self, took: Duration) {
        self.each = (self.each * (MEMORY - 1) + took) / MEMORY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    #[test]
    fn who_would_wait_too_long_comes_back_later_and_not_all_at_once() {
        let now = Instant::now();
        let mut line = Line { waiting: 0, each: MILLI * 40, booked: now };
        // Eight at once, 40 ms each: 200 a second, 2,000 in ten seconds.
        let mut come = |now| line.come(8, Duration::from_secs(10), now);
        assert_eq!((0..3_000).filter(|_| come(now).is_ok()).count(), 2_000);
        let pauses: Vec<Duration> = (0..5_000).map(|_| come(now).unwrap_err()).collect();
        assert!(pauses.is_sorted() && pauses[0] > Duration::from_secs(15), "{:?}", pauses[0]);
        assert_eq!(pauses[4_999], PAUSE.1);
        assert!(come(now + Duration::from_mins(1)).unwrap_err() < Duration::from_secs(11));
    }

    #[test]
    fn how_long_an_answer_lasts_is_learnt() {
        let mut line = Line { waiting: 0, each: FIRST, booked: Instant::now() };
        for _ in 0..100 {
            line.answered(MILLI * 80);
        }
        assert!(line.each > MILLI * 75 && line.each <= MILLI * 80, "{:?}", line.each);
        for _ in 0..100 {
            line.answered(MILLI);
        }
        assert!(line.each < MILLI * 3, "{:?}", line.each);
    }

    #[tokio::test]
    async fn who_waits_gets_the_turn_that_is_given_back_and_who_gives_up_leaves_the_line() {
        let rush = Rush::new(1, Duration::from_secs(10));
        let turn = rush.hello().await.unwrap();
        {
            let mut waits = std::pin::pin!(rush.hello());
            assert!(futures_util::poll!(waits.as_mut()).is_pending());
            assert_eq!(rush.line.lock().waiting, 1);
        }
        assert_eq!(rush.line.lock().waiting, 0);
        let mut waits = std::pin::pin!(rush.hello());
        assert!(futures_util::poll!(waits.as_mut()).is_pending());
        drop(turn);
        assert!(waits.await.is_ok());
    }

    #[tokio::test]
    async fn where_nobody_may_wait_who_comes_second_is_sent_away() {
        let rush = Rush::new(1, Duration::ZERO);
        let turn = rush.hello().await.unwrap();
        assert_eq!(rush.hello().await.err(), Some(PAUSE.0));
        drop(turn);
        assert!(rush.hello().await.is_ok());
    }
}
