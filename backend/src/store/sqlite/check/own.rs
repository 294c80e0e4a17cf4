//! What is one person's own: each slot can be read, stands under its name, and its version was given.

use rusqlite::Connection;
use shared::own::Own;

use super::{Result, fault, unreadable};
use crate::store::sqlite::rows;

/// Checks all slots, and the deeds that filled them.
pub(super) fn check(connection: &Connection) -> Result {
    slots(connection)?;
    deeds(connection)
}

fn slots(connection: &Connection) -> Result {
    let mut statement = connection
        .prepare(
            "SELECT o.user, o.slot, o.payload, o.empty, o.due, o.version BETWEEN 1 AND ifnull(h.version, 0)
             FROM own o LEFT JOIN own_heads h ON h.user = o.user",
        )
        .map_err(unreadable)?;
    let mut slots = statement.query([]).map_err(unreadable)?;
    while let Some(row) = slots.next().map_err(unreadable)? {
        let (user, slot): (i64, String) =
            row.get(0).and_then(|user| Ok((user, row.get(1)?))).map_err(unreadable)?;
        let broken = |what: &str| fault(format!("the slot {slot} of person {user} {what}"));
        let own = row.get_ref(2).map_err(unreadable)?;
        let own: Option<Own> = own.as_str().ok().and_then(|json| serde_json::from_str(json).ok());
        let own = own.ok_or_else(|| broken("cannot be read"))?;
        if own.key() != slot {
            return Err(broken("holds what belongs into another one"));
        }
        let due = rows::optional_id::<u64>(row, 4).map_err(unreadable)?;
        let is_empty: bool = row.get(3).map_err(unreadable)?;
        if is_empty != own.is_empty() || due != own.due().map(|due| due.0) {
            return Err(broken("is not noted as what it holds"));
        }
        if !row.get::<_, bool>(5).map_err(unreadable)? {
            return Err(broken("has a version that was never given"));
        }
    }
    Ok(())
}

fn deeds(connection: &Connection) -> Result {
    let wrong: i64 = connection
        .query_row(
            "SELECT count(*) FROM own_deeds d LEFT JOIN own_heads h ON h.user = d.author
             WHERE length(d.client_id) <> 16 OR d.version < 1 OR d.version > ifnull(h.version, 0)",
            [],
            |row| row.get(0),
        )
        .map_err(unreadable)?;
    if wrong == 0 {
        return Ok(());
    }
    Err(fault(format!("{wrong} deeds are noted as having made versions that were never given")))
}
