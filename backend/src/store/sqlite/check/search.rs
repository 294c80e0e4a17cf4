//! Whether the index of messages has read the log as far as it says: it holds the words of every message up to there.

use rusqlite::Connection;

use super::{Result, count, fault, unreadable};

/// Counts messages and what the index holds.
pub(super) fn check(connection: &Connection) -> Result {
    let (messages, is_ahead): (i64, bool) = connection
        .query_row(
            "SELECT (SELECT count(*) FROM changes WHERE counts = 1 AND changes.rowid <= done),
                done > (SELECT coalesce(max(rowid), 0) FROM changes)
             FROM search",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(unreadable)?;
    let found = count(connection, "found_docsize")?;
    if is_ahead || found != messages.cast_unsigned() {
        return Err(fault(format!("the search index holds {found} messages, and the log {messages}")));
    }
    Ok(())
}
