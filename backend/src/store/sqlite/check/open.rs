//! Opening a database that somebody else may be using, or that lies where nothing can be written.

use std::fs::{File, TryLockError};
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{CheckError, Result, fault, unreadable};
use crate::store::sqlite::open::VERSION;

/// The database as of one moment, and whether a server has it open.
pub(super) fn snapshot(folder: &Path) -> Result<(Connection, bool)> {
    let path = folder.join("magpie.db");
    if !path.is_file() {
        return Err(CheckError::Missing(path));
    }
    let connection = open(&path).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => fault("the file is no database, or its beginning is damaged"),
        // The list of tables is read first, and may be what is damaged.
        Some(ErrorCode::DatabaseCorrupt) => fault(format!("the file is damaged: {error}")),
        _ => CheckError::Unreadable { path: path.clone(), cause: error.to_string() },
    })?;
    let version: u32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(unreadable)?;
    match (version as usize).cmp(&VERSION) {
        std::cmp::Ordering::Less => Err(CheckError::Older(path)),
        std::cmp::Ordering::Equal => Ok((connection, is_in_use(folder))),
        std::cmp::Ordering::Greater => Err(CheckError::Newer(path)),
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    match begin(Connection::open_with_flags(path, flags)?) {
        // Beside a database that was closed in peace there is no log, and where nothing can be written none can be
        // made; but then nobody else writes either.
        Err(error) if cannot_make_files(&error) && !has_log(path) => {
            let name = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let uri = format!("file:{name}?immutable=1");
            begin(Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?)
        }
        opened => opened,
    }
}

/// Everything that follows is read in one transaction, which a server that writes does not disturb.
fn begin(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch("BEGIN")?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

fn cannot_make_files(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

fn has_log(path: &Path) -> bool {
    let log = path.with_extension("db-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// A server holds the lock as long as it runs.
fn is_in_use(folder: &Path) -> bool {
    File::open(folder.join("lock"))
        .is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
}
