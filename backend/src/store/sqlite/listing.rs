//! The list of conversations as one person sees it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};
use shared::id::{ConversationId, Seq, UserId};
use shared::model::{Entry, Kind, Membership, Summary};

use super::folded::{self, ENTRY, FROM};
use super::rows::{self, fault, found, number};
use super::{accounts, markers};
use crate::sound;
use crate::store::{Listed, Listing, Result, Standing};

const ROW: &str = "
    SELECT c.id, c.kind, c.title, c.direct_key, c.made_at, c.head, m.read, m.visible_from, m.left_after,
        (SELECT count(*) FROM members o WHERE o.conversation = c.id AND o.left_after IS NULL)
    FROM members m JOIN conversations c ON c.id = m.conversation
    WHERE m.user = ?1 AND m.left_after IS NULL";

pub(super) fn conversations_of(connection: &Connection, user: UserId) -> Result<Vec<ConversationId>> {
    connection
        .prepare_cached("SELECT conversation FROM members WHERE user = ? AND left_after IS NULL")
        .and_then(|mut statement| statement.query_map([number(user)], |row| rows::id(row, 0))?.collect())
        .map_err(fault)
}

pub(super) fn standings(connection: &Connection, user: UserId) -> Result<Vec<Standing>> {
    connection
        .prepare_cached(
            "SELECT c.id, c.head, m.read FROM members m JOIN conversations c ON c.id = m.conversation
             WHERE m.user = ? AND m.left_after IS NULL",
        )
        .and_then(|mut statement| {
            let standing = |row: &Row<'_>| {
                Ok(Standing {
                    conversation: rows::id(row, 0)?,
                    head: rows::id(row, 1)?,
                    read_up_to: rows::id(row, 2)?,
                })
            };
            statement.query_map([number(user)], standing)?.collect()
        })
        .map_err(fault)
}

pub(super) fn listing(connection: &Connection, user: UserId) -> Result<Listing> {
    let mut statement = connection.prepare_cached(ROW).map_err(fault)?;
    let bare: Vec<Listed> = statement
        .query_map([number(user)], |row| bare(row, user))
        .and_then(Iterator::collect)
        .map_err(fault)?;
    let mut rows = bare.into_iter().map(|row| fill(connection, user, row)).collect::<Result<Vec<_>>>()?;
    rows.sort_by_key(|row| std::cmp::Reverse(last_activity(&row.summary)));
    let people = accounts::people(connection, &shown(user, &rows))?;
    Ok(Listing { rows, people })
}

pub(super) fn listed(connection: &Connection, user: UserId, conversation: ConversationId) -> Result<Listed> {
    let sql = format!("{ROW} AND c.id = ?2");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let row = found(statement.query_row((number(user), number(conversation)), |row| bare(row, user)))?;
    fill(connection, user, row)
}

fn last_activity(summary: &Summary) -> shared::id::Timestamp {
    summary.last.as_ref().map_or(summary.made_at, |last| last.at)
}

/// Whom these rows show: oneself, the other of each direct conversation, and who wrote last.
fn shown(user: UserId, rows: &[Listed]) -> Vec<UserId> {
    let others = rows.iter().filter_map(|row| row.summary.with);
    let authors = rows.iter().filter_map(|row| row.summary.last.as_ref().map(|last| last.author));
    let people: BTreeSet<UserId> = others.chain(authors).chain([user]).collect();
    people.into_iter().collect()
}

/// A row without what has to be counted or looked up.
fn bare(row: &Row<'_>, user: UserId) -> rusqlite::Result<Listed> {
    let kind = rows::kind(row, 1)?;
    let head = rows::id(row, 5)?;
    let title: Option<String> = row.get(2)?;
    let with = match kind {
        Kind::Direct => other(row.get_ref(3)?.as_str()?, user),
        _ => None,
    };
    let summary = Summary {
        id: rows::id(row, 0)?,
        kind,
        sound: title.as_deref().and_then(sound::of),
        title: title.and_then(|title| title.try_into().ok()),
        with,
        members: row.get(9)?,
        made_at: rows::timestamp(row, 4)?,
        head,
        read: rows::id(row, 6)?,
        unread: 0,
        mentions: 0,
        last: None,
        since: head,
    };
    Ok(Listed { summary, membership: rows::membership(row, 7)? })
}

/// The other of the two ids in a direct key; oneself in a conversation with oneself.
fn other(direct_key: &str, user: UserId) -> Option<UserId> {
    let (one, two) = direct_key.split_once(':')?;
    let (one, two): (UserId, UserId) = (one.parse().ok()?, two.parse().ok()?);
    Some(if one == user { two } else { one })
}

fn fill(connection: &Connection, user: UserId, mut row: Listed) -> Result<Listed> {
    let summary = &mut row.summary;
    summary.unread = markers::unread(connection, user, summary.id, row.membership, summary.read)?;
    summary.mentions = markers::mentions(connection, user, summary.id, row.membership, summary.read)?;
    summary.last = last(connection, summary.id, row.membership)?;
    Ok(row)
}

/// The newest message that this membership sees.
fn last(
    connection: &Connection,
    conversation: ConversationId,
    membership: Membership,
) -> Result<Option<Entry>> {
    let (after, to) = rows::visible_after(membership, Seq::ZERO);
    let sql = format!(
        "SELECT {ENTRY} FROM {FROM} WHERE counts > 0 AND changes.conversation = ?
         AND changes.seq > ? AND changes.seq <= ? ORDER BY changes.seq DESC LIMIT 1"
    );
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement.query_row((number(conversation), after, to), folded::entry).optional()
        })
        .map(|last| last.map(brief))
        .map_err(fault)
}

/// As a row shows it: who reacted, voted or added lines would make every list as long as all of that.
fn brief(mut entry: Entry) -> Entry {
    if let Some(more) = &mut entry.more {
        (more.reactions, more.votes, more.lines) = Default::default();
    }
    entry
}
