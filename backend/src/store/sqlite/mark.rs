//! How much the logs held of late, noted beside the database: a backup that was copied over it holds less.

use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

use rusqlite::Connection;

/// Digits of the largest number.
const DIGITS: usize = 20;

/// The number in a file, and what it was when it was noted last.
pub(super) struct Mark {
    file: File,
    noted: u64,
}

impl Mark {
    /// What this file says, 0 if it says nothing.
    pub(super) fn read(mut file: File) -> Self {
        let mut said = String::new();
        // What cannot be read has nothing to say; it was never more than a second opinion.
        let _ = file.rewind().and_then(|()| file.read_to_string(&mut said));
        Self { noted: said.trim().parse().unwrap_or(0), file }
    }

    /// Whether this database lacks something that was in it already.
    pub(super) fn is_ahead_of(&self, connection: &Connection) -> rusqlite::Result<bool> {
        Ok(changes(connection)? < self.noted)
    }

    /// Notes how much there is now. After a commit and never before it: so it does not name what was not stored. It is
    /// not synced, since a power cut that takes it back does no harm.
    pub(super) fn note(&mut self, connection: &Connection) {
        let Ok(changes) = changes(connection) else { return };
        if changes != self.noted && self.write(changes).is_ok() {
            self.noted = changes;
        }
    }

    fn write(&mut self, changes: u64) -> std::io::Result<()> {
        self.file.rewind()?;
        self.file.write_all(format!("{changes:0DIGITS$}").as_bytes())
    }
}

/// How many changes there are: rows are only ever added, so that the last one has their number.
fn changes(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT coalesce(max(rowid), 0) FROM changes")?
        .query_row([], |row| row.get::<_, i64>(0))
        .map(i64::cast_unsigned)
}
