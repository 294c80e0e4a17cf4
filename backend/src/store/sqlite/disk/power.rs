//! Power cuts: what was acknowledged before one is there after it, and it is `synchronous=FULL` that makes it so.
//!
//! SQLite runs on a disk in memory that notes every write and sync. Each life of a database is noted once, from a seed;
//! then its power is cut after any of the steps, again and again, and what is left is opened by SQLite's own means on
//! real files. One of the remains begins the next life, in which people send again what was not answered.

use std::ops::Range;
use std::path::Path;

use fastrand::Rng;
use rusqlite::{Connection, OptionalExtension as _};
use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::model::What;
use uuid::Uuid;

use super::vfs::{self, Shared};
use super::{Disk, Image};
use crate::store::sqlite::check::{CheckError, check};
use crate::store::sqlite::open::prepare;
use crate::store::sqlite::rows;
use crate::store::{Admission, NewAccount, NewChange, Say, SqliteStore, Store as _};

/// Lives of one database, each but the first begun after a power cut.
const LIVES: u32 = 3;
/// Power cuts that each life is looked at after.
const CUTS: u32 = 13;

/// A message that somebody sends.
#[derive(Debug, Clone)]
struct Post {
    author: UserId,
    client_id: ClientId,
    text: String,
}

/// What people know at some moment.
#[derive(Debug, Clone, Default)]
struct Known {
    people: Vec<UserId>,
    /// What they were told is stored, and at which place.
    answered: Vec<(Post, Seq)>,
    /// What they sent and heard nothing of.
    unanswered: Option<Post>,
}

/// What people come to know.
enum Event {
    SignedUp(UserId),
    Answered(Post, Seq),
}

/// A database in use, from its opening to its closing, to be cut short anywhere.
struct Life {
    disk: Shared,
    /// What was known before.
    known: Known,
    /// What came to be known, by how many steps the disk had made then.
    events: Vec<(usize, Event)>,
}

/// What was found after the power cuts.
#[derive(Debug, Default)]
struct Found {
    cuts: u32,
    answered: usize,
    lost: usize,
    faults: Vec<String>,
}

/// How the connections are made: as the server makes them, or without the sync after a commit.
#[derive(Clone, Copy)]
enum Synchronous {
    Full,
    Normal,
}

impl Synchronous {
    fn connect(self, path: &Path) -> rusqlite::Result<Connection> {
        let connection = prepare(vfs::connect(path)?)?;
        if matches!(self, Self::Normal) {
            connection.pragma_update(None, "synchronous", "NORMAL")?;
        }
        Ok(connection)
    }
}

#[tokio::test]
async fn with_full_nothing_that_was_answered_is_lost() {
    let found = many(Synchronous::Full, 0..8).await;
    assert!(found.faults.is_empty(), "{:#?}", found.faults);
    assert!(found.lost == 0 && found.cuts >= 300 && found.answered > 1_000, "{found:?}");
}

#[tokio::test]
async fn with_normal_something_is_lost_so_this_would_be_noticed() {
    let found = many(Synchronous::Normal, 0..3).await;
    assert!(found.faults.is_empty(), "{:#?}", found.faults);
    assert!(found.lost > 0, "the power cuts are harmless: {found:?}");
}

async fn many(synchronous: Synchronous, seeds: Range<u64>) -> Found {
    let mut found = Found::default();
    for seed in seeds {
        let mut dice = Rng::with_seed(seed);
        let folder = tempfile::tempdir().unwrap();
        let (mut image, mut known) = (Image::new(), Known::default());
        for life in 0..LIVES {
            let lived = Life::live(synchronous, folder.path(), (image, known), &mut dice).await;
            let mut last = (Image::new(), Known::default());
            for _ in 0..CUTS {
                let after = dice.usize(..=lived.steps());
                let (image, known) = lived.cut(after, &mut dice);
                if found.examine(&image, &known, &format!("seed {seed}, life {life}, step {after}")) {
                    last = (image, known);
                }
            }
            (image, known) = last;
        }
    }
    println!("{found:?}");
    found
}

impl Life {
    /// Opens what is there, sends again what was not answered, and goes on.
    async fn live(
        synchronous: Synchronous,
        folder: &Path,
        (image, known): (Image, Known),
        dice: &mut Rng,
    ) -> Self {
        let disk = vfs::mount(folder, Disk::holding(image));
        let mut life = Self { disk, known: known.clone(), events: Vec::new() };
        let store = SqliteStore::open_with(folder, Timestamp(1), |path| synchronous.connect(path)).unwrap();
        let mut people = known.people;
        while people.len() < 2 {
            // Never the same: the last one may be there though nobody was told.
            let account = NewAccount::named(&format!("p{}", dice.u64(..)));
            let person = store.sign_up(account, Admission::Open).await.unwrap().person.id;
            people.push(person);
            life.note(Event::SignedUp(person));
        }
        let mut answered = known.answered;
        let mut next = known.unanswered;
        for _ in 0..dice.usize(10..150) {
            let post = next.take().unwrap_or_else(|| Post::any(&people, dice));
            let seq = post.send(&store).await;
            life.note(Event::Answered(post.clone(), seq));
            answered.push((post, seq));
            let (again, first) = &answered[dice.usize(..answered.len())];
            assert_eq!(again.send(&store).await, *first, "a retry went elsewhere");
        }
        life
    }

    fn note(&mut self, event: Event) {
        self.events.push((self.steps(), event));
    }

    fn steps(&self) -> usize {
        self.disk.lock().disk.steps.len()
    }

    /// What is on the disk and what is known if the power goes after so many steps.
    fn cut(&self, after: usize, dice: &mut Rng) -> (Image, Known) {
        let mut known = self.known.clone();
        for (step, event) in &self.events {
            match event {
                Event::SignedUp(person) if *step <= after => known.people.push(*person),
                Event::Answered(post, seq) if *step <= after => known.answered.push((post.clone(), *seq)),
                Event::Answered(post, _) => {
                    known.unanswered = Some(post.clone());
                    break;
                }
                Event::SignedUp(_) => break,
            }
        }
        (self.disk.lock().disk.cut(after, dice), known)
    }
}

impl Post {
    /// Of any length, so that a transaction is one page or many.
    fn any(people: &[UserId], dice: &mut Rng) -> Self {
        let text = dice.choice(["字", "x", "👩"]).unwrap().repeat(dice.usize(1..1_500));
        let author = people[dice.usize(..people.len())];
        Self { author, client_id: ClientId(Uuid::from_u128(dice.u128(..))), text }
    }

    async fn send(&self, store: &SqliteStore) -> Seq {
        let new = NewChange { author: self.author, client_id: self.client_id, at: Timestamp(3) };
        let lobby = ConversationId::try_from(1).unwrap();
        store.post(new, lobby, Say::text(&self.text)).await.unwrap().seq
    }

    /// Where it is in a database, if it is there as it was sent.
    fn place(&self, database: &Connection) -> Option<Seq> {
        let sql = "SELECT seq, payload FROM changes JOIN deeds USING (conversation, seq, author, client_id)
                   WHERE author = ? AND client_id = ?";
        let deed = (rows::number(self.author), self.client_id.0.into_bytes());
        let (seq, payload): (Seq, String) =
            database.query_row(sql, deed, |row| Ok((rows::id(row, 0)?, row.get(1)?))).optional().unwrap()?;
        let what: What = serde_json::from_str(&payload).unwrap();
        (what == What::said(self.text.clone().try_into().unwrap())).then_some(seq)
    }
}

impl Found {
    /// Opens what is left as anybody would; says whether all is there that was answered.
    fn examine(&mut self, image: &Image, known: &Known, when: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in image {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        self.cuts += 1;
        self.answered += known.answered.len();
        let lost = match check(folder.path()) {
            Ok(_) => {
                let database = Connection::open(folder.path().join("magpie.db")).unwrap();
                let people: usize = database
                    .query_row("SELECT count(*) FROM users", [], |row| row.get::<_, i64>(0))
                    .unwrap()
                    .try_into()
                    .unwrap();
                let lost = known.answered.iter().filter(|(post, seq)| post.place(&database) != Some(*seq));
                lost.count() + known.people.len().saturating_sub(people)
            }
            // It was cut before it was made as a whole.
            Err(CheckError::Missing(_) | CheckError::Older(_)) => known.answered.len() + known.people.len(),
            Err(error) => {
                self.faults.push(format!("{when}: {error}"));
                return false;
            }
        };
        self.lost += lost;
        lost == 0
    }
}
