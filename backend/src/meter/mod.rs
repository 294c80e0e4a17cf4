//! What is counted for whoever runs the server: numbers only. No id, name or text of anybody is in them or their labels.
//!
//! While nobody asked for the page (`--metrics`), a count costs one look at a flag.

#[cfg(feature = "metrics")]
mod page;
#[cfg_attr(not(feature = "metrics"), path = "silent.rs")]
mod sink;

use std::time::Duration;

use shared::code::Code;
use shared::frame::Fault;

#[cfg(feature = "metrics")]
pub use page::Page;

const CONNECTIONS: &str = "magpie_connections";
const SOCKETS: &str = "magpie_sockets";
const DEEDS: &str = "magpie_deeds_total";
const CHANGES: &str = "magpie_changes_total";
const CATCH_UPS: &str = "magpie_catch_ups_total";
const COMMIT_JOBS: &str = "magpie_commit_jobs";
const COMMIT_SECONDS: &str = "magpie_commit_seconds";
const REFUSALS: &str = "magpie_refusals_total";
const WRONG_COPIES: &str = "magpie_wrong_copies_total";
const SLOW_READERS: &str = "magpie_slow_readers_total";
const TURNED_AWAY: &str = "magpie_turned_away_total";
const SIGN_INS_FAILED: &str = "magpie_sign_ins_failed_total";

/// What became of a deed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    /// It made a change.
    Stored,
    /// It was done before, or found everything done.
    Found,
    /// It was refused.
    Refused,
}

/// Where changes came from that a connection lacked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    Store,
    Tail,
}

/// So many more connections are open; or fewer.
pub(crate) fn connections(by: i8) {
    sink::level(CONNECTIONS, by.into());
}

/// So many more chat sockets are live; or fewer.
pub(crate) fn sockets(by: i8) {
    sink::level(SOCKETS, by.into());
}

/// A deed was done or refused.
pub(crate) fn deed(fate: Fate) {
    let fate = match fate {
        Fate::Stored => "stored",
        Fate::Found => "found",
        Fate::Refused => "refused",
    };
    sink::count_by(DEEDS, "outcome", fate);
}

/// A change was published.
pub(crate) fn published() {
    sink::count(CHANGES);
}

/// A connection took changes that it lacked.
pub(crate) fn caught_up(from: Source) {
    let from = match from {
        Source::Store => "store",
        Source::Tail => "tail",
    };
    sink::count_by(CATCH_UPS, "from", from);
}

/// A transaction was committed.
pub(crate) fn committed(jobs: usize, took: Duration) {
    sink::sample(COMMIT_JOBS, f64::from(u32::try_from(jobs).unwrap_or(u32::MAX)));
    sink::sample(COMMIT_SECONDS, took.as_secs_f64());
}

/// Something was refused, over a socket or over HTTP.
pub(crate) fn refused(code: Code) {
    sink::count_by(REFUSALS, "code", code.name());
}

/// A client found its copy of a conversation wrong.
pub(crate) fn wrong_copy(fault: Fault) {
    let fault = match fault {
        Fault::Differs => "differs",
        Fault::Stuck => "stuck",
        Fault::Unknown => "unknown",
    };
    sink::count_by(WRONG_COPIES, "fault", fault);
}

/// A connection was closed because it took nothing for too long.
pub(crate) fn slow_reader() {
    sink::count(SLOW_READERS);
}

/// A hello was not answered, for too many came at once.
pub(crate) fn turned_away() {
    sink::count(TURNED_AWAY);
}

/// A name and a password did not match.
pub(crate) fn sign_in_failed() {
    sink::count(SIGN_INS_FAILED);
}
