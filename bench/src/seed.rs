//! People, their sessions and their groups, put straight into the store before the server starts.

use std::path::Path;

use backend::clock::{Clock as _, SystemClock};
use backend::store::{Admission, NewAccount, NewChange, SqliteStore, Store as _};
use backend::token;
use futures_util::future::try_join_all;
use shared::id::{ClientId, ConversationId, Timestamp, UserId};
use shared::model::Kind;
use shared::text::{DisplayName, Title, UserName};
use uuid::Uuid;

use crate::failure::{Failure, Result};

/// Stands where the hash of a password would: nobody signs in with one here.
const NO_PASSWORD: &str = "none";

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Whose it is.
    pub(crate) id: UserId,
    /// The bearer token of their session.
    pub(crate) token: String,
}

/// What a folder was filled with.
#[derive(Debug)]
pub(crate) struct Seeded {
    /// Everyone, by id.
    pub(crate) people: Vec<Account>,
    /// The channel that everyone is in.
    pub(crate) lobby: ConversationId,
    /// The others, in the order they were asked for.
    pub(crate) groups: Vec<ConversationId>,
}

/// Makes so many people, and a group of each of these sets of them, named by their places from 0.
pub(crate) async fn fill(folder: &Path, people: usize, groups: &[Vec<usize>]) -> Result<Seeded> {
    let store = SqliteStore::open(folder, SystemClock.now())?;
    // One after the other would sync the disk for each.
    let mut people = try_join_all((0..people).map(|number| sign_up(&store, number))).await?;
    people.sort_by_key(|account| account.id);
    let owner = people.first().ok_or(Failure::Nobody)?;
    let lobby = store.conversations_of(owner.id).await?.first().copied().ok_or(Failure::Nobody)?;
    let made = groups.iter().map(|members| make_group(&store, &people, members));
    let groups = try_join_all(made).await?;
    Ok(Seeded { people, lobby, groups })
}

/// Opens the direct conversations of the first of these people with each of the others.
pub(crate) async fn open_directs(folder: &Path, people: &[Account]) -> Result<Vec<ConversationId>> {
    let store = SqliteStore::open(folder, SystemClock.now())?;
    let Some((one, others)) = people.split_first() else { return Ok(Vec::new()) };
    let opened = others.iter().map(|other| store.open_direct(by(one.id), other.id));
    Ok(try_join_all(opened).await?.into_iter().map(|outcome| outcome.conversation).collect())
}

async fn sign_up(store: &SqliteStore, number: usize) -> Result<Account> {
    let name = format!("person{number}");
    let token = token::session()?;
    let account = NewAccount {
        name: UserName::try_from(name.as_str())?,
        display: DisplayName::try_from(name)?,
        password: NO_PASSWORD.to_owned(),
        token: token::hash(&token),
        at: now(),
    };
    let id = store.sign_up(account, Admission::Open).await?.person.id;
    Ok(Account { id, token })
}

async fn make_group(store: &SqliteStore, people: &[Account], members: &[usize]) -> Result<ConversationId> {
    let ids: Vec<UserId> = members.iter().filter_map(|place| Some(people.get(*place)?.id)).collect();
    let maker = ids.first().ok_or(Failure::Nobody)?;
    let title = Title::try_from(format!("group of {maker}"))?;
    Ok(store.make(by(*maker), Kind::Group, title, ids).await?.conversation)
}

fn by(author: UserId) -> NewChange {
    NewChange { author, client_id: ClientId(Uuid::now_v7()), at: now() }
}

fn now() -> Timestamp {
    SystemClock.now()
}
