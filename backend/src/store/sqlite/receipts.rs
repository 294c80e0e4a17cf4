//! Up to where people have got and read a conversation, for the others in it.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};
use shared::id::{ConversationId, UserId};
use shared::own::{RECEIPTS as RECEIPTS_SLOT, TYPING as TYPING_SLOT};
use shared::receipt::{Mark, RECEIPTS, has_receipts};

use super::changes;
use super::rows::{self, fault, found, number};
use crate::store::{Habits, Noted, Result, StoreError};

/// The columns that [`mark`] reads, of `members`. Who has read something has got it.
const MARK: &str = "user, max(got, read), read";

/// Whether somebody, in `members`, lets others know; everybody does who said nothing else.
const TELLS: &str = "NOT EXISTS (SELECT 1 FROM own
    WHERE own.user = members.user AND slot = 'receipts' AND NOT payload ->> '$.on')";

pub(super) fn note_got(connection: &Connection, noted: &[Noted]) -> Result<Vec<(ConversationId, Mark)>> {
    let mut told = BTreeMap::new();
    let mut marks = Vec::new();
    for noted in noted {
        let Noted { conversation, user, .. } = *noted;
        let is_told = match told.get(&conversation) {
            Some(is_told) => *is_told,
            None => *told.entry(conversation).or_insert(is_told(connection, conversation)?),
        };
        if is_told {
            move_got(connection, *noted)?;
            marks.extend(mark_of(connection, user, conversation)?.map(|mark| (conversation, mark)));
        }
    }
    Ok(marks)
}

pub(super) fn marks(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<Vec<Mark>> {
    changes::membership(connection, user, conversation)?;
    if !is_told(connection, conversation)? || !habits(connection, user)?.receipts {
        return Ok(Vec::new());
    }
    connection
        .prepare_cached(&format!(
            "SELECT {MARK} FROM members
             WHERE conversation = ? AND user <> ? AND left_after IS NULL AND {TELLS}"
        ))
        .and_then(|mut statement| statement.query_map((number(conversation), number(user)), mark)?.collect())
        .map_err(fault)
}

/// What somebody lets others know: everything, unless they said otherwise.
pub(super) fn habits(connection: &Connection, user: UserId) -> Result<Habits> {
    connection
        .prepare_cached(
            "SELECT coalesce(min(payload ->> '$.on') FILTER (WHERE slot = ?2), 1),
                    coalesce(min(payload ->> '$.on') FILTER (WHERE slot = ?3), 1)
             FROM own WHERE user = ?1 AND slot IN (?2, ?3)",
        )
        .and_then(|mut statement| {
            statement.query_row((number(user), RECEIPTS_SLOT, TYPING_SLOT), |row| {
                Ok(Habits { receipts: row.get(0)?, typing: row.get(1)? })
            })
        })
        .map_err(fault)
}

/// Whether those in a conversation tell each other how far they are.
fn is_told(connection: &Connection, conversation: ConversationId) -> Result<bool> {
    let row = connection
        .prepare_cached(
            "SELECT kind, (SELECT count(*) FROM
                (SELECT 1 FROM members WHERE conversation = id AND left_after IS NULL LIMIT ?2))
             FROM conversations WHERE id = ?1",
        )
        .and_then(|mut statement| {
            statement.query_row((number(conversation), number(RECEIPTS as u64 + 1)), |row| {
                Ok(has_receipts(rows::kind(row, 0)?, row.get(1)?))
            })
        });
    match found(row) {
        Err(StoreError::NotFound) => Ok(false),
        other => other,
    }
}

fn move_got(connection: &Connection, Noted { conversation, user, got }: Noted) -> Result<()> {
    connection
        .prepare_cached(&format!(
            "UPDATE members SET got = min(?1, (SELECT head FROM conversations WHERE id = ?2))
             WHERE conversation = ?2 AND user = ?3 AND left_after IS NULL AND got < ?1 AND {TELLS}"
        ))
        .and_then(|mut statement| statement.execute((number(got), number(conversation), number(user))))
        .map_err(fault)?;
    Ok(())
}

fn mark_of(connection: &Connection, user: UserId, conversation: ConversationId) -> Result<Option<Mark>> {
    let row = connection
        .prepare_cached(&format!(
            "SELECT {MARK} FROM members
             WHERE conversation = ? AND user = ? AND left_after IS NULL AND {TELLS}"
        ))
        .and_then(|mut statement| statement.query_row((number(conversation), number(user)), mark));
    match found(row) {
        Ok(mark) => Ok(Some(mark)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn mark(row: &Row<'_>) -> rusqlite::Result<Mark> {
    Ok(Mark { user: rows::id(row, 0)?, got: rows::id(row, 1)?, read: rows::id(row, 2)? })
}
