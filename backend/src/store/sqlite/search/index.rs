//! Reading the log into the index: once for each change, in order, and in the same transaction where that is up to date.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::{Connection, Row};
use shared::id::{ConversationId, UserId};
use shared::markup::{Piece, pieces};
use shared::model::{Change, What};
use shared::tokens;

use super::DAY;
use crate::store::Result;
use crate::store::sqlite::rows::{self, CHANGE, fault};

/// Most changes that a transaction reads besides doing its own work: as many as a batch of jobs makes, and some.
const TAIL: i64 = 2_048;
/// Changes that are read at a time while the index is far behind: some 20 ms, which is how long who writes may wait.
const PORTION: i64 = 512;

/// Reads what this transaction has added to the log, unless the index is far behind it.
pub(in crate::store::sqlite) fn keep_up(connection: &Connection) -> Result<()> {
    let (done, last) = standing(connection)?;
    if (1..=TAIL).contains(&(last - done)) { read(connection, done, last) } else { Ok(()) }
}

/// Reads a portion of what the index lacks; says whether it lacks more.
pub(in crate::store::sqlite) fn catch_up(connection: &Connection) -> Result<bool> {
    let (done, last) = standing(connection)?;
    let to = last.min(done.saturating_add(PORTION));
    if to > done {
        read(connection, done, to)?;
    }
    Ok(to < last)
}

/// Up to where the log has been read, and its end. Rows are only ever added to it, so that their numbers are its order.
fn standing(connection: &Connection) -> Result<(i64, i64)> {
    connection
        .prepare_cached("SELECT done, (SELECT coalesce(max(rowid), 0) FROM changes) FROM search")
        .and_then(|mut statement| statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))))
        .map_err(fault)
}

fn read(connection: &Connection, done: i64, to: i64) -> Result<()> {
    let sql = format!("SELECT {CHANGE}, rowid FROM changes WHERE rowid > ? AND rowid <= ? ORDER BY rowid");
    let mut days = BTreeMap::new();
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let mut changes = statement.query((done, to)).map_err(fault)?;
    while let Some(row) = changes.next().map_err(fault)? {
        take(connection, row, &mut days).map_err(fault)?;
    }
    note(connection, to, &days).map_err(fault)
}

/// Takes one change in; notes its day.
fn take(
    connection: &Connection,
    row: &Row<'_>,
    days: &mut BTreeMap<i64, (i64, i64)>,
) -> rusqlite::Result<()> {
    let (change, place) = (rows::change(row)?, row.get(6)?);
    days.entry(rows::time(change.at) / DAY).or_insert((place, place)).1 = place;
    if let Some(words) = words(&change) {
        connection
            .prepare_cached("INSERT INTO found (rowid, words) VALUES (?, ?)")?
            .execute((place, words))?;
    }
    Ok(())
}

/// What a message is found by; nothing else is.
fn words(change: &Change) -> Option<String> {
    let What::Posted { body } = &change.what else { return None };
    let mut words = tokens::line(body.as_str());
    // Writing into a string does not fail.
    let _ = write!(words, " {ANY} {} {}", in_conversation(change.conversation), by(change.author));
    if pieces(body.as_str()).iter().any(|piece| matches!(piece, Piece::Link { .. })) {
        let _ = write!(words, " {LINK}");
    }
    Some(words)
}

/// The word that every message in a conversation has.
pub(super) fn in_conversation(conversation: ConversationId) -> String {
    format!("_c{conversation}")
}

/// The word that every message by a person has.
pub(super) fn by(author: UserId) -> String {
    format!("_u{author}")
}

/// The word that every message has.
pub(super) const ANY: &str = "_any";
/// The word that every message with a link has.
pub(super) const LINK: &str = "_link";
/// The word that every message with a file has.
pub(super) const FILE: &str = "_file";

fn note(connection: &Connection, to: i64, days: &BTreeMap<i64, (i64, i64)>) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO days (day, first, last) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)",
    )?;
    for (day, (first, last)) in days {
        statement.execute((day, first, last))?;
    }
    connection.prepare_cached("UPDATE search SET done = ?")?.execute([to])?;
    Ok(())
}
