//! The log: adding to its end, and reading it.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, Rows};
use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::model::{Change, Membership, What};

use super::folded::{self, ENTRY, FROM};
use super::rows::{self, CHANGE, fault, found, number, time};
use crate::store::{Following, History, Portion, Result, StoreError};

/// A change that has no place in its log yet.
pub(super) struct Draft {
    pub(super) conversation: ConversationId,
    pub(super) author: UserId,
    pub(super) client_id: Option<ClientId>,
    pub(super) at: Timestamp,
    pub(super) what: What,
}

/// Gives a change the next place. Only the writing thread comes here, so places are given in the order of commits.
pub(super) fn append(connection: &Connection, draft: Draft) -> Result<Change> {
    let Draft { conversation, author, client_id, at, what } = draft;
    let next = connection
        .prepare_cached("UPDATE conversations SET head = head + 1 WHERE id = ? RETURNING head")
        .and_then(|mut statement| statement.query_row([number(conversation)], |row| rows::id(row, 0)));
    let seq: Seq = found(next)?;
    let payload = serde_json::to_string(&what).map_err(|error| StoreError::Fault(error.to_string()))?;
    connection
        .prepare_cached(
            "INSERT INTO changes (conversation, seq, author, client_id, at, counts, payload, target, thread)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .and_then(|mut statement| {
            let deed = client_id.map(|ClientId(id)| id.into_bytes());
            let place = (number(conversation), number(seq));
            let (target, posted) = (what.target().map(number), matches!(what, What::Posted(_)));
            let thread = what.thread().filter(|_| posted).map(number);
            let (author, at) = (number(author), time(at));
            statement.execute((place.0, place.1, author, deed, at, what.counts(), payload, target, thread))
        })
        .map_err(fault)?;
    let change = Change { conversation, seq, at, author, client_id, what };
    folded::fold(connection, &change)?;
    Ok(change)
}

pub(super) fn add_member(
    connection: &Connection,
    conversation: ConversationId,
    user: UserId,
    at: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO members (conversation, user, joined_at, read)
             SELECT id, ?2, ?3, head FROM conversations WHERE id = ?1",
        )
        .and_then(|mut statement| statement.execute((number(conversation), number(user), time(at))))
        .map_err(fault)?;
    Ok(())
}

/// The change at a place.
pub(super) fn at(connection: &Connection, conversation: ConversationId, seq: Seq) -> Result<Change> {
    let sql = format!("SELECT {CHANGE} FROM changes WHERE conversation = ? AND seq = ?");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    found(statement.query_row((number(conversation), number(seq)), rows::change))
}

/// The place of a person in a conversation: [`StoreError::NotFound`] unless they are in it now.
pub(super) fn membership(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Membership> {
    let membership = any_membership(connection, user, conversation)?;
    if membership.left.is_none() { Ok(membership) } else { Err(StoreError::NotFound) }
}

/// The same, but of those who have left too.
pub(super) fn any_membership(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Membership> {
    let row = connection
        .prepare_cached("SELECT visible_from, left_after FROM members WHERE conversation = ? AND user = ?")
        .and_then(|mut statement| {
            statement.query_row((number(conversation), number(user)), |row| rows::membership(row, 0))
        });
    found(row)
}

pub(super) fn head(connection: &Connection, conversation: ConversationId) -> Result<Seq> {
    let row = connection
        .prepare_cached("SELECT head FROM conversations WHERE id = ?")
        .and_then(|mut statement| statement.query_row([number(conversation)], |row| rows::id(row, 0)));
    found(row)
}

pub(super) fn changes_after(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    after: Seq,
    portion: Portion,
) -> Result<Following> {
    let membership = any_membership(connection, user, conversation)?;
    if membership.left.is_some_and(|left| after >= left) {
        return Err(StoreError::NotFound);
    }
    let as_of = head(connection, conversation)?;
    let last = membership.left.map_or(i64::MAX, number);
    let sql = format!(
        "SELECT {CHANGE}, counts = 2 OR EXISTS (SELECT 1 FROM changes AS said WHERE said.counts = 2
             AND said.conversation = changes.conversation AND said.seq = changes.target)
         FROM changes WHERE conversation = ? AND seq > ? AND seq <= ? ORDER BY seq"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let rows = statement.query((number(conversation), number(after), last)).map_err(fault)?;
    let (changes, more) = take(rows, portion, rows::size, told).map_err(fault)?;
    Ok(Following { membership, as_of, changes, more })
}

/// A change as it may still be told: without the words of what was taken back.
fn told(row: &Row<'_>) -> rusqlite::Result<Change> {
    let mut change = rows::change(row)?;
    if row.get(6)? {
        change.what.withhold();
    }
    Ok(change)
}

/// As much as was asked for, and whether there is more. SQLite reads no further than we step.
pub(super) fn take<T>(
    mut rows: Rows<'_>,
    portion: Portion,
    size: fn(&Row<'_>) -> rusqlite::Result<usize>,
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<(Vec<T>, bool)> {
    let (mut taken, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        bytes += size(row)?;
        if taken.len() >= portion.items || (bytes > portion.bytes && !taken.is_empty()) {
            return Ok((taken, true));
        }
        taken.push(read(row)?);
    }
    Ok((taken, false))
}

pub(super) fn history(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    before: Option<Seq>,
    portion: Portion,
) -> Result<History> {
    let membership = membership(connection, user, conversation)?;
    let as_of = head(connection, conversation)?;
    let (after, to) = rows::visible_after(membership, Seq::ZERO);
    let before = before.map_or(i64::MAX, number);
    let sql = format!(
        "SELECT {ENTRY} FROM {FROM} WHERE changes.conversation = ? AND target IS NULL
         AND changes.seq > ? AND changes.seq <= ? AND changes.seq < ? ORDER BY changes.seq DESC"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let rows = statement.query((number(conversation), after, to, before)).map_err(fault)?;
    let (mut entries, more) = take(rows, portion, folded::size, folded::entry).map_err(fault)?;
    entries.reverse();
    let oldest = entries.first().filter(|_| more).map(|entry| entry.seq);
    Ok(History { from: oldest.unwrap_or(Seq::ZERO.next()), as_of, entries })
}

/// Single entries, those of them that may be seen.
pub(super) fn entries(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    seqs: &[Seq],
) -> Result<History> {
    let membership = membership(connection, user, conversation)?;
    let as_of = head(connection, conversation)?;
    let mut entries = Vec::new();
    let once: BTreeSet<Seq> = seqs.iter().copied().filter(|seq| membership.visible(*seq)).collect();
    for seq in once {
        entries.extend(folded::at(connection, conversation, seq)?);
    }
    Ok(History { from: Seq::ZERO.next(), as_of, entries })
}
