//! Whether the tables and indexes are those that this version makes: without one of them nothing holds any more that the
//! code relies on, however sound the rows look.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{Result, fault, unreadable};
use crate::store::sqlite::open::migrate;

/// Names the first table or index that is missing, has another form, or is one too many.
pub(super) fn check(connection: &Connection) -> Result {
    let mut model = Connection::open_in_memory().map_err(unreadable)?;
    migrate(&mut model)
        .map_err(|error| fault(format!("no database can be made to compare with: {error}")))?;
    let (expected, found) = (schema(&model)?, schema(connection)?);
    let names = expected.keys().chain(found.keys());
    match names.into_iter().find(|name| expected.get(*name) != found.get(*name)) {
        None => Ok(()),
        Some(name) => Err(fault(format!("{name} is not in the database as this version of Magpie makes it"))),
    }
}

/// What was made, by name. What SQLite makes by itself has no SQL, or a name of its own.
fn schema(connection: &Connection) -> Result<BTreeMap<String, String>> {
    connection
        .prepare(
            "SELECT type || ' ' || name, sql FROM sqlite_schema
             WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
        )
        .and_then(|mut statement| {
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, plain(row.get_ref(1)?.as_str()?)));
            statement.query_map([], row)?.collect()
        })
        .map_err(unreadable)
}

/// Without comments and spaces, which mean nothing.
fn plain(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or(line));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
