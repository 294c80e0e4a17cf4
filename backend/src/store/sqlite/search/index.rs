//! Reading the log into the index: once for each change, in order, and in the same transaction where that is up to date.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use shared::id::{ConversationId, Seq, UserId};
use shared::markup;
use shared::message::{Card, Post};
use shared::model::{Change, Entry, What};
use shared::text::Choice;
use shared::tokens;

use super::DAY;
use crate::store::Result;
use crate::store::sqlite::folded::{self, ENTRY, FROM};
use crate::store::sqlite::rows::{self, CHANGE, fault, found, number};

/// Most changes that a transaction reads besides doing its own work: as many as a batch of jobs makes, and some; and
/// most bytes of them.
const TAIL: (i64, i64) = (2_048, 2 * 1024 * 1024);
/// What is read at a time while the index is far behind: some 20 ms, which is how long who writes may wait.
const PORTION: (i64, i64) = (512, 128 * 1024);

/// Reads what this transaction has added to the log, unless the index is far behind it.
pub(in crate::store::sqlite) fn keep_up(connection: &Connection) -> Result<()> {
    let (done, last) = standing(connection)?;
    if last > done && portion(connection, done, TAIL)? == last {
        read(connection, done, last)
    } else {
        Ok(())
    }
}

/// Reads a portion of what the index lacks; says whether it lacks more.
pub(in crate::store::sqlite) fn catch_up(connection: &Connection) -> Result<bool> {
    let (done, last) = standing(connection)?;
    let to = portion(connection, done, PORTION)?;
    if to > done {
        read(connection, done, to)?;
    }
    Ok(to < last)
}

/// The last of so many changes after `done`, and of so many bytes; one comes always, if there is one.
fn portion(connection: &Connection, done: i64, (items, bytes): (i64, i64)) -> Result<i64> {
    let mut statement = connection
        .prepare_cached("SELECT rowid, length(payload) FROM changes WHERE rowid > ? ORDER BY rowid LIMIT ?")
        .map_err(fault)?;
    let mut rows = statement.query((done, items)).map_err(fault)?;
    let (mut to, mut size) = (done, 0);
    while let Some(row) = rows.next().map_err(fault)? {
        size += row.get::<_, i64>(1).map_err(fault)?;
        if size > bytes && to > done {
            break;
        }
        to = row.get(0).map_err(fault)?;
    }
    Ok(to)
}

/// Up to where the log has been read, and its end. Rows are only ever added to it, so that their numbers are its order.
fn standing(connection: &Connection) -> Result<(i64, i64)> {
    connection
        .prepare_cached("SELECT done, (SELECT coalesce(max(rowid), 0) FROM changes) FROM search")
        .and_then(|mut statement| statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))))
        .map_err(fault)
}

fn read(connection: &Connection, done: i64, to: i64) -> Result<()> {
    let (mut days, mut touched) = (BTreeMap::new(), BTreeSet::new());
    let sql = format!("SELECT {CHANGE}, rowid FROM changes WHERE rowid > ? AND rowid <= ? ORDER BY rowid");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let mut changes = statement.query((done, to)).map_err(fault)?;
    while let Some(row) = changes.next().map_err(fault)? {
        let (change, place) = (rows::change(row).map_err(fault)?, row.get(6).map_err(fault)?);
        days.entry(rows::time(change.at) / DAY).or_insert((place, place)).1 = place;
        touched.extend(touches(connection, &change, place)?);
    }
    for place in touched {
        if place <= done {
            forget(connection, place).map_err(fault)?;
        }
        take(connection, place).map_err(fault)?;
    }
    note(connection, to, &days).map_err(fault)
}

/// The row of the message that is found by other words because of this change, which is at `place`.
fn touches(connection: &Connection, change: &Change, place: i64) -> Result<Option<i64>> {
    match change.what {
        What::Posted(_) => Ok(Some(place)),
        What::Edited { target, .. }
        | What::Recalled { target, .. }
        | What::Lined { target, .. }
        | What::Unlined { target, .. } => place_of(connection, change.conversation, target).map(Some),
        _ => Ok(None),
    }
}

/// The row of a place in a log.
pub(super) fn place_of(connection: &Connection, conversation: ConversationId, seq: Seq) -> Result<i64> {
    let row = connection
        .prepare_cached("SELECT rowid FROM changes WHERE conversation = ? AND seq = ?")
        .and_then(|mut statement| statement.query_row((number(conversation), number(seq)), |row| row.get(0)));
    found(row)
}

fn forget(connection: &Connection, place: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM found WHERE rowid = ?")?.execute([place])?;
    Ok(())
}

/// Takes in what a message says now.
fn take(connection: &Connection, place: i64) -> rusqlite::Result<()> {
    let sql = format!("SELECT {ENTRY} FROM {FROM} WHERE changes.rowid = ?");
    let words = connection
        .prepare_cached(&sql)?
        .query_row([place], |row| Ok(words(rows::id(row, 0)?, &folded::entry(row)?)))?;
    if let Some(words) = words {
        connection
            .prepare_cached("INSERT INTO found (rowid, words) VALUES (?, ?)")?
            .execute((place, words))?;
    }
    Ok(())
}

/// What a message is found by; nothing else is, and none that was taken back.
fn words(conversation: ConversationId, entry: &Entry) -> Option<String> {
    let post = entry.message()?;
    let mut words = tokens::line(post.body.as_str());
    let mut add = |word: &str| {
        words.push(' ');
        words.push_str(word);
    };
    add(ANY);
    add(&in_conversation(conversation));
    add(&by(entry.author));
    if has_link(post.body.as_str()) {
        add(LINK);
    }
    post.mentions.users.iter().for_each(|user| add(&calling(Some(*user))));
    if post.mentions.everybody {
        add(&calling(None));
    }
    for below in filled_in(entry, post) {
        add(&tokens::line(below));
        // Parts the last word of one line from the first of the next.
        add(ANY);
    }
    Some(words)
}

/// Every link has one of these signs; most messages have neither, and are not read to the end.
fn has_link(text: &str) -> bool {
    text.contains([':', '@']) && !markup::links(text).is_empty()
}

/// The choices of a poll and the lines of a chain.
fn filled_in<'a>(entry: &'a Entry, post: &'a Post) -> impl Iterator<Item = &'a str> {
    let choices = match &post.card {
        Some(Card::Poll { choices, .. }) => &choices[..],
        _ => &[],
    };
    let lines = entry.more.iter().flat_map(|more| &more.lines);
    choices.iter().map(Choice::as_str).chain(lines.map(|line| line.text.as_str()))
}

/// The word that every message in a conversation has.
pub(super) fn in_conversation(conversation: ConversationId) -> String {
    format!("_c{conversation}")
}

/// The word that every message by a person has.
pub(super) fn by(author: UserId) -> String {
    format!("_u{author}")
}

/// The word that every message has which calls a person, or everybody.
pub(super) fn calling(user: Option<UserId>) -> String {
    format!("_m{}", user.map_or(0, UserId::get))
}

/// The word that every message has.
pub(super) const ANY: &str = "_any";
/// The word that every message with a link has.
pub(super) const LINK: &str = "_link";
/// The word that every message with a file has.
pub(super) const FILE: &str = "_file";

fn note(connection: &Connection, to: i64, days: &BTreeMap<i64, (i64, i64)>) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO days (day, first, last) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)",
    )?;
    for (day, (first, last)) in days {
        statement.execute((day, first, last))?;
    }
    connection.prepare_cached("UPDATE search SET done = ?")?.execute([to])?;
    Ok(())
}
