//! Messages that are to be posted later: kept in slots of their authors, and found by their time.

use rusqlite::{Connection, OptionalExtension};
use shared::code::Code;
use shared::id::{ClientId, Timestamp, UserId};
use shared::own::{Own, SCHEDULED, SCHEDULED_PREFIX, Scheduled, Stage, scheduled_key};

use super::changes::membership;
use super::own::{find, once, put, slot};
use super::rows::{self, fault, number, time};
use crate::store::{Kept, NewChange, Result, StoreError};

/// Schedules a message, or changes one that is not being posted yet.
pub(super) fn schedule(connection: &Connection, new: NewChange, message: Scheduled) -> Result<Kept> {
    once(connection, new, || {
        membership(connection, new.author, message.conversation)?;
        match change(connection, new.author, message.id)? {
            Some(_) => {}
            None if count(connection, new.author)? < SCHEDULED => {}
            None => return Err(StoreError::TooMany),
        }
        put(connection, new.author, &Own::Scheduled(message))
    })
}

/// Takes a scheduled message back. What is not there any more stays so.
pub(super) fn unschedule(connection: &Connection, new: NewChange, id: ClientId) -> Result<Kept> {
    once(connection, new, || {
        change(connection, new.author, id)?;
        put(connection, new.author, &Own::Unscheduled { id })
    })
}

/// When the next message is due.
pub(super) fn next_due(connection: &Connection) -> Result<Option<Timestamp>> {
    connection
        .prepare_cached("SELECT due FROM own WHERE due IS NOT NULL ORDER BY due LIMIT 1")
        .and_then(|mut statement| statement.query_row([], |row| rows::timestamp(row, 0)).optional())
        .map_err(fault)
}

/// Takes up to `limit` messages that are due, the oldest first: from now on nobody changes them.
pub(super) fn claim_due(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<(UserId, Scheduled)>> {
    let due = connection
        .prepare_cached(
            "SELECT version, payload, user FROM own WHERE due IS NOT NULL AND due <= ? ORDER BY due LIMIT ?",
        )
        .and_then(|mut statement| {
            let row = |row: &rusqlite::Row<'_>| Ok((rows::id(row, 2)?, slot(row)?));
            statement.query_map((time(now), number(limit as u64)), row)?.collect::<rusqlite::Result<Vec<_>>>()
        })
        .map_err(fault)?;
    let mut claimed = Vec::new();
    for (user, slot) in due {
        let Own::Scheduled(mut message) = slot.own else { continue };
        if message.stage != Stage::Sending {
            message.stage = Stage::Sending;
            put(connection, user, &Own::Scheduled(message.clone()))?;
        }
        claimed.push((user, message));
    }
    Ok(claimed)
}

/// A message that was due has been posted, or cannot be.
pub(super) fn settle_due(
    connection: &Connection,
    user: UserId,
    message: Scheduled,
    failed: Option<Code>,
) -> Result<()> {
    let own = match failed {
        None => Own::Unscheduled { id: message.id },
        Some(code) => Own::Scheduled(Scheduled { stage: Stage::Failed { code }, ..message }),
    };
    put(connection, user, &own).map(drop)
}

/// The scheduled message with this identity, if it may still be changed; `None` if there is none.
fn change(connection: &Connection, user: UserId, id: ClientId) -> Result<Option<Scheduled>> {
    let is_posted = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM deeds WHERE author = ? AND client_id = ?)")
        .and_then(|mut statement| {
            statement.query_row((number(user), id.0.into_bytes()), |row| row.get::<_, bool>(0))
        })
        .map_err(fault)?;
    let there = find(connection, user, &scheduled_key(id))?.map(|slot| slot.own);
    match there {
        _ if is_posted => Err(StoreError::TooLate),
        Some(Own::Scheduled(Scheduled { stage: Stage::Sending, .. })) => Err(StoreError::TooLate),
        Some(Own::Scheduled(message)) => Ok(Some(message)),
        _ => Ok(None),
    }
}

fn count(connection: &Connection, user: UserId) -> Result<u32> {
    connection
        .prepare_cached(
            "SELECT count(*) FROM own WHERE user = ? AND slot >= ? AND slot < ? || 'g' AND empty = 0",
        )
        .and_then(|mut statement| {
            statement.query_row((number(user), SCHEDULED_PREFIX, SCHEDULED_PREFIX), |row| row.get(0))
        })
        .map_err(fault)
}
