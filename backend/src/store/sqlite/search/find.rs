//! Asking the index, with the one rule of what may be seen.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};
use shared::id::{ConversationId, Seq, Timestamp, UserId};
use shared::model::Membership;

use super::index::place_of;
use super::{DAY, wanted};
use crate::store::sqlite::changes;
use crate::store::sqlite::folded::{self, ENTRY, FROM};
use crate::store::sqlite::rows::{self, fault, number, time};
use crate::store::{Hit, Hits, Result, Search, StoreError};

/// Up to so many conversations are named to the index from the beginning: each costs a look of its own.
const FEW: usize = 8;
/// Most bytes of hits in one answer, of which one always comes: a message may carry a long chain.
const BYTES: usize = 256 * 1024;
/// Rows that may be found and not be seen before the conversations are named, however many they are.
const UNSEEN: usize = 300;

/// What a person sees of each conversation that they are in.
type Sight = BTreeMap<ConversationId, Membership>;

/// The newest messages that this person may see and that are wanted, and whether there are more.
pub(in crate::store::sqlite) fn search(
    connection: &Connection,
    user: UserId,
    search: &Search,
) -> Result<Hits> {
    let sight = sight(connection, user, search.conversation)?;
    let mut hits = Hits { hits: Vec::new(), more: false };
    let Some(wanted) = wanted::expression(user, search).filter(|_| !sight.is_empty()) else {
        return Ok(hits);
    };
    let Some(mut span) = bounds(connection, search, &sight)? else { return Ok(hits) };
    if sight.len() > FEW {
        // Who is in many conversations sees most of what is said of late.
        let reached = read(connection, &wanted, span, search, &sight, UNSEEN, &mut hits)?;
        let Some(reached) = reached else { return Ok(hits) };
        span.1 = reached;
    }
    let places = wanted::among(sight.keys().copied());
    read(connection, &wanted::both(&wanted, &places), span, search, &sight, usize::MAX, &mut hits)?;
    Ok(hits)
}

/// Adds what is found from the first row up to the second, the newest first. Says which row it stopped at if it came to
/// too many that this person does not see.
fn read(
    connection: &Connection,
    expression: &str,
    (from, before): (i64, i64),
    search: &Search,
    sight: &Sight,
    mut unseen: usize,
    into: &mut Hits,
) -> Result<Option<i64>> {
    let sql = format!(
        "SELECT {ENTRY}, changes.rowid FROM found CROSS JOIN {FROM}
         WHERE changes.rowid = found.rowid AND found MATCH ? AND found.rowid >= ? AND found.rowid < ? ORDER BY found.rowid DESC"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let mut rows = statement.query((expression, from, before)).map_err(fault)?;
    let mut bytes = 0;
    // SQLite reads no further than we step.
    while let Some(row) = rows.next().map_err(fault)? {
        if !is_seen(row, search, sight).map_err(fault)? {
            if unseen == 0 {
                return row.get(7).map(Some).map_err(fault);
            }
            unseen -= 1;
            continue;
        }
        bytes += folded::size(row).map_err(fault)?;
        if into.hits.len() == search.limit || (bytes > BYTES && !into.hits.is_empty()) {
            into.more = true;
            return Ok(None);
        }
        let (conversation, entry) = (rows::id(row, 0).map_err(fault)?, folded::entry(row).map_err(fault)?);
        into.hits.push(Hit { conversation, entry });
    }
    Ok(None)
}

/// Where this person is, or whether they are in that one.
fn sight(connection: &Connection, user: UserId, only: Option<ConversationId>) -> Result<Sight> {
    if let Some(conversation) = only {
        return Ok(Sight::from([(conversation, changes::membership(connection, user, conversation)?)]));
    }
    connection
        .prepare_cached(
            "SELECT conversation, visible_from, left_after FROM members WHERE user = ? AND left_after IS NULL",
        )
        .and_then(|mut statement| {
            let row = |row: &Row<'_>| Ok((rows::id(row, 0)?, rows::membership(row, 1)?));
            statement.query_map([number(user)], row)?.collect()
        })
        .map_err(fault)
}

/// Between which rows of the log to look: from the first, before the second. `None` if there is nothing between.
fn bounds(connection: &Connection, search: &Search, sight: &Sight) -> Result<Option<(i64, i64)>> {
    let (mut from, mut before) = (0, i64::MAX);
    if let Some(after) = search.after {
        let first = edge(connection, "SELECT min(first) FROM days WHERE day >= ?", after)?;
        let Some(first) = first else { return Ok(None) };
        from = first;
    }
    if let Some(end) = search.before {
        let last = edge(connection, "SELECT max(last) FROM days WHERE day <= ?", end)?;
        let Some(last) = last else { return Ok(None) };
        before = last + 1;
    }
    if let Some((conversation, seq)) = search.cursor {
        let is_seen = sight.get(&conversation).is_some_and(|membership| membership.visible(seq));
        let place = is_seen.then(|| place_of(connection, conversation, seq));
        before = before.min(place.ok_or(StoreError::NotFound)??);
    }
    Ok((from < before).then_some((from, before)))
}

fn edge(connection: &Connection, sql: &str, at: Timestamp) -> Result<Option<i64>> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row([time(at) / DAY], |row| row.get(0)))
        .map_err(fault)
}

/// Whether a row may be seen and lies in the time that is wanted.
fn is_seen(row: &Row<'_>, search: &Search, sight: &Sight) -> rusqlite::Result<bool> {
    let (conversation, seq, at) = (rows::id(row, 0)?, rows::id(row, 1)?, rows::timestamp(row, 4)?);
    let is_visible = sight.get(&conversation).is_some_and(|membership| membership.visible(seq));
    let is_in_time =
        search.after.is_none_or(|after| at >= after) && search.before.is_none_or(|before| at < before);
    Ok(is_visible && is_in_time)
}

/// The first place that this person may see at or after a moment; the last one where nothing came after it.
pub(in crate::store::sqlite) fn first_at(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    moment: Timestamp,
) -> Result<Seq> {
    let membership = changes::membership(connection, user, conversation)?;
    let last = number(changes::head(connection, conversation)?);
    let (mut low, mut high) = (number(membership.visible_from), last);
    // Times are nearly in order: a clock that was set back leads a little beside, and no further.
    while low < high {
        let middle = low.midpoint(high);
        if time(at(connection, conversation, middle)?) < time(moment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Seq::try_from(low.min(last).cast_unsigned()).map_err(|_| StoreError::NotFound)
}

fn at(connection: &Connection, conversation: ConversationId, seq: i64) -> Result<Timestamp> {
    connection
        .prepare_cached("SELECT at FROM changes WHERE conversation = ? AND seq = ?")
        .and_then(|mut statement| {
            statement.query_row((number(conversation), seq), |row| rows::timestamp(row, 0)).optional()
        })
        .map_err(fault)?
        .ok_or(StoreError::NotFound)
}
