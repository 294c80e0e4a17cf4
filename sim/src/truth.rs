//! What the disk says, read past every server.

use backend::store::Disk;
use rusqlite::{OptionalExtension as _, Row};
use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::model::{Change, What};
use shared::own::{Own, Slot};
use shared::receipt::Mark;
use uuid::Uuid;

use crate::oracle::{Broken, ensure};

/// All conversations.
pub(crate) fn conversations(disk: &Disk) -> Result<Vec<ConversationId>, Broken> {
    disk.look(|c| {
        c.prepare_cached("SELECT id FROM conversations")?.query_map([], |row| id(row, 0))?.collect()
    })
    .map_err(|error| error.to_string())
}

/// Which conversations somebody is in, their heads, and up to where they are read.
pub(crate) fn standings(disk: &Disk, user: UserId) -> Result<Vec<(ConversationId, Seq, Seq)>, Broken> {
    disk.look(|c| {
        c.prepare_cached(
            "SELECT id, head, read FROM members JOIN conversations ON id = conversation
             WHERE user = ? AND left_after IS NULL",
        )?
        .query_map([number(user)], |row| Ok((id(row, 0)?, id(row, 1)?, id(row, 2)?)))?
        .collect()
    })
    .map_err(|error| error.to_string())
}

/// How far somebody is in a conversation, if they ever were in it.
pub(crate) fn mark(disk: &Disk, conversation: ConversationId, user: UserId) -> Result<Option<Mark>, Broken> {
    disk.look(|c| {
        c.prepare_cached("SELECT max(got, read), read FROM members WHERE conversation = ? AND user = ?")?
            .query_row((number(conversation), number(user)), |row| {
                Ok(Mark { user, got: id(row, 0)?, read: id(row, 1)? })
            })
            .optional()
    })
    .map_err(|error| error.to_string())
}

pub(crate) fn members(disk: &Disk, conversation: ConversationId) -> Result<u32, Broken> {
    disk.look(|c| {
        c.prepare_cached("SELECT count(*) FROM members WHERE conversation = ? AND left_after IS NULL")?
            .query_row([number(conversation)], |row| row.get(0))
    })
    .map_err(|error| error.to_string())
}

/// What is somebody's own, by version.
pub(crate) fn own(disk: &Disk, user: UserId) -> Result<Vec<Slot>, Broken> {
    disk.look(|c| {
        c.prepare_cached("SELECT version, payload FROM own WHERE user = ? ORDER BY version")?
            .query_map([number(user)], |row| {
                let payload: String = row.get(1)?;
                Ok(Slot { version: id(row, 0)?, own: serde_json::from_str(&payload).unwrap_or(Own::Unknown) })
            })?
            .collect()
    })
    .map_err(|error| error.to_string())
}

/// The log after so many changes, which must go on without a hole (I3).
pub(crate) fn read_log(
    disk: &Disk,
    conversation: ConversationId,
    known: usize,
) -> Result<Vec<Change>, Broken> {
    let known = known as u64;
    let log: Vec<Change> = disk
        .look(|c| {
            c.prepare_cached(
                "SELECT seq, at, author, client_id, payload FROM changes
                 WHERE conversation = ? AND seq > ? ORDER BY seq",
            )?
            .query_map((number(conversation), number(known)), |row| change(conversation, row))?
            .collect()
        })
        .map_err(|error| error.to_string())?;
    for (change, expected) in log.iter().zip(known + 1..) {
        let seq = change.seq;
        ensure(seq.get() == expected, || {
            format!("I3: conversation {conversation} has {seq} where {expected} should be")
        })?;
    }
    Ok(log)
}

fn change(conversation: ConversationId, row: &Row<'_>) -> rusqlite::Result<Change> {
    let (at, payload): (i64, String) = (row.get(1)?, row.get(4)?);
    let client_id: Option<[u8; 16]> = row.get(3)?;
    Ok(Change {
        conversation,
        seq: id(row, 0)?,
        at: Timestamp(u64::try_from(at).unwrap_or(0)),
        author: id(row, 2)?,
        client_id: client_id.map(|bytes| ClientId(Uuid::from_bytes(bytes))),
        what: serde_json::from_str(&payload).unwrap_or(What::Unknown),
    })
}

fn number(id: impl Into<u64>) -> i64 {
    i64::try_from(id.into()).unwrap_or(i64::MAX)
}

fn id<T: TryFrom<u64>>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let number: i64 = row.get(column)?;
    let id = u64::try_from(number).ok().and_then(|number| T::try_from(number).ok());
    id.ok_or(rusqlite::Error::IntegralValueOutOfRange(column, number))
}
