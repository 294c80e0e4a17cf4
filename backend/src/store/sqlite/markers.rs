//! Read markers, and what lies unread behind them.

use rusqlite::Connection;
use shared::id::{ConversationId, Seq, UserId};
use shared::model::{Membership, UNREAD_COUNTED};
#[cfg(feature = "sim")]
use shared::plant::{Plant, is_planted};

use super::changes::{head, membership};
use super::rows::{self, fault, found, number};
use crate::store::{ReadMarker, Result};

/// How many changes after `read` count as unread: what `What::counts` says, and not of one's own making.
pub(super) fn unread(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    membership: Membership,
    read: Seq,
) -> Result<u32> {
    #[cfg(feature = "sim")]
    if is_planted(Plant::StoredUnread) {
        return Ok(super::planted::stored_unread(connection, number(conversation), number(user)));
    }
    let (after, to) = rows::visible_after(membership, read);
    connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM changes
             WHERE counts = 1 AND conversation = ? AND seq > ? AND seq <= ? AND author <> ? LIMIT ?)",
        )
        .and_then(|mut statement| {
            let asked = (number(conversation), after, to, number(user), UNREAD_COUNTED);
            statement.query_row(asked, |row| row.get(0))
        })
        .map_err(fault)
}

/// How many unread messages after `read` call this person.
pub(super) fn mentions(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    membership: Membership,
    read: Seq,
) -> Result<u32> {
    let (after, to) = rows::visible_after(membership, read);
    connection
        .prepare_cached(
            "SELECT count(*) FROM (SELECT DISTINCT seq FROM mentions
             WHERE conversation = ?1 AND user IN (0, ?4) AND seq > ?2 AND seq <= ?3 AND author <> ?4 LIMIT ?5)",
        )
        .and_then(|mut statement| {
            let asked = (number(conversation), after, to, number(user), UNREAD_COUNTED);
            statement.query_row(asked, |row| row.get(0))
        })
        .map_err(fault)
}

/// The marker where it stands.
pub(super) fn marker(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
) -> Result<ReadMarker> {
    let membership = membership(connection, user, conversation)?;
    let as_of = head(connection, conversation)?;
    let seq = read(connection, user, conversation)?;
    let unread = unread(connection, user, conversation, membership, seq)?;
    let mentions = mentions(connection, user, conversation, membership, seq)?;
    Ok(ReadMarker { conversation, seq, unread, mentions, as_of, moved: false })
}

/// The marker where it stands, unless reading up to `seq` moves it.
pub(super) fn unmoved(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
) -> Result<Option<ReadMarker>> {
    membership(connection, user, conversation)?;
    if seq.min(head(connection, conversation)?) > read(connection, user, conversation)? {
        return Ok(None);
    }
    marker(connection, user, conversation).map(Some)
}

/// Moves the marker; says whether it did. Counting is left to those who read: it would hold up all who write.
pub(super) fn read_up_to(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
) -> Result<bool> {
    membership(connection, user, conversation)?;
    let seq = number(seq.min(head(connection, conversation)?));
    let moved = connection
        .prepare_cached("UPDATE members SET read = ?1 WHERE conversation = ?2 AND user = ?3 AND read < ?1")
        .and_then(|mut statement| statement.execute((seq, number(conversation), number(user))))
        .map_err(fault)?;
    Ok(moved > 0)
}

fn read(connection: &Connection, user: UserId, conversation: ConversationId) -> Result<Seq> {
    let row =
        connection.prepare_cached("SELECT read FROM members WHERE conversation = ? AND user = ?").and_then(
            |mut statement| statement.query_row((number(conversation), number(user)), |row| rows::id(row, 0)),
        );
    found(row)
}
