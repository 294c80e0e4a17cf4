//! Deeds: each looks first whether it was done already, then whether its author may, then appends.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row};
use shared::id::{ConversationId, UserId};
use shared::model::{Kind, List, What};
use shared::text::{Body, Title};

use super::changes::{self, Draft};
use super::members;
use super::rows::{self, fault, found, number, time};
use crate::store::{NewChange, Outcome, Result};

pub(super) fn make(
    connection: &Connection,
    new: NewChange,
    kind: Kind,
    title: &Title,
    people: Vec<UserId>,
) -> Result<Outcome> {
    once(connection, new, || {
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
    })
}

pub(super) fn open_direct(connection: &Connection, new: NewChange, with: UserId) -> Result<Outcome> {
    once(connection, new, || open_or_find(connection, new, with))
}

/// Does a deed and notes where it went; or says where the first try went. Also what finds the thing done is noted: by
/// the time of a retry the log has grown.
pub(super) fn once(
    connection: &Connection,
    new: NewChange,
    act: impl FnOnce() -> Result<Outcome>,
) -> Result<Outcome> {
    if let Some(first) = done(connection, new)? {
        return Ok(first);
    }
    let outcome = act()?;
    connection
        .prepare_cached("INSERT INTO deeds (author, client_id, conversation, seq) VALUES (?, ?, ?, ?)")
        .and_then(|mut statement| {
            let place = (number(outcome.conversation), number(outcome.seq));
            statement.execute((number(new.author), new.client_id.0.into_bytes(), place.0, place.1))
        })
        .map_err(fault)?;
    Ok(outcome)
}

/// Where the first try of this deed went, if there was one.
pub(super) fn done(connection: &Connection, new: NewChange) -> Result<Option<Outcome>> {
    connection
        .prepare_cached("SELECT conversation, seq FROM deeds WHERE author = ? AND client_id = ?")
        .and_then(|mut statement| {
            let deed = (number(new.author), new.client_id.0.into_bytes());
            let place = |row: &Row<'_>| {
                Ok(Outcome {
                    conversation: rows::id(row, 0)?,
                    seq: rows::id(row, 1)?,
                    change: None,
                    emptied: false,
                })
            };
            statement.query_row(deed, place).optional()
        })
        .map_err(fault)
}

pub(super) fn warn_of_other_content(
    connection: &Connection,
    new: NewChange,
    first: &Outcome,
    again: (ConversationId, &Body),
) -> Result<()> {
    let original = changes::at(connection, first.conversation, first.seq)?;
    let is_same =
        matches!(&original.what, What::Posted(post) if (original.conversation, &post.body) == again);
    if !is_same {
        tracing::warn!(
            client_id = %new.client_id,
            user.id = %new.author,
            "deed {} came again with other content; its author hears of the first one",
            new.client_id
        );
    }
    Ok(())
}

fn open_or_find(connection: &Connection, new: NewChange, with: UserId) -> Result<Outcome> {
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
        members::find_person(connection, *user)?;
        changes::add_member(connection, conversation, *user, new.at)?;
    }
    members::make_owner(connection, conversation, new.author)?;
    append(connection, new, conversation, What::Created { people: List::first(everyone) })
}

pub(super) fn append(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    what: What,
) -> Result<Outcome> {
    let NewChange { author, client_id, at } = new;
    let draft = Draft { conversation, author, client_id: Some(client_id), at, what };
    let change = changes::append(connection, draft)?;
    Ok(Outcome { conversation, seq: change.seq, change: Some(change), emptied: false })
}

pub(super) fn at_head(connection: &Connection, conversation: ConversationId) -> Result<Outcome> {
    Ok(Outcome { conversation, seq: changes::head(connection, conversation)?, change: None, emptied: false })
}
