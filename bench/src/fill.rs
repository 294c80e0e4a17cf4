//! `seed`: a folder full of people, conversations and messages, to try things on.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use backend::clock::{Clock as _, SystemClock};
use backend::password::Passwords;
use backend::store::{Admission, NewAccount, NewChange, SqliteStore, Store as _, StoreError};
use backend::token;
use clap::Args;
use fastrand::Rng;
use futures_util::future::try_join_all;
use shared::id::{ClientId, ConversationId, Timestamp, UserId};
use shared::model::Kind;
use shared::text::{Body, DisplayName, Password, Title, UserName};
use uuid::{ContextV7, Timestamp as Moment, Uuid};

use crate::failure::{Failure, Result};
use crate::talk::Talk;

/// With which everyone signs in.
pub(crate) const PASSWORD: &str = "correct horse";
/// In most conversations, and the owner.
pub(crate) const BUSY: &str = "lin";
/// In the Lobby and one small group.
pub(crate) const QUIET: &str = "quiet";
/// Said by somebody in one message of so many.
const RARE_EVERY: usize = 100_000;
/// What is said there.
const RARE: &str = "我家在上海东边，周末来玩";
/// What is said once in all, and the word that finds it.
pub(crate) const ONCE: (&str, &str) = ("阳台上的薄荷又长高了", "薄荷");
/// So many are said at the same time, which is one transaction.
const AT_ONCE: usize = 512;
/// The newest message is of now, and the oldest so old.
const SPAN: u64 = 3 * 365 * 24 * 60 * 60 * 1_000;
/// Messages in the Lobby and in the small group.
const SMALL: usize = 200;

/// What to fill a folder with.
#[derive(Debug, Clone, Args)]
pub(crate) struct Plan {
    /// The folder; one that holds nothing yet
    #[arg(long, default_value = "data-seeded")]
    pub(crate) data: PathBuf,
    /// How many messages
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) messages: usize,
    /// How many people
    #[arg(long, default_value_t = 200)]
    people: usize,
    /// How many groups and channels
    #[arg(long, default_value_t = 100)]
    conversations: usize,
}

/// A conversation and who may write there.
struct Place {
    id: ConversationId,
    members: Vec<UserId>,
}

/// Fills the folder, and says how to sign in.
pub(crate) async fn run(plan: Plan) -> Result<bool> {
    let begun = Instant::now();
    fill(&plan).await?;
    println!(
        "{} messages of {} people in {} conversations, in {:.0} s",
        plan.messages,
        plan.people.max(2),
        plan.conversations + 2,
        begun.elapsed().as_secs_f32()
    );
    println!("Start it:  magpie --data {}", plan.data.display());
    println!(
        "Sign in:   {BUSY} (the owner, in all of them) or {QUIET} (in two small ones), password: {PASSWORD}"
    );
    println!("Look for:  上海 (one message in {RARE_EVERY}), {} (one in all), 的 (very many)", ONCE.1);
    Ok(true)
}

/// Fills the folder.
pub(crate) async fn fill(plan: &Plan) -> Result<()> {
    if plan.data.join("magpie.db").exists() {
        return Err(Failure::Filled(plan.data.clone()));
    }
    std::fs::create_dir_all(&plan.data)?;
    let store = SqliteStore::open(&plan.data, now())?;
    let people = sign_up(&store, plan.people.max(2)).await?;
    let mut dice = Rng::with_seed(4);
    let (large, small) = places(&store, &people, plan.conversations.max(1), &mut dice).await?;
    talk(&store, plan.messages, &large, &small, &mut dice).await
}

async fn sign_up(store: &SqliteStore, many: usize) -> Result<Vec<UserId>> {
    // One hash for all: two hundred would take a minute.
    let password = Passwords::default().hash(Password::try_from(PASSWORD.to_owned())?).await;
    let password = password.map_err(|error| StoreError::Fault(error.to_string()))?;
    let names = [BUSY.to_owned(), QUIET.to_owned()].into_iter();
    let names = names.chain((2..many).map(|number| format!("person{number}")));
    let mut people = Vec::with_capacity(many);
    for name in names {
        let account = NewAccount {
            name: UserName::try_from(name.as_str())?,
            display: DisplayName::try_from(name)?,
            password: password.clone(),
            token: token::hash(&token::session()?),
            at: now(),
        };
        people.push(store.sign_up(account, Admission::Open).await?.person.id);
    }
    Ok(people)
}

/// Groups of some, which the first person made, and those that the second person is in.
async fn places(
    store: &SqliteStore,
    people: &[UserId],
    many: usize,
    dice: &mut Rng,
) -> Result<(Vec<Place>, Vec<Place>)> {
    let (busy, quiet) = (people[0], people[1]);
    let mut large = Vec::with_capacity(many);
    for number in 0..many {
        let mut members: Vec<UserId> = people[2..].iter().copied().filter(|_| dice.u8(..3) == 0).collect();
        members.push(busy);
        large.push(make(store, format!("群 group {number}"), members).await?);
    }
    let corner = make(store, "小角落 corner".to_owned(), vec![busy, quiet]).await?;
    let lobby = store.conversations_of(quiet).await?.into_iter().find(|id| *id != corner.id);
    let lobby = Place { id: lobby.ok_or(Failure::Nobody)?, members: people.to_vec() };
    Ok((large, vec![corner, lobby]))
}

async fn make(store: &SqliteStore, title: String, members: Vec<UserId>) -> Result<Place> {
    let maker = *members.last().ok_or(Failure::Nobody)?;
    let new = NewChange { author: maker, client_id: ClientId(Uuid::now_v7()), at: now() };
    let id = store.make(new, Kind::Group, Title::try_from(title)?, members.clone()).await?.conversation;
    Ok(Place { id, members })
}

async fn talk(
    store: &SqliteStore,
    many: usize,
    large: &[Place],
    small: &[Place],
    dice: &mut Rng,
) -> Result<()> {
    let (talk, begun) = (Talk::new(), Instant::now());
    let (first, step) = (now().0 - SPAN, SPAN / (many.max(1) as u64));
    let few = (many / SMALL).max(1);
    let mut said = 0;
    while said < many {
        let mut posts = Vec::with_capacity(AT_ONCE);
        for number in said..many.min(said + AT_ONCE) {
            let places = if number % few == few / 2 { small } else { large };
            let place = &places[dice.usize(..places.len())];
            let author = place.members[dice.usize(..place.members.len())];
            let at = Timestamp(first + step * (number as u64));
            let text = match number {
                _ if number == many / 3 => ONCE.0.to_owned(),
                _ if number % RARE_EVERY == RARE_EVERY / 2 => RARE.to_owned(),
                _ => talk.say(dice),
            };
            let new = NewChange { author, client_id: ClientId(identity(at)), at };
            posts.push(store.post(new, place.id, Body::try_from(text)?.into()));
        }
        said += posts.len();
        try_join_all(posts).await?;
        if said % (AT_ONCE * 200) == 0 {
            println!("{said} messages after {:.0} s", begun.elapsed().as_secs_f32());
        }
    }
    Ok(())
}

/// An identity of that time: in their order they are quick to store.
fn identity(at: Timestamp) -> Uuid {
    let elapsed = Duration::from_millis(at.0);
    Uuid::new_v7(Moment::from_unix(ContextV7::new(), elapsed.as_secs(), elapsed.subsec_nanos()))
}

fn now() -> Timestamp {
    SystemClock.now()
}

/// Whether this folder has been filled.
pub(crate) fn is_filled(folder: &Path) -> bool {
    folder.join("magpie.db").exists()
}
