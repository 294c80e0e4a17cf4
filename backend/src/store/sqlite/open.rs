//! Opening the database: the migrations, and what a new one or a copy begins with.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite_migration::{Error as MigrationError, M, MigrationDefinitionError, Migrations};
use shared::id::Timestamp;

use super::mark::Mark;
use super::readers::{READERS, Readers};
use super::writer::Writer;
use super::{Engine, SqliteStore, folder, rows};

/// The channel that everyone is in.
const LOBBY: &str = "大厅 Lobby";
/// What brings an empty database to what it is now.
const STEPS: &[M<'_>] = &[
    M::up(include_str!("../../../migrations/1_first.sql")),
    M::up(include_str!("../../../migrations/2_makers.sql")),
    M::up(include_str!("../../../migrations/3_messages.sql")),
    M::up(include_str!("../../../migrations/4_search.sql")),
    M::up(include_str!("../../../migrations/5_own.sql")),
    M::up(include_str!("../../../migrations/6_got.sql")),
];
/// What the migrations bring a database to.
pub(super) const VERSION: usize = STEPS.len();

/// Why the data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made or written in.
    #[error(
        "cannot use the data folder {}: {cause}; give the user that runs Magpie the right to write there, or name another folder with --data",
        path.display()
    )]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Another server runs on it.
    #[error(
        "the data folder {} is in use by another running Magpie; stop that one, or name another folder with --data",
        .0.display()
    )]
    Locked(PathBuf),
    /// A later version of the program has changed the database.
    #[error(
        "the database {} was written by a newer version of Magpie than {}; run that version, or restore an older backup",
        .0.display(),
        env!("CARGO_PKG_VERSION")
    )]
    Newer(PathBuf),
    /// The file is no database, or a broken one.
    #[error("cannot open the database {}: {cause}; restore a backup, or name another folder with --data", path.display())]
    Database {
        /// Which file.
        path: PathBuf,
        /// What SQLite said.
        cause: String,
    },
}

impl SqliteStore {
    /// Opens the database in this folder and holds the folder's lock; makes both where they are missing.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, OpenError> {
        Self::open_with(folder, now, |path| prepare(Connection::open(path)?))
    }

    /// The same with other connections, for tests: to a disk that loses power, say.
    pub(super) fn open_with(
        folder: &Path,
        now: Timestamp,
        connect: impl Fn(&Path) -> rusqlite::Result<Connection>,
    ) -> Result<Self, OpenError> {
        let lock = folder::lock(folder)?;
        let path = folder.join("magpie.db");
        let refused = |cause| OpenError::Folder { path: folder.to_owned(), cause };
        // Closed again before SQLite opens it: closing it later would drop SQLite's locks.
        drop(folder::make_file(&path).map_err(refused)?);
        let file = folder::identity(&path).map_err(refused)?;
        let damaged = |cause: String| OpenError::Database { path: path.clone(), cause };
        let mut connection = connect(&path).map_err(|error| damaged(error.to_string()))?;
        migrate(&mut connection).map_err(|error| match error {
            MigrationError::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => {
                OpenError::Newer(path.clone())
            }
            error => damaged(error.to_string()),
        })?;
        let mut mark = Mark::read(lock.try_clone().map_err(refused)?);
        let opened = Opened { file: file.as_deref(), mark: Some(&mark) };
        begin(&connection, opened, now).map_err(|error| damaged(error.to_string()))?;
        mark.note(&connection);
        let readers: Result<Vec<_>, _> = (0..READERS).map(|_| connect(&path)).collect();
        let readers = readers.map_err(|error| damaged(error.to_string()))?;
        for reader in &readers {
            reader.pragma_update(None, "query_only", true).map_err(|error| damaged(error.to_string()))?;
        }
        let writer = Writer::start(connection, Some(mark)).map_err(|error| damaged(error.to_string()))?;
        Ok(Self { engine: Engine::Threads { writer, readers: Readers::new(readers), _lock: lock } })
    }
}

/// Opens a file with all that a server's own connections have.
#[cfg(feature = "sim")]
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    prepare(Connection::open(path)?)
}

/// Sets what every connection has: above all, that a commit is on the disk before it is answered.
pub(super) fn prepare(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    keep_statements(&connection)?;
    Ok(connection)
}

/// Lets each statement be read once and kept: there are some 150.
///
/// Otherwise SQLite reads those with `LIMIT ?` again for each value, to plan them with it: half of what it did for a list
/// of conversations, and a fifth of all that the simulator did. So no query may need the value of a parameter to see that
/// an index fits it.
pub(super) fn keep_statements(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(256);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// A new database that no file holds.
#[cfg(feature = "sim")]
pub(super) fn in_memory(now: Timestamp) -> Result<Connection, OpenError> {
    let damaged = |cause: String| OpenError::Database { path: PathBuf::from(":memory:"), cause };
    let mut connection = Connection::open_in_memory().map_err(|error| damaged(error.to_string()))?;
    migrate(&mut connection).map_err(|error| damaged(error.to_string()))?;
    begin(&connection, Opened::default(), now).map_err(|error| damaged(error.to_string()))?;
    Ok(connection)
}

/// Brings a database to the latest version.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite_migration::Result<()> {
    Migrations::from_slice(STEPS).to_latest(connection)
}

/// What tells a database from its copies, where the system says that.
#[derive(Default)]
struct Opened<'a> {
    /// The file's identity: a copy beside it or in its place has another one.
    file: Option<&'a str>,
    /// How much was in it: a copy that was written over it has less.
    mark: Option<&'a Mark>,
}

/// Gives a new database its epoch and its lobby, and a copy an epoch of its own.
///
/// A backup that is restored gives the places in its logs a second time. Clients that have seen the first ones must not
/// go on from there.
fn begin(connection: &Connection, Opened { file, mark }: Opened<'_>, now: Timestamp) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    let epoch = uuid::Uuid::new_v4().into_bytes();
    let is_new = transaction.execute(
        "INSERT INTO server (one, epoch, file, made_at) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING",
        (epoch, file, rows::time(now)),
    )? > 0;
    if is_new {
        transaction.execute(
            "INSERT INTO conversations (kind, title, folded, everyone, made_at) VALUES ('channel', ?, ?, 1, ?)",
            (LOBBY, LOBBY.to_lowercase(), rows::time(now)),
        )?;
    }
    let is_older = mark.map(|mark| mark.is_ahead_of(&transaction)).transpose()?.unwrap_or(false);
    let is_copy = transaction.execute(
        "UPDATE server SET epoch = ?1, file = coalesce(?2, file) WHERE (?2 IS NOT NULL AND file IS NOT ?2) OR ?3",
        (epoch, file, is_older),
    )? > 0;
    transaction.commit()?;
    if is_copy {
        tracing::info!("the database is a copy or a restored backup, so every client loads it afresh");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_sound() {
        assert!(Migrations::from_slice(STEPS).validate().is_ok());
    }
}
