//! Finding channels.

use rusqlite::Connection;
use shared::fuzzy;
use shared::id::{ConversationId, UserId};
use shared::text::{Sound, Title};

use super::accounts::best;
use super::rows::{self, fault, number};
use crate::sound;
use crate::store::{Found, FoundChannel, Result};

pub(super) fn find_channels(
    connection: &Connection,
    user: UserId,
    query: &str,
    limit: usize,
) -> Result<Found<FoundChannel>> {
    let mut titles = connection
        .prepare_cached("SELECT id, title FROM conversations WHERE kind = 'channel' ORDER BY folded, id")
        .map_err(fault)?;
    let titles = titles.query_map((), |row| Ok((rows::id(row, 0)?, rows::text(row, 1)?))).map_err(fault)?;
    let found = best(titles, query, limit, |(_, title): &(ConversationId, Title)| {
        let sound = sound::of(title.as_str());
        fuzzy::rank(query, title.as_str(), sound.as_ref().map(Sound::as_str))
    })?;
    // Only those that are shown are counted.
    let items = found.items.into_iter().map(|(id, title)| channel(connection, user, id, title));
    Ok(Found { items: items.collect::<Result<_>>()?, more: found.more })
}

fn channel(connection: &Connection, user: UserId, id: ConversationId, title: Title) -> Result<FoundChannel> {
    connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM members WHERE conversation = ?1 AND left_after IS NULL),
                EXISTS (SELECT 1 FROM members WHERE conversation = ?1 AND user = ?2 AND left_after IS NULL)",
        )
        .and_then(|mut statement| {
            statement.query_row((number(id), number(user)), |row| {
                Ok(FoundChannel { id, title, members: row.get(0)?, joined: row.get(1)? })
            })
        })
        .map_err(fault)
}
