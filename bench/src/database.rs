//! The server's database, read beside the server that uses it: what is committed, whoever says what.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{Connection, OpenFlags, Row};
use shared::id::{ClientId, ConversationId, Seq, Timestamp};
use shared::model::Change;
use uuid::Uuid;

use crate::failure::Result;
use crate::oracle::Logs;

/// A connection that only reads.
pub(crate) struct Database(Connection);

impl Database {
    /// That of the server on this folder, which is running: so what was left in its journal has been taken up.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(folder.join("magpie.db"), flags)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        Ok(Self(connection))
    }

    /// The last place of each log, as the server's own bookkeeping has it.
    pub(crate) fn heads(&self) -> Result<BTreeMap<ConversationId, Seq>> {
        Ok(heads(&self.0)?)
    }

    /// Adds to `logs` what it lacks, as of one moment.
    pub(crate) fn read_on(&self, logs: &mut Logs) -> Result<()> {
        let snapshot = self.0.unchecked_transaction()?;
        let mut statement = snapshot.prepare_cached(
            "SELECT conversation, seq, at, author, client_id, payload FROM changes
             WHERE conversation = ? AND seq > ? ORDER BY seq",
        )?;
        for (conversation, head) in heads(&snapshot)? {
            let known = logs.last(conversation);
            let rows = statement.query_map((column(conversation), column(known)), change)?;
            for row in rows {
                logs.add(row?);
            }
            logs.end_at(conversation, head);
        }
        Ok(())
    }
}

fn heads(connection: &Connection) -> rusqlite::Result<BTreeMap<ConversationId, Seq>> {
    connection
        .prepare_cached("SELECT id, head FROM conversations")?
        .query_map([], |row| Ok((number(row, 0)?, number(row, 1)?)))?
        .collect()
}

fn change(row: &Row<'_>) -> rusqlite::Result<Change> {
    let client_id: Option<[u8; 16]> = row.get(4)?;
    let what = serde_json::from_str(row.get_ref(5)?.as_str()?);
    Ok(Change {
        conversation: number(row, 0)?,
        seq: number(row, 1)?,
        at: Timestamp(row.get::<_, i64>(2)?.cast_unsigned()),
        author: number(row, 3)?,
        client_id: client_id.map(|bytes| ClientId(Uuid::from_bytes(bytes))),
        what: what.map_err(|error| unreadable(5, error))?,
    })
}

fn number<T>(row: &Row<'_>, place: usize) -> rusqlite::Result<T>
where
    T: TryFrom<u64, Error: std::error::Error + Send + Sync + 'static>,
{
    T::try_from(row.get::<_, i64>(place)?.cast_unsigned()).map_err(|error| unreadable(place, error))
}

fn column(number: impl Into<u64>) -> i64 {
    number.into().cast_signed()
}

fn unreadable(place: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(place, Type::Integer, Box::new(error))
}
