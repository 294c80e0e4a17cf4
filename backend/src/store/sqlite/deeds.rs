//! Deeds: each looks first whether it was done already, then whether its author may, then appends.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};
use shared::id::{ConversationId, UserId};
use shared::model::{Change, Kind, List, What};
use shared::text::{Body, Title};

use super::changes::{self, Draft};
use super::rows::{self, fault, found, number, time};
use crate::store::{NewChange, Outcome, Result, StoreError};

pub(super) fn post(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    body: Body,
) -> Result<Outcome> {
    let what = What::Posted { body };
    if let Some(original) = changes::done(connection, new.author, new.client_id)? {
        if original.conversation != conversation || original.what != what {
            tracing::warn!(
                client_id = %new.client_id,
                user.id = %new.author,
                "deed {} came again with other content; its author hears of the first one",
                new.client_id
            );
        }
        return Ok(again(&original));
    }
    changes::membership(connection, new.author, conversation)?;
    append(connection, new, conversation, what)
}

pub(super) fn make(
    connection: &Connection,
    new: NewChange,
    kind: Kind,
    title: &Title,
    people: Vec<UserId>,
) -> Result<Outcome> {
    if let Some(original) = changes::done(connection, new.author, new.client_id)? {
        return Ok(again(&original));
    }
    let row = connection
        .prepare_cached(
            "INSERT INTO conversations (kind, title, folded, made_at) VALUES (?, ?, ?, ?) RETURNING id",
        )
        .and_then(|mut statement| {
            let folded = title.as_str().to_lowercase();
            statement.query_row((rows::kind_name(kind), title.as_str(), folded, time(new.at)), |row| {
                rows::id(row, 0)
            })
        });
    settle(connection, new, found(row)?, people)
}

pub(super) fn open_direct(connection: &Connection, new: NewChange, with: UserId) -> Result<Outcome> {
    if let Some(original) = changes::done(connection, new.author, new.client_id)? {
        return Ok(again(&original));
    }
    let (one, other) = (new.author.min(with), new.author.max(with));
    let key = format!("{one}:{other}");
    let open: Option<ConversationId> = connection
        .prepare_cached("SELECT id FROM conversations WHERE direct_key = ?")
        .and_then(|mut statement| statement.query_row([&key], |row| rows::id(row, 0)).optional())
        .map_err(fault)?;
    if let Some(conversation) = open {
        return at_head(connection, conversation);
    }
    let row = connection
        .prepare_cached(
            "INSERT INTO conversations (kind, direct_key, made_at) VALUES ('direct', ?, ?) RETURNING id",
        )
        .and_then(|mut statement| statement.query_row((key, time(new.at)), |row| rows::id(row, 0)));
    settle(connection, new, found(row)?, vec![with])
}

pub(super) fn join(connection: &Connection, new: NewChange, conversation: ConversationId) -> Result<Outcome> {
    if let Some(original) = changes::done(connection, new.author, new.client_id)? {
        return Ok(again(&original));
    }
    let kind = connection
        .prepare_cached("SELECT kind FROM conversations WHERE id = ?")
        .and_then(|mut statement| statement.query_row([number(conversation)], |row| rows::kind(row, 0)));
    if found(kind)? != Kind::Channel {
        // What is not open to all does not tell strangers that it exists; who is in it has nothing to join.
        changes::membership(connection, new.author, conversation)?;
        return at_head(connection, conversation);
    }
    match changes::membership(connection, new.author, conversation) {
        Ok(_) => at_head(connection, conversation),
        Err(StoreError::NotFound) => {
            come_in(connection, new, conversation)?;
            append(connection, new, conversation, What::Joined { user: new.author })
        }
        Err(error) => Err(error),
    }
}

/// A member row, or the one of before, open again.
fn come_in(connection: &Connection, new: NewChange, conversation: ConversationId) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO members (conversation, user, joined_at) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET left_after = NULL, joined_at = excluded.joined_at",
        )
        .and_then(|mut statement| statement.execute((number(conversation), number(new.author), time(new.at))))
        .map_err(fault)?;
    Ok(())
}

/// Puts the maker and these people into a new conversation and writes its first change.
fn settle(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    people: Vec<UserId>,
) -> Result<Outcome> {
    let mut everyone = BTreeSet::from_iter(people);
    everyone.insert(new.author);
    for user in &everyone {
        let known: bool = connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM users WHERE id = ?)")
            .and_then(|mut statement| statement.query_row([number(*user)], |row| row.get(0)))
            .map_err(fault)?;
        if !known {
            return Err(StoreError::NotFound);
        }
        changes::add_member(connection, conversation, *user, new.at)?;
    }
    append(connection, new, conversation, What::Created { people: List::first(everyone) })
}

fn append(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    what: What,
) -> Result<Outcome> {
    let NewChange { author, client_id, at } = new;
    let draft = Draft { conversation, author, client_id: Some(client_id), at, what };
    let change = changes::append(connection, draft)?;
    Ok(Outcome { conversation, seq: change.seq, change: Some(change) })
}

fn again(original: &Change) -> Outcome {
    Outcome { conversation: original.conversation, seq: original.seq, change: None }
}

fn at_head(connection: &Connection, conversation: ConversationId) -> Result<Outcome> {
    Ok(Outcome { conversation, seq: changes::head(connection, conversation)?, change: None })
}
