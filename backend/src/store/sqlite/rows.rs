//! Between columns and the types of the domain.

use rusqlite::types::Type;
use rusqlite::{ErrorCode, OptionalExtension, Row};
use shared::id::{ClientId, Seq, Timestamp};
use shared::model::{Change, Kind, Membership, Person, What};
use shared::permission::ServerRole;
use shared::text::DisplayName;
use uuid::Uuid;

use crate::sound;
use crate::store::{Result, StoreError};

/// The columns that [`person`] reads, of `users`.
pub(super) const PERSON: &str = "users.id, users.name, users.display, users.role";
/// The columns that [`change`] reads, of `changes`.
pub(super) const CHANGE: &str = "conversation, seq, author, client_id, at, payload";

/// Conversation, place, author, time and the rest of a change that is not its payload, in bytes of JSON.
const AROUND_A_PAYLOAD: usize = 160;

/// What an error of SQLite means to a caller.
pub(super) fn fault(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        _ => StoreError::Fault(error.to_string()),
    }
}

/// A row that may be missing, as [`StoreError::NotFound`].
pub(super) fn found<T>(row: rusqlite::Result<T>) -> Result<T> {
    row.optional().map_err(fault)?.ok_or(StoreError::NotFound)
}

/// A number of the domain as a column: all of them are below 2^53.
pub(super) fn number(id: impl Into<u64>) -> i64 {
    id.into().cast_signed()
}

/// A time as a column.
pub(super) fn time(at: Timestamp) -> i64 {
    at.0.cast_signed()
}

/// A number of the domain.
pub(super) fn id<T: TryFrom<u64>>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    optional_id(row, column)?.ok_or_else(|| unreadable(column))
}

/// A number of the domain or NULL.
pub(super) fn optional_id<T: TryFrom<u64>>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let number: Option<i64> = row.get(column)?;
    number
        .map(|number| {
            let number = u64::try_from(number).map_err(|_| unreadable(column))?;
            T::try_from(number).map_err(|_| unreadable(column))
        })
        .transpose()
}

/// A time.
pub(super) fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp(row.get::<_, i64>(column)?.cast_unsigned()))
}

/// A text of the domain.
pub(super) fn text<T: TryFrom<String>>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    T::try_from(row.get(column)?).map_err(|_| unreadable(column))
}

/// A person, from [`PERSON`] at the front of the row.
pub(super) fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    let role = match row.get_ref(3)?.as_str()? {
        "owner" => ServerRole::Owner,
        "member" => ServerRole::Member,
        _ => ServerRole::Unknown,
    };
    let display: DisplayName = text(row, 2)?;
    let sound = sound::of(display.as_str());
    Ok(Person { id: id(row, 0)?, name: text(row, 1)?, display, sound, role })
}

/// A change, from [`CHANGE`]. What cannot be read keeps its place and shows nothing.
pub(super) fn change(row: &Row<'_>) -> rusqlite::Result<Change> {
    Ok(Change {
        conversation: id(row, 0)?,
        seq: id(row, 1)?,
        author: id(row, 2)?,
        client_id: row.get::<_, Option<[u8; 16]>>(3).unwrap_or(None).map(|id| ClientId(Uuid::from_bytes(id))),
        at: timestamp(row, 4)?,
        what: row
            .get_ref(5)?
            .as_str()
            .ok()
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or(What::Unknown),
    })
}

/// Roughly the bytes that a change, from [`CHANGE`], has on the wire and in memory.
pub(super) fn size(row: &Row<'_>) -> rusqlite::Result<usize> {
    Ok(row.get_ref(5)?.as_bytes_or_null()?.map_or(0, <[u8]>::len) + AROUND_A_PAYLOAD)
}

/// A membership, from `visible_from, left_after` beginning at `column`.
pub(super) fn membership(row: &Row<'_>, column: usize) -> rusqlite::Result<Membership> {
    Ok(Membership { visible_from: id(row, column)?, left: optional_id(row, column + 1)? })
}

/// A kind of conversation as a column.
pub(super) const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Direct => "direct",
        Kind::Group => "group",
        Kind::Channel => "channel",
        Kind::Unknown => "unknown",
    }
}

/// A kind of conversation.
pub(super) fn kind(row: &Row<'_>, column: usize) -> rusqlite::Result<Kind> {
    Ok(match row.get_ref(column)?.as_str()? {
        "direct" => Kind::Direct,
        "group" => Kind::Group,
        "channel" => Kind::Channel,
        _ => Kind::Unknown,
    })
}

/// The places above `read` that this membership sees, as bounds for SQL: (after, up to). It says the same as
/// [`Membership::visible`], which a test holds it to.
pub(super) fn visible_after(membership: Membership, read: Seq) -> (i64, i64) {
    let after = read.max(membership.visible_from.previous());
    (number(after), membership.left.map_or(i64::MAX, number))
}

fn unreadable(column: usize) -> rusqlite::Error {
    let cause = "not a value of the domain".into();
    rusqlite::Error::FromSqlConversionFailure(column, Type::Null, cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_for_sql_say_what_visible_says() {
        let at = |seq: u64| Seq::try_from(seq).unwrap();
        for visible_from in 1..5 {
            for left in [None, Some(0), Some(2), Some(4)] {
                for read in 0..6 {
                    let membership = Membership { visible_from: at(visible_from), left: left.map(at) };
                    let (after, to) = visible_after(membership, at(read));
                    for seq in 1..8 {
                        let by_bounds = seq > after && seq <= to;
                        let seq = at(seq.cast_unsigned());
                        assert_eq!(by_bounds, seq > at(read) && membership.visible(seq));
                    }
                }
            }
        }
    }
}
