//! What is kept beside the logs of what was made of messages: the logs alone must say the same.

use rusqlite::{Connection, Row};
use shared::id::{ConversationId, Seq};
use shared::model::{Change, Entry, What};

use super::{Result, fault, unreadable};
use crate::store::sqlite::folded::{self, ENTRY, FROM};
use crate::store::sqlite::rows::{self, CHANGE, number};

/// Compares every entry that was altered, what counts as unread of it, and whom it calls.
pub(super) fn check(connection: &Connection) -> Result {
    columns(connection)?;
    entries(connection)?;
    mentions(connection)
}

/// What the columns say of a change is what the change says.
fn columns(connection: &Connection) -> Result {
    let sql = format!(
        "SELECT {CHANGE}, target, thread FROM changes
         WHERE target IS NOT NULL OR thread IS NOT NULL OR payload NOT LIKE '{{\"kind\":\"posted\",\"body\":%'
             OR payload LIKE '%\"thread\":%'"
    );
    let mut statement = connection.prepare(&sql).map_err(unreadable)?;
    let mut changes = statement.query([]).map_err(unreadable)?;
    while let Some(row) = changes.next().map_err(unreadable)? {
        let change = rows::change(row).map_err(unreadable)?;
        let thread = change.what.thread().filter(|_| matches!(change.what, What::Posted(_)));
        let noted = row.get(6).and_then(|target| Ok((target, row.get(7)?))).map_err(unreadable)?;
        if noted != (change.what.target().map(number), thread.map(number)) {
            return Err(fault(format!(
                "the change at {} is kept as altering another message",
                place(&change)
            )));
        }
    }
    Ok(())
}

fn place(change: &Change) -> String {
    format!("{}/{}", change.conversation, change.seq)
}

/// Every entry that is kept folded, or should be.
fn entries(connection: &Connection) -> Result {
    let mut statement = connection
        .prepare(
            "SELECT conversation, target FROM changes WHERE target IS NOT NULL
             UNION SELECT conversation, thread FROM changes WHERE thread IS NOT NULL
             UNION SELECT conversation, seq FROM folded
             UNION SELECT conversation, seq FROM changes WHERE counts = 2",
        )
        .map_err(unreadable)?;
    let mut places = statement.query([]).map_err(unreadable)?;
    while let Some(row) = places.next().map_err(unreadable)? {
        entry(connection, row)?;
    }
    Ok(())
}

fn entry(connection: &Connection, row: &Row<'_>) -> Result {
    let conversation: ConversationId = rows::id(row, 0).map_err(unreadable)?;
    let seq: Seq = rows::id(row, 1).map_err(unreadable)?;
    let broken = |what: &str| fault(format!("the message at {conversation}/{seq} {what}"));
    let expected =
        by_log(connection, conversation, seq)?.ok_or_else(|| broken("is altered and is not there"))?;
    let sql = format!(
        "SELECT {ENTRY}, counts, pinned FROM {FROM} WHERE changes.conversation = ? AND changes.seq = ?"
    );
    let kept = connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement.query_row((number(conversation), number(seq)), |row| {
                Ok((folded::entry(row)?, row.get::<_, i64>(7)?, row.get::<_, Option<bool>>(8)?))
            })
        })
        .map_err(unreadable)?;
    let (kept, counts, pinned) = kept;
    let is_pinned = expected.more.as_ref().is_some_and(|more| more.pinned);
    if kept != expected || pinned.unwrap_or(false) != is_pinned {
        return Err(broken("is kept as something else than its log makes of it"));
    }
    if (counts == 2) != expected.is_recalled() {
        return Err(broken("is counted as if it were taken back, or were not"));
    }
    Ok(())
}

/// What the log makes of an entry.
fn by_log(connection: &Connection, conversation: ConversationId, seq: Seq) -> Result<Option<Entry>> {
    let sql = format!(
        "SELECT {CHANGE} FROM changes WHERE conversation = ?1 AND (seq = ?2 OR target = ?2 OR thread = ?2
             OR target IN (SELECT seq FROM changes WHERE conversation = ?1 AND thread = ?2)) ORDER BY seq"
    );
    let changes: Vec<Change> = connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement.query_map((number(conversation), number(seq)), rows::change)?.collect()
        })
        .map_err(unreadable)?;
    let mut changes = changes.into_iter();
    let mut entry = changes.next().filter(|first| first.seq == seq).map(Entry::of);
    if let Some(entry) = &mut entry {
        changes.for_each(|change| {
            entry.fold(&change);
        });
    }
    Ok(entry)
}

/// Each call that is kept stands in a message that was not taken back, and none is missing.
fn mentions(connection: &Connection) -> Result {
    let sql = format!("SELECT {CHANGE} FROM changes WHERE counts = 1 AND payload LIKE '%\"mentions\":%'");
    let mut statement = connection.prepare(&sql).map_err(unreadable)?;
    let mut changes = statement.query([]).map_err(unreadable)?;
    let mut expected = 0;
    while let Some(row) = changes.next().map_err(unreadable)? {
        let change = rows::change(row).map_err(unreadable)?;
        let What::Posted(post) = &change.what else { continue };
        let everybody = post.mentions.everybody.then_some(0);
        for user in post.mentions.users.iter().map(|user| number(*user)).chain(everybody) {
            if !is_called(connection, &change, user)? {
                return Err(fault(format!("whom the message at {} calls is not kept", place(&change))));
            }
            expected += 1;
        }
    }
    let kept: i64 =
        connection.query_row("SELECT count(*) FROM mentions", [], |row| row.get(0)).map_err(unreadable)?;
    if kept == expected { Ok(()) } else { Err(fault("more calls are kept than messages call")) }
}

fn is_called(connection: &Connection, change: &Change, user: i64) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT count(*) FROM mentions WHERE conversation = ? AND user = ? AND seq = ? AND author = ?",
        )
        .and_then(|mut statement| {
            let place = (number(change.conversation), number(change.seq));
            statement.query_row((place.0, user, place.1, number(change.author)), |row| row.get::<_, i64>(0))
        })
        .map(|count| count == 1)
        .map_err(unreadable)
}
