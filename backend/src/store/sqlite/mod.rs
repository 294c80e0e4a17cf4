//! The store on SQLite: one thread writes, a few connections read.

mod accounts;
mod changes;
mod channels;
mod check;
mod deeds;
#[cfg(test)]
mod disk;
mod folded;
mod folder;
#[cfg(test)]
mod histories;
#[cfg(feature = "sim")]
mod inline;
mod listing;
mod mark;
mod markers;
mod members;
mod messages;
mod open;
mod own;
#[cfg(feature = "sim")]
mod planted;
mod port;
mod readers;
mod receipts;
mod rows;
mod scheduled;
mod search;
mod told;
mod writer;

use std::fs::File;

pub use check::{CheckError, Checked, check};
#[cfg(feature = "sim")]
pub use inline::{Disk, Fate, Verdict};
pub use open::OpenError;

use rusqlite::Connection;

use super::Result;
use readers::Readers;
use writer::Writer;

/// A database file that this process alone has open.
pub struct SqliteStore {
    engine: Engine,
}

/// Who runs the SQL.
enum Engine {
    /// A thread that writes and some that read.
    Threads {
        // Fields are dropped in this order: the lock goes last.
        writer: Writer,
        readers: Readers,
        _lock: File,
    },
    /// The simulator's own thread.
    #[cfg(feature = "sim")]
    Inline(inline::Inline),
}

impl SqliteStore {
    /// Runs `work` in a read transaction: all it reads is of one moment.
    async fn read<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        match &self.engine {
            Engine::Threads { readers, .. } => readers.read(work).await,
            #[cfg(feature = "sim")]
            Engine::Inline(inline) => inline.read(work).await,
        }
    }

    /// Runs `work` in a transaction and answers when that is durable, or undone.
    async fn write<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        match &self.engine {
            Engine::Threads { writer, .. } => writer.write(work).await,
            #[cfg(feature = "sim")]
            Engine::Inline(inline) => inline.write(work).await,
        }
    }
}
