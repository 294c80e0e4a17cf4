//! The log: adding to its end, and reading it.

use rusqlite::{Connection, OptionalExtension};
use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::model::{Change, Entry, Membership, What};

use super::rows::{self, CHANGE, fault, found, number, time};
use crate::store::{History, ReadMarker, Result, StoreError};

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
            "INSERT INTO changes (conversation, seq, author, client_id, at, kind, payload)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .and_then(|mut statement| {
            let deed = client_id.map(|ClientId(id)| id.into_bytes());
            let place = (number(conversation), number(seq));
            statement.execute((place.0, place.1, number(author), deed, time(at), name(&what), payload))
        })
        .map_err(fault)?;
    Ok(Change { conversation, seq, at, author, client_id, what })
}

/// The kind of a change as its column says it.
const fn name(what: &What) -> &'static str {
    match what {
        What::Created { .. } => "created",
        What::Joined { .. } => "joined",
        What::Posted { .. } => "posted",
        What::Unknown => "unknown",
    }
}

pub(super) fn add_member(
    connection: &Connection,
    conversation: ConversationId,
    user: UserId,
    at: Timestamp,
) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO members (conversation, user, joined_at) VALUES (?, ?, ?)")
        .and_then(|mut statement| statement.execute((number(conversation), number(user), time(at))))
        .map_err(fault)?;
    Ok(())
}

/// The original of a retried deed.
pub(super) fn done(connection: &Connection, author: UserId, client_id: ClientId) -> Result<Option<Change>> {
    let sql = format!("SELECT {CHANGE} FROM changes WHERE author = ? AND client_id = ?");
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement.query_row((number(author), client_id.0.into_bytes()), rows::change).optional()
        })
        .map_err(fault)
}

/// The place of a person in a conversation: [`StoreError::NotFound`] unless they are in it now.
pub(super) fn membership(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Membership> {
    let row = connection
        .prepare_cached(
            "SELECT visible_from, left_after FROM members
             WHERE conversation = ? AND user = ? AND left_after IS NULL",
        )
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
    limit: usize,
) -> Result<(Membership, Vec<Change>)> {
    let membership = membership(connection, user, conversation)?;
    let sql = format!("SELECT {CHANGE} FROM changes WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let asked = (number(conversation), number(after), number(limit as u64));
    let changes = statement.query_map(asked, rows::change).and_then(Iterator::collect).map_err(fault)?;
    Ok((membership, changes))
}

pub(super) fn history(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    before: Option<Seq>,
    limit: usize,
) -> Result<History> {
    let membership = membership(connection, user, conversation)?;
    let as_of = head(connection, conversation)?;
    let (after, to) = rows::visible_after(membership, Seq::ZERO);
    let before = before.map_or(i64::MAX, number);
    let sql = format!(
        "SELECT {CHANGE} FROM changes WHERE conversation = ? AND seq > ? AND seq <= ? AND seq < ?
         ORDER BY seq DESC LIMIT ?"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let asked = (number(conversation), after, to, before, number(limit as u64));
    let mut entries: Vec<Entry> = statement
        .query_map(asked, |row| rows::change(row).map(Entry::of))
        .and_then(Iterator::collect)
        .map_err(fault)?;
    entries.reverse();
    let reached = entries.len() < limit;
    let from =
        if reached { Seq::ZERO.next() } else { entries.first().map_or(as_of.next(), |entry| entry.seq) };
    Ok(History { from, as_of, entries })
}

/// How many changes after `read` count as unread; the same rule as `What::counts_for`.
pub(super) fn unread(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    membership: Membership,
    read: Seq,
) -> Result<u32> {
    let (after, to) = rows::visible_after(membership, read);
    connection
        .prepare_cached(
            "SELECT count(*) FROM changes
             WHERE kind = 'posted' AND conversation = ? AND seq > ? AND seq <= ? AND author <> ?",
        )
        .and_then(|mut statement| {
            statement.query_row((number(conversation), after, to, number(user)), |row| row.get(0))
        })
        .map_err(fault)
}

pub(super) fn read_up_to(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
) -> Result<ReadMarker> {
    let membership = membership(connection, user, conversation)?;
    let as_of = head(connection, conversation)?;
    let key = (number(conversation), number(user));
    let before: Seq = connection
        .prepare_cached("SELECT read FROM members WHERE conversation = ? AND user = ?")
        .and_then(|mut statement| statement.query_row(key, |row| rows::id(row, 0)))
        .map_err(fault)?;
    let seq = before.max(seq.min(as_of));
    let moved = seq > before;
    if moved {
        connection
            .prepare_cached("UPDATE members SET read = ? WHERE conversation = ? AND user = ?")
            .and_then(|mut statement| statement.execute((number(seq), key.0, key.1)))
            .map_err(fault)?;
    }
    let unread = unread(connection, user, conversation, membership, seq)?;
    Ok(ReadMarker { conversation, seq, unread, as_of, moved })
}
