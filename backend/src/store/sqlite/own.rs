//! What is one person's own: slots with versions, told to all their devices.

use rusqlite::{Connection, OptionalExtension, Row};
use shared::id::{ConversationId, Seq, UserId};
use shared::own::{Own, SLOTS, Slot, follow_key};

use shared::text::{Body, DraftText};

use super::changes::membership;
use super::rows::{self, fault, number, time};
use crate::store::{Kept, NewChange, OwnNews, Portion, Result, StoreError};

/// Version and name of a slot, a comma or two: what it has on the wire besides its payload, in bytes.
const AROUND_A_PAYLOAD: usize = 40;

/// What is newer than what a device has, the oldest first. Without `after`, or with one of another time, all of it.
pub(super) fn own_after(
    connection: &Connection,
    user: UserId,
    after: Option<Seq>,
    portion: Portion,
) -> Result<OwnNews> {
    let (head, cleared) = head(connection, user)?;
    let known = after.filter(|after| *after >= cleared && *after <= head);
    let mut statement = connection
        .prepare_cached("SELECT version, payload FROM own WHERE user = ? AND version > ? ORDER BY version")
        .map_err(fault)?;
    let mut rows = statement.query((number(user), number(known.unwrap_or(Seq::ZERO)))).map_err(fault)?;
    let (mut slots, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(fault)? {
        let size = row.get_ref(1).map_err(fault)?.as_bytes().map_or(0, <[u8]>::len);
        if slots.len() == portion.items || !slots.is_empty() && bytes + size > portion.bytes {
            let version = slots.last().map_or(head, |slot: &Slot| slot.version);
            return Ok(OwnNews { slots, version, anew: known.is_none(), more: true });
        }
        bytes += size + AROUND_A_PAYLOAD;
        slots.push(slot(row).map_err(fault)?);
    }
    Ok(OwnNews { slots, version: head, anew: known.is_none(), more: false })
}

/// Keeps a draft that was made from version `base`; says whether it did. A newer one stays.
pub(super) fn keep_draft(connection: &Connection, user: UserId, draft: &Own, base: Seq) -> Result<bool> {
    // What was typed in a conversation that one has left can still be emptied.
    if let Own::Draft { conversation, text, .. } = draft
        && !text.as_str().is_empty()
    {
        membership(connection, user, *conversation)?;
    }
    let there = find(connection, user, &draft.key())?;
    if there.is_some_and(|there| there.version > base) {
        return Ok(false);
    }
    put(connection, user, draft)?;
    Ok(true)
}

/// What was typed is said now: a device that went away between the two must not find it in its field again. Answers
/// whether it stood there.
pub(super) fn empty_draft(
    connection: &Connection,
    user: UserId,
    (conversation, thread): (ConversationId, Option<Seq>),
    said: &Body,
) -> Result<bool> {
    let empty = Own::Draft { conversation, thread, text: DraftText::default(), reply: None };
    let there = find(connection, user, &empty.key())?;
    let is_said = |own: &Own| matches!(own, Own::Draft { text, .. } if text.as_str() == said.as_str());
    if !there.is_some_and(|there| is_said(&there.own)) {
        return Ok(false);
    }
    put(connection, user, &empty)?;
    Ok(true)
}

/// Sets something, once for each deed.
pub(super) fn keep(connection: &Connection, new: NewChange, own: &Own) -> Result<Kept> {
    once(connection, new, || put(connection, new.author, own))
}

/// A person follows what they write in, unless they said something else. Answers whether that is news.
pub(super) fn follow(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    thread: Seq,
) -> Result<bool> {
    if find(connection, user, &follow_key(conversation, thread))?.is_some() {
        return Ok(false);
    }
    put(connection, user, &Own::Follow { conversation, thread, on: true })?;
    Ok(true)
}

/// Does a deed and notes the version that it made; or says which one the first try made.
pub(super) fn once(
    connection: &Connection,
    new: NewChange,
    act: impl FnOnce() -> Result<Seq>,
) -> Result<Kept> {
    let deed = (number(new.author), new.client_id.0.into_bytes());
    let first = connection
        .prepare_cached("SELECT version FROM own_deeds WHERE author = ? AND client_id = ?")
        .and_then(|mut statement| statement.query_row(deed, |row| rows::id(row, 0)).optional())
        .map_err(fault)?;
    if let Some(version) = first {
        return Ok(Kept { version, is_new: false });
    }
    let version = act()?;
    connection
        .prepare_cached("INSERT INTO own_deeds (author, client_id, version) VALUES (?, ?, ?)")
        .and_then(|mut statement| statement.execute((deed.0, deed.1, number(version))))
        .map_err(fault)?;
    Ok(Kept { version, is_new: true })
}

/// Puts a value into its slot, as this person's next version.
pub(super) fn put(connection: &Connection, user: UserId, own: &Own) -> Result<Seq> {
    let key = own.key();
    if find(connection, user, &key)?.is_none() {
        make_room(connection, user)?;
    }
    let version: Seq = connection
        .prepare_cached(
            "INSERT INTO own_heads (user, version) VALUES (?, 1)
             ON CONFLICT DO UPDATE SET version = version + 1 RETURNING version",
        )
        .and_then(|mut statement| statement.query_row([number(user)], |row| rows::id(row, 0)))
        .map_err(fault)?;
    let payload = serde_json::to_string(own).map_err(|error| StoreError::Fault(error.to_string()))?;
    connection
        .prepare_cached(
            "INSERT INTO own (user, slot, version, empty, due, payload) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET version = excluded.version, empty = excluded.empty, due = excluded.due,
                 payload = excluded.payload",
        )
        .and_then(|mut statement| {
            let due = own.due().map(time);
            statement.execute((number(user), key, number(version), own.is_empty(), due, payload))
        })
        .map_err(fault)?;
    Ok(version)
}

/// One slot.
pub(super) fn find(connection: &Connection, user: UserId, key: &str) -> Result<Option<Slot>> {
    connection
        .prepare_cached("SELECT version, payload FROM own WHERE user = ? AND slot = ?")
        .and_then(|mut statement| statement.query_row((number(user), key), slot).optional())
        .map_err(fault)
}

/// A slot, from `version, payload`. What cannot be read is like what a newer version wrote.
pub(super) fn slot(row: &Row<'_>) -> rusqlite::Result<Slot> {
    let own = row.get_ref(1)?.as_str().ok().and_then(|json| serde_json::from_str(json).ok());
    Ok(Slot { version: rows::id(row, 0)?, own: own.unwrap_or(Own::Unknown) })
}

fn head(connection: &Connection, user: UserId) -> Result<(Seq, Seq)> {
    let head = connection
        .prepare_cached("SELECT version, cleared FROM own_heads WHERE user = ?")
        .and_then(|mut statement| {
            statement.query_row([number(user)], |row| Ok((rows::id(row, 0)?, rows::id(row, 1)?))).optional()
        })
        .map_err(fault)?;
    Ok(head.unwrap_or_default())
}

/// Makes room for one slot more, if need be by forgetting those with nothing in them.
fn make_room(connection: &Connection, user: UserId) -> Result<()> {
    if count(connection, user)? < SLOTS {
        return Ok(());
    }
    connection
        .prepare_cached(
            "UPDATE own_heads SET cleared = version
             WHERE user = ?1 AND EXISTS (SELECT 1 FROM own INDEXED BY own_empty WHERE user = ?1 AND empty = 1)",
        )
        .and_then(|mut statement| statement.execute([number(user)]))
        .and_then(|_| connection.prepare_cached("DELETE FROM own INDEXED BY own_empty WHERE user = ? AND empty = 1"))
        .and_then(|mut statement| statement.execute([number(user)]))
        .map_err(fault)?;
    if count(connection, user)? < SLOTS { Ok(()) } else { Err(StoreError::TooMany) }
}

fn count(connection: &Connection, user: UserId) -> Result<u32> {
    connection
        .prepare_cached("SELECT count(*) FROM own WHERE user = ?")
        .and_then(|mut statement| statement.query_row([number(user)], |row| row.get(0)))
        .map_err(fault)
}

#[cfg(test)]
mod tests;
