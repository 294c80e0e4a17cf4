//! What a timeline draws: days, groups of one author, the divider of what is new, and what is still on its way.

use std::sync::Arc;

use crate::code::Code;
use crate::frame::Deed;
use crate::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use crate::message::{Forwarded, Post};
use crate::model::{Entry, What};
use crate::outbox::{Pending, State};
use crate::text::Body;
use crate::timeline::Timeline;

/// Messages of one author within so many milliseconds stand together.
pub const GROUP_WITHIN: u64 = 5 * 60 * 1000;

/// All rows of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Which day, as the caller numbers them.
    pub number: i32,
    /// The moment of its first row.
    pub at: Timestamp,
    /// Its rows, oldest first.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The same for the same thing, from the moment it was composed.
    pub key: Key,
    /// Whether it opens a group: it shows its author.
    pub first: bool,
    /// What it shows.
    pub content: Content,
}

/// What a row is, over all its states: a message keeps its key when the log takes it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The divider above what is new.
    Fresh,
    /// A deed of somebody's; two people may use the same UUID.
    Deed(UserId, ClientId),
    /// A change that came from no deed.
    Change(Seq),
}

/// What a row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// "New since", with the time of the first new message.
    Fresh(Timestamp),
    /// A message.
    Message(Message),
    /// Something that happened, as one grey line.
    Event(Arc<Entry>),
}

/// A message as its bubble shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it shows, with what this person is about to make of it. Its own `seq` says nothing while it has none.
    pub entry: Arc<Entry>,
    /// Its place in the log, once it has one.
    pub seq: Option<Seq>,
    /// How far it got.
    pub delivery: Delivery,
    /// What this person wants made of it, and how far that got; the oldest first.
    pub amending: Vec<(ClientId, Delivery)>,
}

/// How far a message got, honestly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Somebody else's.
    Theirs,
    /// One's own, not yet in the log.
    Waiting,
    /// One's own, in the log.
    Sent,
    /// One's own, refused.
    Failed(Code),
}

/// Whose eyes, and how their calendar counts.
pub struct View<'a> {
    /// The reader.
    pub me: UserId,
    /// Where the divider stands: before the first message of others after this place.
    pub fresh_after: Option<Seq>,
    /// The number of the day a moment belongs to, where the reader is.
    pub day_of: &'a dyn Fn(Timestamp) -> i32,
    /// An entry of any conversation, as far as it is here: what is being forwarded.
    pub source: &'a dyn Fn(ConversationId, Seq) -> Option<Arc<Entry>>,
}

/// The rows of a timeline and of what is on its way to it, grouped by day.
pub fn days<'p>(
    timeline: &Timeline,
    mut pending: impl Iterator<Item = &'p Pending>,
    view: &View<'_>,
) -> Vec<Day> {
    days_of(&mut timeline.entries(), &mut pending, view)
}

/// The rows of some entries, oldest first, and of what is on its way to them.
pub fn days_of(
    entries: &mut dyn Iterator<Item = &Arc<Entry>>,
    pending: &mut dyn Iterator<Item = &Pending>,
    view: &View<'_>,
) -> Vec<Day> {
    let (amends, posts): (Vec<&Pending>, Vec<&Pending>) =
        pending.partition(|pending| pending.deed.target().is_some());
    let mut calendar = Calendar { view, days: Vec::new(), before: None };
    let mut fresh_after = view.fresh_after;
    for entry in entries {
        if fresh_after.is_some_and(|after| entry.seq > after && entry.counts_for(view.me)) {
            fresh_after = None;
            calendar.push(entry.at, Key::Fresh, Content::Fresh(entry.at));
        }
        let amends = amends.iter().copied().filter(|amend| amend.deed.target() == Some(entry.seq));
        calendar.entry(entry, amends);
    }
    for pending in posts {
        calendar.pending(pending);
    }
    calendar.days
}

struct Calendar<'a> {
    view: &'a View<'a>,
    days: Vec<Day>,
    /// Author and moment of the message just above, if the next may join its group.
    before: Option<(UserId, Timestamp)>,
}

impl Calendar<'_> {
    fn entry<'p>(&mut self, entry: &Arc<Entry>, amends: impl Iterator<Item = &'p Pending>) {
        let key = entry.client_id.map_or(Key::Change(entry.seq), |id| Key::Deed(entry.author, id));
        match &entry.what {
            What::Posted(_) => {
                let mine = entry.author == self.view.me;
                let (entry, amending) = self.amended(entry, amends);
                let message = Message {
                    seq: Some(entry.seq),
                    delivery: if mine { Delivery::Sent } else { Delivery::Theirs },
                    amending,
                    entry,
                };
                self.push(message.entry.at, key, Content::Message(message));
            }
            What::Created { .. } | What::Joined { .. } | What::Left { .. } => {
                self.push(entry.at, key, Content::Event(Arc::clone(entry)));
            }
            _ => {}
        }
    }

    /// What this person wants made of it shows at once, unless it was refused.
    fn amended<'p>(
        &self,
        entry: &Arc<Entry>,
        amends: impl Iterator<Item = &'p Pending>,
    ) -> (Arc<Entry>, Vec<(ClientId, Delivery)>) {
        let (mut entry, mut amending) = (Arc::clone(entry), Vec::new());
        for pending in amends {
            let delivery = delivery(pending.state);
            amending.push((pending.client_id, delivery));
            if let (Some(what), Some(conversation), false) = (
                pending.deed.amends(self.view.me),
                pending.deed.conversation(),
                matches!(delivery, Delivery::Failed(_)),
            ) {
                Arc::make_mut(&mut entry).foresee(what, self.view.me, pending.composed_at, conversation);
            }
        }
        (entry, amending)
    }

    fn pending(&mut self, pending: &Pending) {
        let Some(post) = self.composed(&pending.deed) else { return };
        let entry = Entry {
            seq: Seq::LAST,
            at: pending.composed_at,
            author: self.view.me,
            client_id: Some(pending.client_id),
            what: What::Posted(post),
            more: None,
        };
        let delivery = delivery(pending.state);
        let message = Message { entry: Arc::new(entry), seq: None, delivery, amending: Vec::new() };
        let key = Key::Deed(self.view.me, pending.client_id);
        self.push(pending.composed_at, key, Content::Message(message));
    }

    /// What a deed will say, as far as that is known here.
    fn composed(&self, deed: &Deed) -> Option<Post> {
        match deed {
            Deed::Post { body, reply, thread, card, .. } => {
                Some(Post { reply: *reply, thread: *thread, card: card.clone(), ..Post::plain(body.clone()) })
            }
            Deed::Forward { from, target, .. } => {
                let source = (self.view.source)(*from, *target);
                let said = source.as_ref().and_then(|source| source.message());
                let place = Some((*from, *target));
                let forwarded = source.as_ref().map(|source| {
                    said.and_then(|post| post.forwarded.clone()).unwrap_or(Forwarded {
                        author: source.author,
                        at: source.at,
                        place,
                    })
                });
                let body = said.map_or_else(Body::recalled, |post| post.body.clone());
                Some(Post { forwarded, ..Post::plain(body) })
            }
            _ => None,
        }
    }

    fn push(&mut self, at: Timestamp, key: Key, content: Content) {
        let number = (self.view.day_of)(at);
        // Days follow the log, not the clock: a message stamped earlier than the one above stays below it.
        let new_day = self.days.last().is_none_or(|day| day.number < number);
        if new_day {
            self.days.push(Day { number, at, rows: Vec::new() });
            self.before = None;
        }
        let author = match &content {
            Content::Message(message) => Some(message.entry.author),
            Content::Fresh(_) | Content::Event(_) => None,
        };
        let joins = author.is_some_and(|author| {
            self.before.is_some_and(|(who, when)| who == author && at.since(when) <= GROUP_WITHIN)
        });
        self.before = author.map(|author| (author, at));
        if let Some(day) = self.days.last_mut() {
            day.rows.push(Row { key, first: !joins, content });
        }
    }
}

fn delivery(state: State) -> Delivery {
    match state {
        State::Writing | State::Queued | State::Sending => Delivery::Waiting,
        State::Sent { .. } => Delivery::Sent,
        State::Failed { code } => Delivery::Failed(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Change;
    use crate::outbox::Outbox;
    use uuid::Uuid;

    const MINUTE: u64 = 60_000;
    const DAY: u64 = 24 * 60 * MINUTE;

    fn user(number: u64) -> UserId {
        number.try_into().unwrap()
    }

    fn timeline(posts: &[(u64, u64)]) -> Timeline {
        let mut timeline = Timeline::starting_at(Seq::ZERO);
        for (n, (author, at)) in (1..).zip(posts) {
            timeline.apply(Change {
                conversation: 1.try_into().unwrap(),
                seq: n.try_into().unwrap(),
                at: Timestamp(*at),
                author: user(*author),
                client_id: Some(ClientId(Uuid::from_u128(n.into()))),
                what: What::said("hi".try_into().unwrap()),
            });
        }
        timeline
    }

    fn drawn(timeline: &Timeline, outbox: &Outbox, fresh_after: Option<u64>) -> Vec<Day> {
        let fresh_after = fresh_after.map(|n| n.try_into().unwrap());
        let day_of = |at: Timestamp| i32::try_from(at.0 / DAY).unwrap();
        days(
            timeline,
            outbox.iter(),
            &View { me: user(1), fresh_after, day_of: &day_of, source: &|_, _| None },
        )
    }

    fn firsts(days: &[Day]) -> Vec<bool> {
        days.iter().flat_map(|day| &day.rows).map(|row| row.first).collect()
    }

    #[test]
    fn one_author_within_five_minutes_is_one_group() {
        let timeline = timeline(&[(2, 0), (2, 4 * MINUTE), (3, 5 * MINUTE), (3, 11 * MINUTE)]);
        assert_eq!(firsts(&drawn(&timeline, &Outbox::default(), None)), [true, false, true, true]);
    }

    #[test]
    fn a_new_day_opens_a_block_and_a_clock_that_goes_back_does_not() {
        let timeline = timeline(&[(2, DAY), (2, 2 * DAY), (2, DAY + 1)]);
        let days = drawn(&timeline, &Outbox::default(), None);
        assert_eq!(days.iter().map(|day| (day.number, day.rows.len())).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
    }

    #[test]
    fn the_divider_stands_before_the_first_new_message_of_others() {
        let timeline = timeline(&[(2, 0), (1, 1), (2, 2), (2, 3)]);
        let days = drawn(&timeline, &Outbox::default(), Some(1));
        let keys: Vec<bool> = days[0].rows.iter().map(|row| row.key == Key::Fresh).collect();
        assert_eq!(keys, [false, false, true, false, false]);
        assert_eq!(firsts(&days), [true, true, true, true, false]);
    }

    #[test]
    fn a_message_keeps_its_key_when_the_log_takes_it_in() {
        let mut outbox = Outbox::default();
        let id = ClientId(Uuid::from_u128(1));
        let deed = Deed::post(1.try_into().unwrap(), "hi".try_into().unwrap());
        outbox.add(id, deed, Timestamp(0), None);
        let waiting = drawn(&Timeline::starting_at(Seq::ZERO), &outbox, None)[0].rows[0].clone();
        let stored = drawn(&timeline(&[(1, 0)]), &Outbox::default(), None)[0].rows[0].clone();
        assert_eq!(waiting.key, stored.key);
        let state = |row: Row| match row.content {
            Content::Message(message) => (message.seq.is_some(), message.delivery),
            content => panic!("{content:?} is no message"),
        };
        assert_eq!(state(waiting), (false, Delivery::Waiting));
        assert_eq!(state(stored), (true, Delivery::Sent));
    }
}
