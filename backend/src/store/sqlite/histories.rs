//! A page and the changes after it make the later page: `fold(page as of n) + changes = fold(page as of m)`, over many
//! random histories, with the timeline that clients use.

use fastrand::Rng;
use futures_util::future::join_all;
use rusqlite::Connection;
use shared::frame::Deed;
use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::message::Card;
use shared::model::Kind;
use shared::timeline::{Applied, Timeline};
use uuid::Uuid;

use super::open::prepare;
use crate::store::{Admission, NewAccount, NewChange, Portion, Say, SqliteStore, Store as _, StoreError};

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
    /// The places of all messages.
    said: Vec<Seq>,
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
    for _ in 0..history.dice.usize(2..16) {
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
        Self {
            store,
            people,
            conversation: made.conversation,
            members,
            readers: Vec::new(),
            said: Vec::new(),
            dice,
        }
    }

    fn member(&mut self) -> UserId {
        self.members[self.dice.usize(..self.members.len())]
    }

    /// Any deed that there is.
    async fn happen(&mut self) {
        let somebody = self.people[self.dice.usize(..self.people.len())];
        let is_in = self.members.contains(&somebody);
        let may_go = is_in && !self.readers.contains(&somebody);
        let new = NewChange { author: somebody, client_id: id(&mut self.dice), at: Timestamp(3) };
        if may_go && self.members.len() > 1 && self.dice.u8(..4) == 0 {
            self.store.remove(new, self.conversation, somebody).await.unwrap();
            self.members.retain(|member| *member != somebody);
        } else if !is_in {
            self.store.join(new, self.conversation).await.unwrap();
            self.members.push(somebody);
        } else if self.said.is_empty() || self.dice.u8(..3) == 0 {
            self.speak(new).await;
        } else {
            let deed = self.amendment();
            // What may not be done, because it is another's or was taken back, changes nothing.
            match self.store.amend(new, deed).await {
                Ok(_) | Err(StoreError::NotAllowed) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    async fn speak(&mut self, new: NewChange) {
        let mut say = Say::text(&"x".repeat(self.dice.usize(1..200)));
        let mut earlier = || self.dice.choice(&self.said).copied();
        (say.reply, say.thread) = (earlier(), earlier());
        say.reply = say.reply.filter(|_| self.dice.bool());
        say.thread = say.thread.filter(|_| self.dice.bool());
        say.card = match self.dice.u8(..6) {
            0 => Some(Card::Chain),
            1 => {
                let choices = ["a", "b", "c"].map(|choice| choice.try_into().unwrap()).to_vec();
                Some(Card::Poll { choices: choices.try_into().unwrap(), many: self.dice.bool() })
            }
            _ => None,
        };
        let said = self.store.post(new, self.conversation, say).await.unwrap();
        self.said.push(said.seq);
    }

    fn amendment(&mut self) -> Deed {
        let (conversation, target) = (self.conversation, self.said[self.dice.usize(..self.said.len())]);
        let on = self.dice.u8(..3) > 0;
        match self.dice.u8(..8) {
            0 => Deed::Edit {
                conversation,
                target,
                body: "y".repeat(self.dice.usize(1..9)).try_into().unwrap(),
            },
            1 => Deed::Recall { conversation, target },
            2 => Deed::Pin { conversation, target, on },
            3 => {
                let choices = [vec![0], vec![1, 2], vec![2], vec![]][self.dice.usize(..4)].clone();
                Deed::Vote { conversation, target, choices: choices.try_into().unwrap() }
            }
            4 if !on => Deed::Close { conversation, target },
            4 | 5 => Deed::AddLine { conversation, target, text: "me".try_into().unwrap() },
            6 => {
                let line = self.said.last().unwrap().next();
                Deed::DropLine { conversation, target, line }
            }
            _ => {
                let emoji = ["👍", "❤️"][self.dice.usize(..2)].try_into().unwrap();
                Deed::React { conversation, target, emoji, on }
            }
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
