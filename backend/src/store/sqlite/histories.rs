//! A page and the changes after it make the later page: `fold(page as of n) + changes = fold(page as of m)`, over many
//! random histories, with the timeline that clients use.

use fastrand::Rng;
use futures_util::future::join_all;
use rusqlite::Connection;
use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::model::Kind;
use shared::timeline::{Applied, Timeline};
use uuid::Uuid;

use super::open::prepare;
use crate::store::{Admission, NewAccount, NewChange, Portion, Say, SqliteStore, Store as _};

const HISTORIES: u64 = 10_000;
/// So many happen at the same time, which also mixes their transactions.
const AT_ONCE: u64 = 250;
const PEOPLE: usize = 5;

/// One conversation, what happens in it, and what is remembered of it on the way.
struct History<'store> {
    store: &'store SqliteStore,
    people: &'store [UserId],
    conversation: ConversationId,
    /// Who is in it; the first one made it.
    members: Vec<UserId>,
    /// Who reads, and therefore stays.
    readers: Vec<UserId>,
    dice: Rng,
}

#[tokio::test]
async fn a_page_and_the_changes_after_it_make_the_later_page() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody cuts the power here, and ten thousand histories would wait for the disk.
    let quick = |path: &std::path::Path| {
        let connection = prepare(Connection::open(path)?)?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        Ok(connection)
    };
    let store = SqliteStore::open_with(folder.path(), Timestamp(1), quick).unwrap();
    let mut sum = 0;
    for first in (0..HISTORIES).step_by(usize::try_from(AT_ONCE).unwrap()) {
        let mut people = Vec::new();
        // Others each time: nobody is in ten thousand conversations.
        for number in 0..PEOPLE {
            let account = NewAccount::named(&format!("p{first}.{number}"));
            people.push(store.sign_up(account, Admission::Open).await.unwrap().person.id);
        }
        let several = (first..first + AT_ONCE).map(|seed| history(&store, &people, seed));
        sum += join_all(several).await.into_iter().sum::<usize>();
    }
    assert!(sum > 20_000, "only {sum} changes were folded in");
}

/// Lets one history happen; says how many changes were folded into pages of before.
async fn history(store: &SqliteStore, people: &[UserId], seed: u64) -> usize {
    let mut history = History::begin(store, people, Rng::with_seed(seed)).await;
    let mut remembered = Vec::new();
    for _ in 0..history.dice.usize(2..8) {
        history.happen().await;
        if history.dice.u8(..3) == 0 {
            let reader = history.member();
            history.readers.push(reader);
            remembered.push((reader, history.some_pages(reader).await));
        }
    }
    let mut folded = 0;
    for (reader, mut timeline) in remembered {
        folded += history.follow(reader, &mut timeline).await;
        let now = history.all(reader).await;
        assert_eq!(timeline.cursor(), now.cursor(), "seed {seed}");
        let expected: Vec<_> = now.after(timeline.floor().previous()).collect();
        assert_eq!(timeline.entries().collect::<Vec<_>>(), expected, "seed {seed}");
    }
    folded
}

impl<'store> History<'store> {
    async fn begin(store: &'store SqliteStore, people: &'store [UserId], mut dice: Rng) -> Self {
        let maker = people[dice.usize(..people.len())];
        let others: Vec<UserId> = people.iter().copied().filter(|one| *one != maker && dice.bool()).collect();
        let new = NewChange { author: maker, client_id: id(&mut dice), at: Timestamp(2) };
        let title = "history".to_owned().try_into().unwrap();
        let made = store.make(new, Kind::Channel, title, others.clone()).await.unwrap();
        let members = std::iter::once(maker).chain(others).collect();
        Self { store, people, conversation: made.conversation, members, readers: Vec::new(), dice }
    }

    fn member(&mut self) -> UserId {
        self.members[self.dice.usize(..self.members.len())]
    }

    /// Any deed that there is.
    async fn happen(&mut self) {
        let (conversation, client_id) = (self.conversation, id(&mut self.dice));
        let somebody = self.people[self.dice.usize(..self.people.len())];
        let may_go = self.members.contains(&somebody) && !self.readers.contains(&somebody);
        if may_go && self.members.len() > 1 && self.dice.u8(..4) == 0 {
            let new = NewChange { author: somebody, client_id, at: Timestamp(3) };
            self.store.remove(new, conversation, somebody).await.unwrap();
            self.members.retain(|member| *member != somebody);
        } else if self.members.contains(&somebody) {
            let body = Say::text(&"x".repeat(self.dice.usize(1..200)));
            let new = NewChange { author: somebody, client_id, at: Timestamp(3) };
            self.store.post(new, conversation, body).await.unwrap();
        } else {
            let new = NewChange { author: somebody, client_id, at: Timestamp(3) };
            self.store.join(new, conversation).await.unwrap();
            self.members.push(somebody);
        }
    }

    /// All that is to be read now.
    async fn all(&self, reader: UserId) -> Timeline {
        let portion = Portion { items: 100, bytes: usize::MAX };
        let page = self.store.history(reader, self.conversation, None, portion).await.unwrap();
        let mut timeline = Timeline::starting_at(page.as_of);
        assert!(timeline.prepend(timeline.floor(), page.from, page.entries));
        assert!(timeline.reaches_the_beginning());
        timeline
    }

    /// The same page by page, and maybe not down to the beginning.
    async fn some_pages(&mut self, reader: UserId) -> Timeline {
        let mut timeline: Option<Timeline> = None;
        loop {
            let before = timeline.as_ref().map(Timeline::floor);
            let portion = self.portion();
            let page = self.store.history(reader, self.conversation, before, portion).await.unwrap();
            let timeline = timeline.get_or_insert_with(|| Timeline::starting_at(page.as_of));
            assert!(timeline.prepend(timeline.floor(), page.from, page.entries));
            if timeline.reaches_the_beginning() || self.dice.bool() {
                return timeline.clone();
            }
        }
    }

    /// Takes what came since, portion by portion; says how many changes that were.
    async fn follow(&mut self, reader: UserId, timeline: &mut Timeline) -> usize {
        let mut folded = 0;
        loop {
            let (after, portion) = (timeline.cursor(), self.portion());
            let next = self.store.changes_after(reader, self.conversation, after, portion).await.unwrap();
            for change in next.changes {
                let seq: Seq = change.seq;
                if next.membership.visible(seq) {
                    assert_eq!(timeline.apply(change), Applied::New);
                } else {
                    timeline.skip(seq);
                }
                folded += 1;
            }
            if !next.more {
                return folded;
            }
        }
    }

    fn portion(&mut self) -> Portion {
        Portion { items: self.dice.usize(1..6), bytes: self.dice.usize(1..2_000) }
    }
}

fn id(dice: &mut Rng) -> ClientId {
    ClientId(Uuid::from_u128(dice.u128(..)))
}
