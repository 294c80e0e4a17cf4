//! Entries that later changes altered, kept folded: a page costs no more for what was done to its messages.

use rusqlite::{Connection, OptionalExtension, Row};
use shared::id::{ConversationId, Seq};
use shared::model::{Change, Entry, What};

use super::changes;
use super::rows::{self, fault, number};
use crate::store::{Result, StoreError};

/// The columns that [`entry`] reads, of [`FROM`].
pub(super) const ENTRY: &str =
    "changes.conversation, changes.seq, changes.author, client_id, at, changes.payload, folded.payload";
/// The log, and beside each place what became of it.
pub(super) const FROM: &str = "changes LEFT JOIN folded
    ON folded.conversation = changes.conversation AND folded.seq = changes.seq";

/// An entry, from [`ENTRY`]. What was folded and cannot be read shows as it was said.
pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let folded = row.get_ref(6)?.as_str_or_null()?.and_then(|json| serde_json::from_str(json).ok());
    match folded {
        Some(entry) => Ok(entry),
        None => rows::change(row).map(Entry::of),
    }
}

/// Roughly the bytes of an entry, from [`ENTRY`].
pub(super) fn size(row: &Row<'_>) -> rusqlite::Result<usize> {
    let folded = row.get_ref(6)?.as_bytes_or_null()?.map_or(0, <[u8]>::len);
    Ok(rows::size(row)? + folded)
}

/// The entry at a place; `None` where there is none.
pub(super) fn at(connection: &Connection, conversation: ConversationId, seq: Seq) -> Result<Option<Entry>> {
    let sql = format!(
        "SELECT {ENTRY} FROM {FROM} WHERE changes.conversation = ? AND changes.seq = ? AND target IS NULL"
    );
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.query_row((number(conversation), number(seq)), entry).optional())
        .map_err(fault)
}

/// Folds a change that was just added into the entries that it concerns.
pub(super) fn fold(connection: &Connection, change: &Change) -> Result<()> {
    for seq in [change.what.target(), change.what.thread()].into_iter().flatten() {
        if let Some(mut entry) = at(connection, change.conversation, seq)?
            && entry.fold(change)
        {
            put(connection, change.conversation, &entry)?;
        }
    }
    match &change.what {
        What::Posted(post) => {
            let everybody = post.mentions.everybody.then_some(0);
            let users = post.mentions.users.iter().map(|user| number(*user));
            for user in users.chain(everybody) {
                call(connection, change, user)?;
            }
        }
        What::Recalled { target, .. } => forget(connection, change.conversation, *target)?,
        _ => {}
    }
    Ok(())
}

fn put(connection: &Connection, conversation: ConversationId, entry: &Entry) -> Result<()> {
    let payload = serde_json::to_string(entry).map_err(|error| StoreError::Fault(error.to_string()))?;
    let pinned = entry.more.as_ref().is_some_and(|more| more.pinned);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO folded (conversation, seq, pinned, payload) VALUES (?, ?, ?, ?)",
        )
        .and_then(|mut statement| {
            statement.execute((number(conversation), number(entry.seq), pinned, payload))
        })
        .map_err(fault)?;
    Ok(())
}

fn call(connection: &Connection, change: &Change, user: i64) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO mentions (conversation, user, seq, author) VALUES (?, ?, ?, ?)",
        )
        .and_then(|mut statement| {
            let place = (number(change.conversation), number(change.seq));
            statement.execute((place.0, user, place.1, number(change.author)))
        })
        .map_err(fault)?;
    Ok(())
}

/// A message was taken back: it is not unread any more, and calls nobody.
fn forget(connection: &Connection, conversation: ConversationId, seq: Seq) -> Result<()> {
    let said = changes::at(connection, conversation, seq)?;
    connection
        .prepare_cached("UPDATE changes SET counts = 2 WHERE conversation = ? AND seq = ? AND counts = 1")
        .and_then(|mut statement| statement.execute((number(conversation), number(seq))))
        .map_err(fault)?;
    let What::Posted(post) = said.what else { return Ok(()) };
    let users = post.mentions.users.iter().map(|user| number(*user));
    for user in users.chain([0]) {
        connection
            .prepare_cached("DELETE FROM mentions WHERE conversation = ? AND user = ? AND seq = ?")
            .and_then(|mut statement| statement.execute((number(conversation), user, number(seq))))
            .map_err(fault)?;
    }
    Ok(())
}
