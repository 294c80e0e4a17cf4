//! Who is in a conversation: coming in, going out, and who may bring and take others.

use rusqlite::Connection;
use shared::frame::CONVERSATIONS;
use shared::id::{ConversationId, Seq, Timestamp, UserId};
use shared::model::{Kind, Person, What};
use shared::permission::{Act, MemberRole, may_in};

use super::deeds::{append, at_head, once};
use super::rows::{self, fault, found, number, time};
use super::{accounts, changes};
use crate::store::{Found, NewChange, Outcome, Result, StoreError};

pub(super) fn join(connection: &Connection, new: NewChange, conversation: ConversationId) -> Result<Outcome> {
    once(connection, new, || {
        if kind(connection, conversation)? != Kind::Channel {
            // What is not open to all does not tell strangers that it exists; who is in it has nothing to join.
            changes::membership(connection, new.author, conversation)?;
        }
        come_or_stay(connection, new, conversation, new.author)
    })
}

pub(super) fn add(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    user: UserId,
) -> Result<Outcome> {
    once(connection, new, || {
        allowed(connection, new.author, conversation, Act::AddPerson)?;
        come_or_stay(connection, new, conversation, user)
    })
}

/// Takes a person out; oneself, too. Who has gone already stays gone.
pub(super) fn remove(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    user: UserId,
) -> Result<Outcome> {
    once(connection, new, || {
        let act = if user == new.author { Act::Leave } else { Act::RemovePerson };
        allowed(connection, new.author, conversation, act)?;
        if changes::any_membership(connection, user, conversation)?.left.is_some() {
            return at_head(connection, conversation);
        }
        let outcome = append(connection, new, conversation, What::Left { user })?;
        go_out(connection, conversation, user, outcome.seq)?;
        Ok(outcome)
    })
}

/// The people who are in a conversation, if the one who asks is.
pub(super) fn members(
    connection: &Connection,
    user: UserId,
    conversation: ConversationId,
    limit: usize,
) -> Result<Found<Person>> {
    changes::membership(connection, user, conversation)?;
    accounts::members(connection, conversation, limit)
}

/// A person who exists and has room for one more conversation: a welcome names all of a person's, so there are no more
/// than it has room for.
pub(super) fn find_person(connection: &Connection, user: UserId) -> Result<()> {
    let row = connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM members WHERE user = users.id AND left_after IS NULL)
             FROM users WHERE id = ?",
        )
        .and_then(|mut statement| statement.query_row([number(user)], |row| row.get::<_, u32>(0)));
    if (found(row)? as usize) < CONVERSATIONS { Ok(()) } else { Err(StoreError::TooManyConversations) }
}

/// Notes who has made a conversation.
pub(super) fn make_owner(connection: &Connection, conversation: ConversationId, user: UserId) -> Result<()> {
    connection
        .prepare_cached("UPDATE members SET role = 'owner' WHERE conversation = ? AND user = ?")
        .and_then(|mut statement| statement.execute((number(conversation), number(user))))
        .map_err(fault)?;
    Ok(())
}

fn kind(connection: &Connection, conversation: ConversationId) -> Result<Kind> {
    let kind = connection
        .prepare_cached("SELECT kind FROM conversations WHERE id = ?")
        .and_then(|mut statement| statement.query_row([number(conversation)], |row| rows::kind(row, 0)));
    found(kind)
}

/// Whether this person is in the conversation, and then whether they may do that there.
fn allowed(connection: &Connection, user: UserId, conversation: ConversationId, act: Act) -> Result<()> {
    let row = connection
        .prepare_cached(
            "SELECT c.kind, c.everyone, m.role = 'owner' FROM members m
             JOIN conversations c ON c.id = m.conversation
             WHERE m.conversation = ? AND m.user = ? AND m.left_after IS NULL",
        )
        .and_then(|mut statement| {
            statement.query_row((number(conversation), number(user)), |row| {
                let role = if row.get(2)? { MemberRole::Owner } else { MemberRole::Member };
                Ok(may_in(rows::kind(row, 0)?, row.get(1)?, role, act))
            })
        });
    if found(row)? { Ok(()) } else { Err(StoreError::NotAllowed) }
}

fn come_or_stay(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    user: UserId,
) -> Result<Outcome> {
    match changes::membership(connection, user, conversation) {
        Ok(_) => at_head(connection, conversation),
        Err(StoreError::NotFound) => {
            find_person(connection, user)?;
            come_in(connection, conversation, user, new.at)?;
            append(connection, new, conversation, What::Joined { user })
        }
        Err(error) => Err(error),
    }
}

/// A member row, or the one of before, open again: with all that was said meanwhile, which counts as read. Who made
/// the conversation still has.
fn come_in(connection: &Connection, conversation: ConversationId, user: UserId, at: Timestamp) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO members (conversation, user, joined_at, read)
             SELECT id, ?2, ?3, head FROM conversations WHERE id = ?1
             ON CONFLICT DO UPDATE SET left_after = NULL, joined_at = excluded.joined_at, read = excluded.read",
        )
        .and_then(|mut statement| statement.execute((number(conversation), number(user), time(at))))
        .map_err(fault)?;
    Ok(())
}

/// Their leaving is the last that they may see.
fn go_out(connection: &Connection, conversation: ConversationId, user: UserId, last: Seq) -> Result<()> {
    connection
        .prepare_cached("UPDATE members SET left_after = ? WHERE conversation = ? AND user = ?")
        .and_then(|mut statement| statement.execute((number(last), number(conversation), number(user))))
        .map_err(fault)?;
    Ok(())
}
