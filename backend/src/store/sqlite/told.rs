//! What is asked of messages besides pages: what one said before, and which are pinned.

use rusqlite::Connection;
use shared::http::{Replies, Version};
use shared::id::{ConversationId, Seq, UserId};
use shared::model::{Entry, List, What};

use super::changes::{self, take};
use super::folded::{self, ENTRY, FROM};
use super::rows::{self, CHANGE, fault, number};
use crate::store::{Portion, Result, StoreError};

/// The newest texts of a message, the oldest of these first.
pub(super) fn versions(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
    portion: Portion,
) -> Result<Vec<Version>> {
    let membership = changes::membership(connection, user, conversation)?;
    let now = folded::at(connection, conversation, seq)?.filter(|_| membership.visible(seq));
    // What was taken back has no texts any more.
    if now.as_ref().and_then(Entry::message).is_none() {
        return Err(StoreError::NotFound);
    }
    // The message itself comes last, and is its own first text.
    let sql = format!(
        "SELECT {CHANGE} FROM changes WHERE conversation = ?1 AND target = ?2 AND payload LIKE '{{\"kind\":\"edited\"%'
         UNION ALL SELECT {CHANGE} FROM changes WHERE conversation = ?1 AND seq = ?2
         ORDER BY seq DESC"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let rows = statement.query((number(conversation), number(seq))).map_err(fault)?;
    let (changes, _) = take(rows, portion, rows::size, rows::change).map_err(fault)?;
    let texts = changes.into_iter().rev().filter_map(|change| match change.what {
        What::Posted(post) => Some(Version { at: change.at, body: post.body }),
        What::Edited { body, .. } => Some(Version { at: change.at, body }),
        _ => None,
    });
    Ok(texts.collect())
}

/// What is pinned and visible, the newest message first.
pub(super) fn pins(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    portion: Portion,
) -> Result<Vec<Entry>> {
    let membership = changes::membership(connection, user, conversation)?;
    let (after, to) = rows::visible_after(membership, Seq::ZERO);
    let sql = format!(
        "SELECT {ENTRY} FROM folded CROSS JOIN changes
         ON changes.conversation = folded.conversation AND changes.seq = folded.seq
         WHERE folded.conversation = ? AND pinned = 1 AND folded.seq > ? AND folded.seq <= ?
         ORDER BY folded.seq DESC"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let rows = statement.query((number(conversation), after, to)).map_err(fault)?;
    let (entries, _) = take(rows, portion, folded::size, folded::entry).map_err(fault)?;
    Ok(entries)
}

/// The newest visible replies in a thread before a place.
pub(super) fn replies(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    (thread, before): (Seq, Option<Seq>),
    portion: Portion,
) -> Result<Replies> {
    let membership = changes::membership(connection, user, conversation)?;
    let first = folded::at(connection, conversation, thread)?.filter(|_| membership.visible(thread));
    let (after, to) = rows::visible_after(membership, Seq::ZERO);
    let to = before.map_or(to, |before| to.min(number(before.previous())));
    let sql = format!(
        "SELECT {ENTRY} FROM {FROM}
         WHERE changes.conversation = ? AND thread = ? AND changes.seq > ? AND changes.seq <= ?
         ORDER BY changes.seq DESC"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let rows = statement.query((number(conversation), number(thread), after, to)).map_err(fault)?;
    let (mut entries, more) = take(rows, portion, folded::size, folded::entry).map_err(fault)?;
    let is_message = first.as_ref().is_some_and(|first| matches!(first.what, What::Posted(_)));
    if entries.is_empty() && !is_message {
        return Err(StoreError::NotFound);
    }
    entries.reverse();
    Ok(Replies { first: first.filter(|_| is_message), entries: List::first(entries), more })
}
