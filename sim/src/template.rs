//! What a run begins with: people who know each other, their devices signed in.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use backend::store::{
    Admission, Disk, Fate, NewAccount, NewChange, SecretHash, SignedUp, SqliteStore, Store as _, StoreError,
    Verdict,
};
use shared::id::{ClientId, Seq, SessionId, Timestamp, UserId};
use shared::model::{Kind, Person};
use shared::text::Body;
use uuid::Uuid;

/// When every run begins.
pub(crate) const BEGUN: Timestamp = Timestamp(1_795_000_000_000);
/// Most people in a run.
pub(crate) const PEOPLE: usize = 5;
/// Devices of each.
pub(crate) const DEVICES: usize = 2;

/// Messages in the group.
const PAST: u128 = 140;

/// A database, as bytes, and who is in it.
pub(crate) struct Template {
    pub(crate) bytes: Vec<u8>,
    pub(crate) people: Vec<Person>,
    /// For each person the token and the session of each device.
    pub(crate) devices: Vec<Vec<(SecretHash, SessionId)>>,
}

/// The one for so many people.
pub(crate) fn template(people: usize) -> &'static Template {
    static TEMPLATES: [OnceLock<Template>; PEOPLE + 1] = [const { OnceLock::new() }; PEOPLE + 1];
    TEMPLATES[people.min(PEOPLE)].get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        #[expect(clippy::unwrap_used, reason = "nothing here depends on the run")]
        std::thread::spawn(move || runtime.unwrap().block_on(make(people)).unwrap()).join().unwrap()
    })
}

async fn make(people: usize) -> Result<Template, StoreError> {
    let disk = Arc::new(Disk::new(BEGUN).map_err(|error| StoreError::Fault(error.to_string()))?);
    // A seed says the same in every process.
    disk.look(|connection| connection.execute("UPDATE server SET epoch = zeroblob(16)", []))?;
    let (store, writing) = SqliteStore::on(&disk, Arc::new(Calm));
    #[expect(clippy::disallowed_methods, reason = "it ends with its runtime")]
    tokio::spawn(writing);
    let mut everyone = Vec::new();
    let mut devices = Vec::new();
    for number in 0..people {
        let token = |device| SecretHash([u8::try_from(number * DEVICES + device + 1).unwrap_or(u8::MAX); 32]);
        let account = NewAccount {
            name: text(format!("person{number}"))?,
            display: text(format!("人 {number}"))?,
            password: String::new(),
            token: token(0),
            at: BEGUN,
        };
        let SignedUp { person, session, .. } = store.sign_up(account, Admission::Open).await?;
        let mut own = vec![(token(0), session)];
        for device in 1..DEVICES {
            own.push((token(device), store.add_session(person.id, token(device), BEGUN).await?));
        }
        devices.push(own);
        everyone.push(person);
    }
    let new = |number| NewChange {
        author: everyone[0].id,
        client_id: ClientId(Uuid::from_u128(number)),
        at: BEGUN,
    };
    let few: Vec<UserId> = everyone.iter().take(3).map(|person| person.id).collect();
    // Besides the Lobby: a group of the first three, and what the first two say to each other.
    let made = store.make(new(1), Kind::Group, text("group".to_owned())?, few.clone()).await?;
    store.open_direct(new(2), everyone[1].id).await?;
    // The group has a past that all have read: more than a page, so that one can be far away from the newest.
    let mut last = Seq::ZERO;
    for number in 0..PAST {
        let body: Body = text(format!("past {number}"))?;
        last = store.post(new(1_000 + number), made.conversation, body.into()).await?.seq;
    }
    for member in few {
        store.read_up_to(member, made.conversation, last).await?;
    }
    let bytes = disk.bytes()?;
    Ok(Template { bytes, people: everyone, devices })
}

fn text<T: TryFrom<String>>(text: String) -> Result<T, StoreError> {
    T::try_from(text).map_err(|_| StoreError::Fault("a name that is none".to_owned()))
}

/// Nothing happens to this server.
struct Calm;

#[async_trait]
impl Fate for Calm {
    async fn read(&self) {}

    async fn commit(&self) -> Verdict {
        Verdict::Commit
    }

    async fn answer(&self) -> bool {
        true
    }
}
