//! Whether a database is sound and says what its own logs say: all of it read as of one moment, nothing written.

mod amended;
mod fold;
mod logs;
mod open;
mod own;
mod schema;
mod search;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use shared::id::UserId;
use shared::text::{DisplayName, UserName};

use super::rows;
use open::snapshot;

/// What was looked at. A database without a fault is no proof of anything if these are all 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Conversations.
    pub conversations: u64,
    /// Places in all logs together.
    pub changes: u64,
    /// Deeds that were done.
    pub deeds: u64,
    /// Accounts.
    pub people: u64,
    /// Whether a server has the folder open.
    pub in_use: bool,
}

/// Why a database is not vouched for. Each is one sentence.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The first fault that was found.
    #[error("{0}")]
    Fault(String),
    /// There is nothing to check.
    #[error("there is no database {}; name the folder that holds it with --data", .0.display())]
    Missing(PathBuf),
    /// It cannot be opened for reading.
    #[error("cannot read the database {}: {cause}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What SQLite or the system said.
        cause: String,
    },
    /// A later version has changed it.
    #[error(
        "the database {} was written by a newer version of Magpie than {}; check it with that version",
        .0.display(),
        env!("CARGO_PKG_VERSION")
    )]
    Newer(PathBuf),
    /// An earlier version made it, and this one has not yet brought it up.
    #[error(
        "the database {} is of an older version of Magpie than {}; check it with that version, or start this one on a copy first",
        .0.display(),
        env!("CARGO_PKG_VERSION")
    )]
    Older(PathBuf),
}

/// What each step answers.
type Result<T = ()> = std::result::Result<T, CheckError>;

/// A fault, as `Err(fault("…"))`.
fn fault(sentence: impl Into<String>) -> CheckError {
    CheckError::Fault(sentence.into())
}

/// A row that is not as the code writes it, or a part of the file that SQLite cannot read.
fn unreadable(error: rusqlite::Error) -> CheckError {
    fault(format!("the database cannot be read: {error}"))
}

/// Checks the database in this folder, also while a server has it open.
pub fn check(folder: &Path) -> Result<Checked> {
    let (connection, in_use) = snapshot(folder)?;
    // First of all: a view in the place of a table could go on for ever.
    schema::check(&connection)?;
    file(&connection)?;
    references(&connection)?;
    server(&connection)?;
    people(&connection)?;
    let changes = logs::check(&connection)?;
    amended::check(&connection)?;
    logs::deeds(&connection)?;
    own::check(&connection)?;
    search::check(&connection)?;
    Ok(Checked {
        conversations: count(&connection, "conversations")?,
        changes,
        deeds: count(&connection, "deeds")? + count(&connection, "own_deeds")?,
        people: count(&connection, "users")?,
        in_use,
    })
}

fn count(connection: &Connection, table: &str) -> Result<u64> {
    let count: rusqlite::Result<i64> =
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
    count.map(i64::cast_unsigned).map_err(unreadable)
}

/// Pages, indexes and the constraints of the tables.
fn file(connection: &Connection) -> Result {
    let said: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(unreadable)?;
    if said == "ok" {
        Ok(())
    } else {
        Err(fault(format!("the file is damaged: {}", said.replace('\n', " "))))
    }
}

/// Sessions, members, authors: whoever and whatever a row names is there.
fn references(connection: &Connection) -> Result {
    let mut statement = connection.prepare("PRAGMA foreign_key_check").map_err(unreadable)?;
    let mut rows = statement.query([]).map_err(unreadable)?;
    let Some(row) = rows.next().map_err(unreadable)? else { return Ok(()) };
    let (table, parent): (String, String) =
        row.get(0).and_then(|table| Ok((table, row.get(2)?))).map_err(unreadable)?;
    Err(fault(format!("a row of {table} names a row of {parent} that is not there")))
}

fn server(connection: &Connection) -> Result {
    let epochs = connection
        .prepare("SELECT epoch FROM server")
        .and_then(|mut statement| {
            statement.query_map([], |row| row.get::<_, [u8; 16]>(0))?.collect::<rusqlite::Result<Vec<_>>>()
        })
        .map_err(|_| fault("the epoch of the database cannot be read"))?;
    // What comes first is written at once: if it is not there, the very first start was cut short, and the next one
    // goes on.
    let is_begun = !epochs.is_empty() || count(connection, "conversations")? > 0;
    if epochs.len() == 1 || !is_begun { Ok(()) } else { Err(fault("the database has no epoch")) }
}

/// Names that their types refuse would make every list that shows them fail.
fn people(connection: &Connection) -> Result {
    let mut statement =
        connection.prepare("SELECT id, name, display, folded, role FROM users").map_err(unreadable)?;
    let mut people = statement.query([]).map_err(unreadable)?;
    while let Some(row) = people.next().map_err(unreadable)? {
        let number: i64 = row.get(0).map_err(unreadable)?;
        let broken = |what: &str| fault(format!("person {number} has {what}"));
        rows::id::<UserId>(row, 0).map_err(|_| broken("an impossible number"))?;
        rows::text::<UserName>(row, 1).map_err(|_| broken("an impossible name"))?;
        let display: DisplayName = rows::text(row, 2).map_err(|_| broken("an impossible display name"))?;
        let folded: String = row.get(3).map_err(unreadable)?;
        if folded != display.as_str().to_lowercase() {
            return Err(broken("another name to be found by than the display name"));
        }
        let role: String = row.get(4).map_err(unreadable)?;
        if !matches!(role.as_str(), "owner" | "member") {
            return Err(broken("an unknown role"));
        }
    }
    Ok(())
}
