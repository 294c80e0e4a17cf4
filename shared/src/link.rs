//! The connection as a state machine: when to connect, greet, probe, give up and come back.
//!
//! It holds no socket and no clock. The shell performs its [`Effect`]s and tells it what happened; every random
//! number and every moment is handed in, so that a simulator replays it from a seed.

use serde::{Deserialize, Serialize};

use crate::code::Close;
use crate::id::Timestamp;

/// Shortest bound of the back-off, in milliseconds.
pub const BACKOFF_MIN: u64 = 500;
/// Longest bound of the back-off, in milliseconds.
pub const BACKOFF_MAX: u64 = 30_000;
/// A connection must live so long, in milliseconds, before the back-off starts anew.
pub const SETTLE: u64 = 5_000;
/// After so many milliseconds without an inbound frame the server is probed.
pub const SILENCE: u64 = 45_000;
/// A probe must be answered within so many milliseconds.
pub const PROBE: u64 = 10_000;
/// A server that says when to come back is believed up to so many milliseconds.
pub const LATEST: u64 = 60_000;
/// Opening and greeting together may take so many milliseconds.
pub const PATIENCE: u64 = 15_000;

/// Where the connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Not connected, and not trying.
    Stopped(Stop),
    /// A socket is being opened.
    Connecting {
        /// How many tries failed in a row.
        attempt: u32,
    },
    /// The socket is open and `hello` was sent.
    Greeting {
        /// As above.
        attempt: u32,
    },
    /// Welcomed.
    Live {
        /// As above; 0 again once the connection has settled.
        attempt: u32,
        /// When a frame last came.
        heard: Timestamp,
        /// Whether a probe is unanswered.
        probing: bool,
    },
    /// Waiting for the next try.
    Waiting {
        /// As above.
        attempt: u32,
    },
}

impl State {
    /// Whether frames other than `hello` may be sent.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live { .. })
    }
}

/// Why nothing is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stop {
    /// Nobody asked for a connection yet.
    NotStarted,
    /// The person signed out, or the session was revoked.
    SignedOut,
    /// The session ran out, or its server came back from an older backup.
    Expired,
    /// The server wants a newer client.
    Outdated,
}

/// The timers of the link. Arming one replaces an earlier one of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Timer {
    /// Time for the next try.
    Reconnect,
    /// Opening or greeting has taken too long.
    Patience,
    /// The connection has lasted: forget earlier failures.
    Settle,
    /// Time to see whether anything came.
    Silence,
    /// A probe has not been answered.
    Probe,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody signed in.
    Start,
    /// The socket opened.
    Opened,
    /// `welcome` came.
    Welcomed,
    /// Any other frame came.
    Heard,
    /// The socket closed or could not be opened.
    Lost(Option<Close>),
    /// A timer fired.
    Fired(Timer),
    /// The device woke up, is online again, or somebody asked to try now.
    Wake,
    /// The person signed out.
    SignOut,
    /// The server knows no such session.
    Expired,
    /// Another tab held the socket, and is gone.
    TakeOver,
    /// The server is too busy to greet, and says when to come back, in milliseconds.
    Later(u64),
}

/// What the shell must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket, and forget any other.
    Connect,
    /// Close the socket and hear no more of it.
    Disconnect,
    /// Send `hello`.
    Greet,
    /// Send `ping`.
    Probe,
    /// Fire this timer after so many milliseconds.
    Arm(Timer, u64),
    /// Ask over HTTP whether the session still stands: a browser does not say why an upgrade was refused.
    CheckSession,
}

/// The next state, and what to do. `random` decides the back-off: any 64 bits.
pub fn step(state: State, now: Timestamp, random: u64, event: Event) -> (State, Vec<Effect>) {
    match (state, event) {
        (_, Event::SignOut) => (State::Stopped(Stop::SignedOut), vec![Effect::Disconnect]),
        (State::Stopped(_), Event::Expired) => (state, Vec::new()),
        (_, Event::Expired) => (State::Stopped(Stop::Expired), vec![Effect::Disconnect]),
        (State::Stopped(Stop::Outdated), _) => (state, Vec::new()),
        (State::Stopped(_), Event::Start) => connect(0),
        (State::Stopped(_), _) => (state, Vec::new()),
        (_, Event::TakeOver) => connect(0),
        (State::Greeting { attempt }, Event::Later(millis)) => later(attempt, random, millis),
        (_, Event::Lost(close)) => lost(state, random, close),
        (State::Waiting { attempt }, Event::Fired(Timer::Reconnect) | Event::Wake) => connect(attempt),
        (State::Connecting { attempt }, Event::Opened) => (State::Greeting { attempt }, vec![Effect::Greet]),
        (State::Connecting { .. } | State::Greeting { .. }, Event::Fired(Timer::Patience)) => {
            give_up(state, random)
        }
        (State::Greeting { attempt }, Event::Welcomed) => (
            State::Live { attempt, heard: now, probing: false },
            vec![Effect::Arm(Timer::Settle, SETTLE), Effect::Arm(Timer::Silence, SILENCE)],
        ),
        (State::Live { attempt, .. }, Event::Heard | Event::Welcomed) => {
            (State::Live { attempt, heard: now, probing: false }, Vec::new())
        }
        (State::Live { heard, probing, .. }, Event::Fired(Timer::Settle)) => {
            (State::Live { attempt: 0, heard, probing }, Vec::new())
        }
        (State::Live { attempt, heard, probing }, Event::Fired(Timer::Silence)) => {
            listen(attempt, heard, probing, now)
        }
        (State::Live { attempt, heard, probing: false }, Event::Wake) => probe(attempt, heard),
        (State::Live { probing: true, .. }, Event::Fired(Timer::Probe)) => give_up(state, random),
        _ => (state, Vec::new()),
    }
}

fn connect(attempt: u32) -> (State, Vec<Effect>) {
    (State::Connecting { attempt }, vec![Effect::Connect, Effect::Arm(Timer::Patience, PATIENCE)])
}

fn listen(attempt: u32, heard: Timestamp, probing: bool, now: Timestamp) -> (State, Vec<Effect>) {
    let quiet = now.since(heard);
    if quiet >= SILENCE && !probing {
        let (state, mut effects) = probe(attempt, heard);
        effects.push(Effect::Arm(Timer::Silence, SILENCE));
        return (state, effects);
    }
    let rest = SILENCE.saturating_sub(quiet).max(1_000);
    // Whoever only listens is gone for the server, which closes what says nothing for two minutes.
    (State::Live { attempt, heard, probing }, vec![Effect::Probe, Effect::Arm(Timer::Silence, rest)])
}

fn probe(attempt: u32, heard: Timestamp) -> (State, Vec<Effect>) {
    let state = State::Live { attempt, heard, probing: true };
    (state, vec![Effect::Probe, Effect::Arm(Timer::Probe, PROBE)])
}

fn lost(state: State, random: u64, close: Option<Close>) -> (State, Vec<Effect>) {
    match close {
        Some(Close::Revoked) => (State::Stopped(Stop::SignedOut), vec![Effect::Disconnect]),
        Some(Close::Outdated) => (State::Stopped(Stop::Outdated), vec![Effect::Disconnect]),
        // Too many at once: the next try waits as if several had failed.
        Some(Close::TryLater | Close::Flooding) => {
            wait(attempt_of(state).saturating_add(3), random, Vec::new())
        }
        _ if matches!(state, State::Connecting { .. }) => {
            wait(attempt_of(state).saturating_add(1), random, vec![Effect::CheckSession])
        }
        _ if matches!(state, State::Waiting { .. }) => (state, Vec::new()),
        _ => wait(attempt_of(state).saturating_add(1), random, Vec::new()),
    }
}

fn give_up(state: State, random: u64) -> (State, Vec<Effect>) {
    wait(attempt_of(state).saturating_add(1), random, vec![Effect::Disconnect])
}

fn wait(attempt: u32, random: u64, mut effects: Vec<Effect>) -> (State, Vec<Effect>) {
    effects.push(Effect::Arm(Timer::Reconnect, backoff(attempt, random)));
    (State::Waiting { attempt }, effects)
}

/// The server said when: then, and not all at the same moment.
fn later(attempt: u32, random: u64, millis: u64) -> (State, Vec<Effect>) {
    let millis = millis.min(LATEST);
    let pause = millis + random % (millis / 2 + 1);
    (State::Waiting { attempt }, vec![Effect::Disconnect, Effect::Arm(Timer::Reconnect, pause)])
}

const fn attempt_of(state: State) -> u32 {
    match state {
        State::Stopped(_) => 0,
        State::Connecting { attempt }
        | State::Greeting { attempt }
        | State::Live { attempt, .. }
        | State::Waiting { attempt } => attempt,
    }
}

/// Full jitter: a random moment below a bound that doubles with each failure
/// (M. Brooker, "Exponential Backoff And Jitter", 2015), in milliseconds.
pub fn backoff(attempt: u32, random: u64) -> u64 {
    let doublings = attempt.saturating_sub(1).min(16);
    let bound = (BACKOFF_MIN << doublings).min(BACKOFF_MAX);
    random % (bound + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_000_000);

    fn live() -> State {
        State::Live { attempt: 0, heard: NOON, probing: false }
    }

    fn after(state: State, events: &[Event]) -> State {
        events.iter().fold(state, |state, event| step(state, NOON, 7, *event).0)
    }

    #[test]
    fn a_link_connects_greets_and_lives() {
        let start = State::Stopped(Stop::NotStarted);
        assert_eq!(after(start, &[Event::Start, Event::Opened, Event::Welcomed]), live());
    }

    #[test]
    fn failures_in_a_row_wait_longer_until_a_connection_settles() {
        let mut state = State::Connecting { attempt: 0 };
        for expected in 1..=4 {
            state = after(state, &[Event::Lost(None)]);
            assert_eq!(state, State::Waiting { attempt: expected });
            state = after(state, &[Event::Fired(Timer::Reconnect)]);
        }
        let shaky = after(state, &[Event::Opened, Event::Welcomed]);
        assert_eq!(after(shaky, &[Event::Lost(None)]), State::Waiting { attempt: 5 });
        let settled = after(shaky, &[Event::Fired(Timer::Settle)]);
        assert_eq!(after(settled, &[Event::Lost(None)]), State::Waiting { attempt: 1 });
    }

    #[test]
    fn back_off_stays_within_its_bounds() {
        for attempt in 0..40 {
            assert!(backoff(attempt, u64::MAX) <= BACKOFF_MAX);
        }
        assert!(backoff(1, u64::MAX) <= BACKOFF_MIN);
    }

    #[test]
    fn silence_is_probed_and_an_unanswered_probe_ends_the_connection() {
        let later = NOON.after(SILENCE);
        let (probing, effects) = step(live(), later, 7, Event::Fired(Timer::Silence));
        assert!(effects.contains(&Effect::Probe));
        let (answered, _) = step(probing, later, 7, Event::Heard);
        assert!(matches!(step(answered, later, 7, Event::Fired(Timer::Probe)).0, State::Live { .. }));
        let (gone, effects) = step(probing, later, 7, Event::Fired(Timer::Probe));
        assert_eq!(gone, State::Waiting { attempt: 1 });
        assert_eq!(effects.first(), Some(&Effect::Disconnect));
    }

    #[test]
    fn whoever_hears_a_lot_says_something_from_time_to_time_and_waits_for_no_answer() {
        let (state, effects) = step(live(), NOON.after(SILENCE - 5_000), 7, Event::Fired(Timer::Silence));
        assert_eq!(effects, [Effect::Probe, Effect::Arm(Timer::Silence, 5_000)]);
        assert!(matches!(state, State::Live { probing: false, .. }));
    }

    #[test]
    fn a_revoked_session_does_not_come_back_and_a_restarting_server_does() {
        let gone = after(live(), &[Event::Lost(Some(Close::Revoked)), Event::Wake]);
        assert_eq!(gone, State::Stopped(Stop::SignedOut));
        assert_eq!(after(live(), &[Event::Lost(Some(Close::Restarting))]), State::Waiting { attempt: 1 });
        assert_eq!(after(gone, &[Event::Start]), State::Connecting { attempt: 0 });
    }

    #[test]
    fn a_busy_server_is_left_alone_until_it_said_and_a_tab_that_takes_over_connects_at_once() {
        let greeting = State::Greeting { attempt: 2 };
        let (waiting, effects) = step(greeting, NOON, 1_000, Event::Later(3_000));
        assert_eq!(waiting, State::Waiting { attempt: 2 });
        assert_eq!(effects, [Effect::Disconnect, Effect::Arm(Timer::Reconnect, 4_000)]);
        assert_eq!(after(waiting, &[Event::TakeOver]), State::Connecting { attempt: 0 });
        assert_eq!(after(State::Stopped(Stop::Outdated), &[Event::TakeOver]), State::Stopped(Stop::Outdated));
    }

    #[test]
    fn an_upgrade_that_fails_asks_whether_the_session_still_stands() {
        let (_, effects) = step(State::Connecting { attempt: 0 }, NOON, 7, Event::Lost(None));
        assert_eq!(effects.first(), Some(&Effect::CheckSession));
    }
}
