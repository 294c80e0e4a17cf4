//! Accounts, devices, invitations, and finding people.

use std::cmp::Reverse;

use rusqlite::Connection;
use shared::fuzzy::{self, Score};
use shared::id::{ConversationId, Epoch, SessionId, Timestamp, UserId};
use shared::mention;
use shared::model::{Change, List, Person, What};
use shared::permission::ServerRole;
use shared::text::Sound;
use uuid::Uuid;

use super::changes::{self, Draft};
use super::rows::{self, PERSON, fault, found, number, time};
use crate::sound;
use crate::store::{
    Admission, Credentials, Found, NewAccount, Result, SecretHash, Session, SignedUp, StoreError,
};

pub(super) fn epoch(connection: &Connection) -> Result<Epoch> {
    let bytes = connection.query_row("SELECT epoch FROM server", [], |row| row.get::<_, [u8; 16]>(0));
    Ok(Epoch(Uuid::from_bytes(found(bytes)?)))
}

pub(super) fn is_owned(connection: &Connection) -> Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM users)", [], |row| row.get(0)).map_err(fault)
}

pub(super) fn sign_up(
    connection: &Connection,
    account: &NewAccount,
    admission: Admission,
) -> Result<SignedUp> {
    let first = !is_owned(connection)?;
    let invitation = if first { None } else { admit(connection, admission, account.at)? };
    let role = if first { ServerRole::Owner } else { ServerRole::Member };
    let id = insert(connection, account, role)?;
    if let Some(code) = invitation {
        connection
            .prepare_cached("UPDATE invitations SET used_by = ? WHERE code = ?")
            .and_then(|mut statement| statement.execute((number(id), code.0)))
            .map_err(fault)?;
    }
    let session = add_session(connection, id, account.token, account.at)?;
    let changes = join_what_everyone_is_in(connection, id, account.at)?;
    let sound = sound::of(account.display.as_str());
    let person = Person { id, name: account.name.clone(), display: account.display.clone(), sound, role };
    Ok(SignedUp { person, session, changes })
}

/// Whether the door is open; says which invitation was shown, to be used up.
fn admit(connection: &Connection, admission: Admission, now: Timestamp) -> Result<Option<SecretHash>> {
    let code = match admission {
        Admission::Open => return Ok(None),
        Admission::Closed => return Err(StoreError::RegistrationClosed),
        Admission::Invitation(code) => code.ok_or(StoreError::InvitationNeeded)?,
    };
    let works: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM invitations WHERE code = ? AND used_by IS NULL AND expires_at > ?)",
        )
        .and_then(|mut statement| statement.query_row((code.0, time(now)), |row| row.get(0)))
        .map_err(fault)?;
    if works { Ok(Some(code)) } else { Err(StoreError::InvitationNeeded) }
}

fn insert(connection: &Connection, account: &NewAccount, role: ServerRole) -> Result<UserId> {
    if mention::is_reserved(account.name.as_str()) {
        return Err(StoreError::NameTaken);
    }
    let role = if role == ServerRole::Owner { "owner" } else { "member" };
    let display = account.display.as_str();
    let added = connection
        .prepare_cached(
            "INSERT INTO users (name, display, folded, role, password, made_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (name) DO NOTHING RETURNING id",
        )
        .and_then(|mut statement| {
            statement.query_row(
                (
                    account.name.as_str(),
                    display,
                    display.to_lowercase(),
                    role,
                    &account.password,
                    time(account.at),
                ),
                |row| rows::id(row, 0),
            )
        });
    match found(added) {
        Err(StoreError::NotFound) => Err(StoreError::NameTaken),
        id => id,
    }
}

/// The first to come in makes the first change, as in every conversation that is made.
fn join_what_everyone_is_in(connection: &Connection, user: UserId, at: Timestamp) -> Result<Vec<Change>> {
    let logs: Vec<(ConversationId, bool)> = connection
        .prepare_cached("SELECT id, head = 0 FROM conversations WHERE everyone = 1")
        .and_then(|mut statement| {
            statement.query_map([], |row| Ok((rows::id(row, 0)?, row.get(1)?)))?.collect()
        })
        .map_err(fault)?;
    let join = |(conversation, is_empty)| {
        changes::add_member(connection, conversation, user, at)?;
        let what =
            if is_empty { What::Created { people: List::first([user]) } } else { What::Joined { user } };
        changes::append(connection, Draft { conversation, author: user, client_id: None, at, what })
    };
    logs.into_iter().map(join).collect()
}

pub(super) fn credentials(connection: &Connection, name: &str) -> Result<Credentials> {
    let sql = format!("SELECT {PERSON}, password FROM users WHERE name = ?");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    found(
        statement
            .query_row([name], |row| Ok(Credentials { person: rows::person(row)?, password: row.get(4)? })),
    )
}

pub(super) fn add_session(
    connection: &Connection,
    user: UserId,
    token: SecretHash,
    at: Timestamp,
) -> Result<SessionId> {
    connection
        .prepare_cached(
            "INSERT INTO sessions (user, token, made_at, seen_at) VALUES (?, ?, ?, ?) RETURNING id",
        )
        .and_then(|mut statement| {
            statement.query_row((number(user), token.0, time(at), time(at)), |row| rows::id(row, 0))
        })
        .map_err(fault)
}

pub(super) fn session(connection: &Connection, token: SecretHash, seen_after: Timestamp) -> Result<Session> {
    let sql = format!(
        "SELECT {PERSON}, sessions.id, sessions.seen_at FROM sessions JOIN users ON users.id = sessions.user
         WHERE token = ? AND seen_at > ?"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    found(statement.query_row((token.0, time(seen_after)), |row| {
        Ok(Session { person: rows::person(row)?, id: rows::id(row, 4)?, seen_at: rows::timestamp(row, 5)? })
    }))
}

pub(super) fn session_stands(connection: &Connection, session: SessionId) -> Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)")
        .and_then(|mut statement| statement.query_row([number(session)], |row| row.get(0)))
        .map_err(fault)
}

pub(super) fn touch_session(connection: &Connection, session: SessionId, at: Timestamp) -> Result<()> {
    connection
        .prepare_cached("UPDATE sessions SET seen_at = ? WHERE id = ?")
        .and_then(|mut statement| statement.execute((time(at), number(session))))
        .map_err(fault)?;
    Ok(())
}

pub(super) fn end_session(connection: &Connection, session: SessionId) -> Result<()> {
    connection.execute("DELETE FROM sessions WHERE id = ?", [number(session)]).map_err(fault)?;
    Ok(())
}

pub(super) fn invite(
    connection: &Connection,
    by: UserId,
    code: SecretHash,
    expires_at: Timestamp,
) -> Result<()> {
    connection
        .execute(
            "INSERT INTO invitations (code, made_by, expires_at) VALUES (?, ?, ?)",
            (code.0, number(by), time(expires_at)),
        )
        .map_err(fault)?;
    Ok(())
}

pub(super) fn people(connection: &Connection, ids: &[UserId]) -> Result<Vec<Person>> {
    let sql = format!("SELECT {PERSON} FROM users WHERE id = ?");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let mut people = Vec::with_capacity(ids.len());
    for id in ids {
        match found(statement.query_row([number(*id)], rows::person)) {
            Ok(person) => people.push(person),
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(people)
}

/// Those whose names fit best come first; without a query all, by name.
pub(super) fn find_people(connection: &Connection, query: &str, limit: usize) -> Result<Found<Person>> {
    let fits = |person: &Person| {
        let sound = person.sound.as_ref().map(Sound::as_str);
        fuzzy::rank(query, person.display.as_str(), sound).max(fuzzy::rank(query, person.name.as_str(), None))
    };
    let sql = format!("SELECT {PERSON} FROM users ORDER BY folded, id");
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let people = statement.query_map((), rows::person).map_err(fault)?;
    best(people, query, limit, fits)
}

/// Those of these that fit a query closely, the best first; without a query the first of them.
pub(super) fn best<T>(
    items: impl Iterator<Item = rusqlite::Result<T>>,
    query: &str,
    limit: usize,
    fits: impl Fn(&T) -> Option<Score>,
) -> Result<Found<T>> {
    if query.is_empty() {
        let items = items.take(limit + 1).collect::<rusqlite::Result<_>>().map_err(fault)?;
        return Ok(at_most(items, limit));
    }
    let mut found = Vec::new();
    for item in items {
        let item = item.map_err(fault)?;
        if let Some(score) = fits(&item).filter(|score| score.is_close()) {
            found.push((score, item));
        }
    }
    found.sort_by_key(|(score, _)| Reverse(*score));
    Ok(at_most(found.into_iter().map(|(_, item)| item).collect(), limit))
}

pub(super) fn members(
    connection: &Connection,
    conversation: ConversationId,
    limit: usize,
) -> Result<Found<Person>> {
    let sql = format!(
        "SELECT {PERSON} FROM users JOIN members ON members.user = users.id
         WHERE conversation = ?1 AND left_after IS NULL ORDER BY folded, id LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql).map_err(fault)?;
    let asked = (number(conversation), number(limit as u64 + 1));
    let people = statement.query_map(asked, rows::person).and_then(Iterator::collect).map_err(fault)?;
    Ok(at_most(people, limit))
}

/// Cuts what was read with one more than asked for, to know whether there is more.
pub(super) fn at_most<T>(mut items: Vec<T>, limit: usize) -> Found<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    Found { items, more }
}
