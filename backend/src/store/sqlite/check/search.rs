//! Whether the index of messages has read the log as far as it says: it holds the words of every message up to there.

use rusqlite::{Connection, OptionalExtension as _};

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
    every_message_is_found(connection)
}

/// Asks the index for all it has: by a word that is in every message.
fn every_message_is_found(connection: &Connection) -> Result {
    let missing: Option<(i64, i64)> = connection
        .query_row(
            "SELECT conversation, seq FROM changes, search
             WHERE counts = 1 AND changes.rowid <= done
                AND changes.rowid NOT IN (SELECT rowid FROM found WHERE found MATCH '_any')
             ORDER BY changes.rowid LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
        .map_err(unreadable)?;
    match missing {
        Some((conversation, seq)) => {
            Err(fault(format!("the search index does not find the message at {conversation}/{seq}")))
        }
        None => Ok(()),
    }
}
