//! The store on SQLite: one thread writes, a few connections read.

mod accounts;
mod changes;
mod channels;
mod check;
mod deeds;
#[cfg(test)]
mod disk;
mod folder;
#[cfg(test)]
mod histories;
mod listing;
mod markers;
mod open;
mod port;
mod readers;
mod rows;
mod writer;

use std::fs::File;

pub use check::{CheckError, Checked, check};
pub use open::OpenError;

use readers::Readers;
use writer::Writer;

/// A database file that this process alone has open.
pub struct SqliteStore {
    // Fields are dropped in this order: the lock goes last.
    writer: Writer,
    readers: Readers,
    _lock: File,
}
