//! Finding channels.

use rusqlite::Connection;
use shared::id::UserId;

use super::accounts::at_most;
use super::rows::{self, fault, number};
use crate::store::{Found, FoundChannel, Result};

pub(super) fn find_channels(
    connection: &Connection,
    user: UserId,
    query: &str,
    limit: usize,
) -> Result<Found<FoundChannel>> {
    let mut statement = connection
        .prepare_cached(
            "SELECT c.id, c.title,
                (SELECT count(*) FROM members o WHERE o.conversation = c.id AND o.left_after IS NULL),
                EXISTS (SELECT 1 FROM members m
                        WHERE m.conversation = c.id AND m.user = ?1 AND m.left_after IS NULL)
             FROM conversations c WHERE c.kind = 'channel' AND instr(c.folded, ?2) > 0
             ORDER BY c.folded, c.id LIMIT ?3",
        )
        .map_err(fault)?;
    let asked = (number(user), query.to_lowercase(), number(limit as u64 + 1));
    let channels = statement
        .query_map(asked, |row| {
            Ok(FoundChannel {
                id: rows::id(row, 0)?,
                title: rows::text(row, 1)?,
                members: row.get(2)?,
                joined: row.get(3)?,
            })
        })
        .and_then(Iterator::collect)
        .map_err(fault)?;
    Ok(at_most(channels, limit))
}
