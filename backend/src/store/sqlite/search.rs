//! Finding messages by what they say.
//!
//! The index is a reading of the log: [`index`] follows its end, in the transaction of the changes themselves, and
//! [`find`] asks it.

mod find;
mod index;
mod wanted;

pub(super) use find::{first_at, search};
pub(super) use index::{catch_up, keep_up};

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;
