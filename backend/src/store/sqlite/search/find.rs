//! Asking the index, with the one rule of what may be seen.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};
use shared::id::{ConversationId, Seq, Timestamp, UserId};
use shared::model::{Entry, Membership};

use super::{DAY, wanted};
use crate::store::sqlite::changes;
use crate::store::sqlite::rows::{self, CHANGE, fault, found, number, time};
use crate::store::{Hit, Hits, Result, Search, StoreError};

/// What a person sees of each conversation that they are in.
type Sight = BTreeMap<ConversationId, Membership>;

/// The newest messages that this person may see and that are wanted, and whether there are more.
pub(in crate::store::sqlite) fn search(
    connection: &Connection,
    user: UserId,
    search: &Search,
) -> Result<Hits> {
    let sight = sight(connection, user, search.conversation)?;
    let among: Vec<ConversationId> = sight.keys().copied().collect();
    let none = Hits { hits: Vec::new(), more: false };
    let Some(expression) = wanted::expression(search, &among).filter(|_| !among.is_empty()) else {
        return Ok(none);
    };
    let Some((from, before)) = bounds(connection, search, &sight)? else { return Ok(none) };
    let sql = format!(
        "SELECT {CHANGE} FROM found CROSS JOIN changes ON changes.rowid = found.rowid
         WHERE found MATCH ? AND found.rowid >= ? AND found.rowid < ? ORDER BY found.rowid DESC"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let mut rows = statement.query((expression, from, before)).map_err(fault)?;
    let mut hits = Vec::new();
    // SQLite reads no further than we step.
    while let Some(row) = rows.next().map_err(fault)? {
        let Some(hit) = hit(row, search, &sight).map_err(fault)? else { continue };
        if hits.len() == search.limit {
            return Ok(Hits { hits, more: true });
        }
        hits.push(hit);
    }
    Ok(Hits { hits, more: false })
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
        let place = is_seen.then(|| place(connection, conversation, seq));
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

fn place(connection: &Connection, conversation: ConversationId, seq: Seq) -> Result<i64> {
    let row = connection
        .prepare_cached("SELECT rowid FROM changes WHERE conversation = ? AND seq = ?")
        .and_then(|mut statement| statement.query_row((number(conversation), number(seq)), |row| row.get(0)));
    found(row)
}

/// The row as a hit, if it may be seen and lies in the time that is wanted.
fn hit(row: &Row<'_>, search: &Search, sight: &Sight) -> rusqlite::Result<Option<Hit>> {
    let change = rows::change(row)?;
    let conversation = change.conversation;
    let is_seen = sight.get(&conversation).is_some_and(|membership| membership.visible(change.seq));
    let is_in_time = search.after.is_none_or(|after| change.at >= after)
        && search.before.is_none_or(|before| change.at < before);
    Ok((is_seen && is_in_time).then(|| Hit { conversation, entry: Entry::of(change) }))
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
