//! Going to any place of a conversation: what a page shows there is what the log says, whatever comes meanwhile.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::collections::VecDeque;

use shared::client::{Client, Effect, End, Input, Now, Viewer};
use shared::code::Close;
use shared::frame::{ClientFrame, LEVEL, ServerFrame};
use shared::id::{ConversationId, Epoch, Seq, Timestamp, UserId};
use shared::message::Was;
use shared::model::{Change, Entry, Kind, List, Person, Summary, What};
use shared::permission::ServerRole;
use shared::timeline::Timeline;
use uuid::Uuid;

const HERE: Viewer = 7;
const ELSEWHERE: Viewer = 8;

/// A client, and a server that has one conversation: what each says to the other arrives when the test lets it.
struct Town {
    client: Client,
    socket: u32,
    log: Vec<Change>,
    /// Most entries in a page.
    most: usize,
    asked: VecDeque<ClientFrame>,
    coming: VecDeque<ServerFrame>,
    /// Answers and changes overtake each other.
    answered: VecDeque<ServerFrame>,
    pages: usize,
}

impl Town {
    /// Connected, with a log of so many messages of another person.
    fn with(messages: u64) -> Self {
        let (asked, coming, answered) = (VecDeque::new(), VecDeque::new(), VecDeque::new());
        let client = Client::default();
        let mut town =
            Self { client, socket: 0, log: Vec::new(), most: 50, asked, coming, answered, pages: 0 };
        for _ in 0..messages {
            town.happens(said());
        }
        town.coming.clear();
        town.tell(Input::Start);
        town.connect(None);
        town.settle();
        town.tell(Input::Open(id()));
        town.settle();
        town
    }

    /// A connection that goes on from a place, or from the head.
    fn connect(&mut self, since: Option<Seq>) {
        self.asked.clear();
        self.coming.clear();
        self.answered.clear();
        self.tell(Input::Opened(self.socket));
        let since = since.unwrap_or(self.head());
        let welcome = ServerFrame::Welcome {
            level: LEVEL,
            epoch: Epoch(Uuid::from_u128(1)),
            now: Timestamp(0),
            me: person(1),
            conversations: List::first([Summary { since, ..self.summary() }]),
            people: List::default(),
        };
        self.coming.push_back(welcome);
        let missed = self.log.iter().filter(|change| change.seq > since).cloned();
        self.coming.extend(missed.map(|change| ServerFrame::Changed { change }));
    }

    fn reconnect(&mut self, since: Option<Seq>) {
        self.tell(Input::Lost(self.socket, Some(Close::Restarting)));
        self.tell(Input::Wake);
        self.connect(since);
    }

    fn tell(&mut self, input: Input) {
        for effect in self.client.step(Now { at: Timestamp(1_000), random: 7 }, input) {
            match effect {
                Effect::Connect(socket) => self.socket = socket,
                Effect::Send(frame) => self.asked.push_back(frame),
                _ => {}
            }
        }
    }

    /// The log takes a change, which is on its way to the client.
    fn happens(&mut self, what: What) {
        let change = Change {
            conversation: id(),
            seq: self.head().next(),
            at: Timestamp(5),
            author: user(2),
            client_id: None,
            what,
        };
        self.log.push(change.clone());
        self.coming.push_back(ServerFrame::Changed { change });
    }

    /// The server reads one frame.
    fn answers(&mut self) {
        let answer = match self.asked.pop_front() {
            Some(ClientFrame::Page { before: Some(before), limit, .. }) => {
                self.pages += 1;
                let all: Vec<Entry> = self.fold().into_iter().filter(|entry| entry.seq < before).collect();
                let cut = all.len().saturating_sub(self.most.min(limit.into()));
                let from = if cut == 0 { seq(1) } else { all[cut].seq };
                let entries = List::first(all[cut..].to_vec());
                let (conversation, before, as_of) = (id(), Some(before), self.head());
                ServerFrame::Page { conversation, before, from, as_of, entries }
            }
            Some(ClientFrame::Read { seq, .. }) => {
                let unread = self.fold().iter().filter(|entry| entry.seq > seq).count();
                let (conversation, as_of) = (id(), self.head());
                ServerFrame::Read {
                    conversation,
                    seq,
                    unread: u32::try_from(unread).unwrap(),
                    mentions: 0,
                    as_of,
                }
            }
            _ => return,
        };
        self.answered.push_back(answer);
    }

    /// The next change arrives at the client.
    fn change_arrives(&mut self) {
        if let Some(frame) = self.coming.pop_front() {
            self.tell(Input::Received(self.socket, Box::new(frame)));
        }
    }

    /// The next answer does.
    fn answer_arrives(&mut self) {
        if let Some(frame) = self.answered.pop_front() {
            self.tell(Input::Received(self.socket, Box::new(frame)));
        }
    }

    /// Until nothing is on its way.
    fn settle(&mut self) {
        while !(self.asked.is_empty() && self.coming.is_empty() && self.answered.is_empty()) {
            self.answers();
            self.change_arrives();
            self.answer_arrives();
        }
    }

    fn go_to(&mut self, place: u64) {
        self.tell(Input::GoTo(HERE, id(), seq(place)));
    }

    fn extend(&mut self, end: End) {
        self.tell(Input::Extend(HERE, end));
    }

    fn live(&self) -> &Timeline {
        self.client.room(id()).unwrap().timeline()
    }

    fn shown(&self) -> &Timeline {
        self.client.room(id()).unwrap().shown(HERE)
    }

    /// The first and the last place that is shown.
    fn range(&self) -> (u64, u64) {
        (self.shown().floor().get(), self.shown().cursor().get())
    }

    fn has_window(&self) -> bool {
        self.client.room(id()).unwrap().window(HERE).is_some()
    }

    fn head(&self) -> Seq {
        self.log.last().map_or(Seq::ZERO, |last| last.seq)
    }

    /// All entries, with all changes folded in.
    fn fold(&self) -> Vec<Entry> {
        let mut timeline = Timeline::starting_at(Seq::ZERO);
        for change in &self.log {
            timeline.apply(change.clone());
        }
        timeline.entries().map(|entry| (**entry).clone()).collect()
    }

    /// What is shown and what is live are what the log says of these places.
    fn shows_the_log(&self) {
        let fold = self.fold();
        for timeline in [self.shown(), self.live()] {
            let held: Vec<Entry> = timeline.entries().map(|entry| (**entry).clone()).collect();
            let expected: Vec<Entry> =
                fold.iter().filter(|entry| timeline.holds(entry.seq)).cloned().collect();
            assert_eq!(held, expected, "from {} to {}", timeline.floor(), timeline.cursor());
        }
    }

    fn summary(&self) -> Summary {
        Summary {
            id: id(),
            kind: Kind::Channel,
            title: Some("Lobby".try_into().unwrap()),
            sound: None,
            with: None,
            members: 2,
            made_at: Timestamp(0),
            head: self.head(),
            read: self.head(),
            unread: 0,
            mentions: 0,
            last: None,
            since: self.head(),
        }
    }
}

fn id() -> ConversationId {
    1.try_into().unwrap()
}

fn user(number: u64) -> UserId {
    number.try_into().unwrap()
}

fn seq(number: u64) -> Seq {
    number.try_into().unwrap()
}

fn person(number: u64) -> Person {
    let name = format!("user{number}");
    let (id, name, display) =
        (user(number), name.as_str().try_into().unwrap(), name.as_str().try_into().unwrap());
    Person { id, name, display, sound: None, role: ServerRole::Member }
}

fn said() -> What {
    What::said("hi".try_into().unwrap())
}

fn edited(target: u64, to: &str) -> What {
    What::Edited { target: seq(target), body: to.try_into().unwrap() }
}

fn body_at(timeline: &Timeline, place: u64) -> String {
    timeline.get(seq(place)).unwrap().message().unwrap().body.to_string()
}

#[test]
fn going_far_back_shows_the_place_and_what_stands_around_it() {
    let mut town = Town::with(10_000);
    let pages = town.pages;
    town.go_to(400);
    assert_eq!(town.range(), (9_951, 10_000), "until it is there, what was shown stays");
    town.settle();
    assert_eq!((town.range(), town.pages), ((375, 424), pages + 1));
    town.extend(End::Older);
    town.settle();
    town.extend(End::Newer);
    town.settle();
    assert_eq!((town.range(), town.pages), ((325, 474), pages + 3));
    assert_eq!(town.live().floor(), seq(9_951), "nothing else was loaded");
    town.shows_the_log();
    town.tell(Input::LeaveWindow(HERE, id()));
    assert_eq!(town.range(), (9_951, 10_000));
}

#[test]
fn what_is_here_already_needs_no_window() {
    let mut town = Town::with(100);
    town.go_to(60);
    assert!(!town.has_window() && town.asked.is_empty());
    town.go_to(20);
    town.settle();
    town.go_to(12);
    assert!(town.asked.is_empty(), "another place of the same window");
}

#[test]
fn a_window_that_meets_the_live_timeline_becomes_part_of_it() {
    let mut town = Town::with(200);
    town.go_to(70);
    town.settle();
    assert_eq!(town.range(), (45, 94));
    town.extend(End::Newer);
    town.settle();
    assert!(town.has_window());
    town.extend(End::Newer);
    town.settle();
    assert!(!town.has_window(), "the gap is closed");
    assert_eq!(town.range(), (45, 200));
    town.shows_the_log();
}

#[test]
fn a_place_just_above_the_live_timeline_is_joined_at_once() {
    let mut town = Town::with(200);
    town.go_to(140);
    town.settle();
    assert!(!town.has_window());
    assert_eq!(town.range(), (115, 200));
}

#[test]
fn changes_that_cross_a_page_are_in_it_once() {
    let mut town = Town::with(1_000);
    town.go_to(100);
    // One that the server has when it answers, and that arrives after the answer; and one that overtakes it.
    town.happens(edited(100, "before the answer"));
    town.answers();
    town.answer_arrives();
    town.settle();
    town.go_to(700);
    town.answers();
    town.happens(edited(701, "after it"));
    town.change_arrives();
    town.answer_arrives();
    assert_eq!(body_at(town.shown(), 701), "after it");
    town.shows_the_log();
    town.go_to(100);
    town.settle();
    assert_eq!(body_at(town.shown(), 100), "before the answer");
    town.happens(edited(100, "while it is shown"));
    town.settle();
    assert_eq!(body_at(town.shown(), 100), "while it is shown");
    town.shows_the_log();
}

#[test]
fn a_place_that_does_not_fit_into_its_page_is_loaded_before_it_is_shown() {
    let mut town = Town::with(1_000);
    town.most = 7;
    town.go_to(300);
    town.settle();
    let (floor, cursor) = town.range();
    assert!(floor <= 300 && cursor == 324, "{floor} to {cursor}");
    // A page that does not reach back to where the window ends is asked for with fewer places.
    for _ in 0..20 {
        town.extend(End::Newer);
        town.settle();
        assert_eq!(town.range().0, floor);
    }
    assert!(town.range().1 >= 324 + 20 * 3, "{:?}", town.range());
    town.shows_the_log();
}

#[test]
fn places_that_show_nothing_do_not_hold_up_the_way_to_the_newest() {
    let mut town = Town::with(60);
    for _ in 0..3_000 {
        town.happens(edited(50, "again"));
    }
    for _ in 0..200 {
        town.happens(said());
    }
    town.reconnect(None);
    town.settle();
    town.go_to(20);
    town.settle();
    assert_eq!(town.range(), (1, 44));
    for _ in 0..3 {
        town.extend(End::Newer);
        town.settle();
    }
    assert!(town.range().1 > 3_060, "{:?}", town.range());
    assert!(town.pages < 20, "{} pages", town.pages);
    town.shows_the_log();
}

#[test]
fn a_window_is_bounded_and_lets_go_of_what_is_far() {
    let mut town = Town::with(5_000);
    town.go_to(2_500);
    town.settle();
    for _ in 0..40 {
        town.extend(End::Older);
        town.settle();
    }
    assert_eq!(town.range(), (475, 1_474));
    for _ in 0..10 {
        town.extend(End::Newer);
        town.settle();
    }
    assert_eq!(town.shown().len(), 1_000);
    town.shows_the_log();
}

#[test]
fn the_live_timeline_stays_small_and_whoever_reads_far_up_keeps_their_place() {
    let mut town = Town::with(3_000);
    for _ in 0..40 {
        town.tell(Input::LoadOlder(id()));
        town.settle();
    }
    assert_eq!(town.live().len(), 1_000, "further up there are windows");
    town.happens(said());
    town.settle();
    town.tell(Input::Detach(HERE, id(), seq(2_001)));
    assert_eq!(town.range(), (2_001, 2_500));
    for _ in 0..1_500 {
        town.happens(said());
    }
    town.settle();
    assert!(town.live().len() <= 2_000, "{}", town.live().len());
    assert_eq!(town.range(), (2_001, 2_500), "what is read stays");
    assert_eq!(town.client.room(id()).unwrap().unread(), 1_000, "all that counted still counts");
    town.extend(End::Older);
    town.settle();
    assert_eq!(town.range().0, 1_951);
    let pages = town.pages;
    for _ in 0..60 {
        town.extend(End::Newer);
        town.settle();
        town.shows_the_log();
    }
    assert!(!town.has_window(), "it has come to the end");
    assert!(town.pages - pages < 40, "what is live is not asked for");
    assert_eq!(town.range().1, 4_501);
}

#[test]
fn unread_ones_are_counted_over_what_is_let_go_of() {
    let mut town = Town::with(100);
    for _ in 0..300 {
        town.happens(said());
    }
    town.settle();
    for _ in 0..2_000 {
        town.happens(edited(1, "again"));
        town.happens(What::Joined { user: user(3) });
    }
    town.settle();
    assert!(town.live().floor() > seq(400), "all of them were let go of");
    assert_eq!(town.client.room(id()).unwrap().unread(), 300);
    town.happens(What::Recalled { target: seq(200), was: Was::of(user(2)) });
    town.settle();
    assert_eq!(town.client.room(id()).unwrap().unread(), 299);
    town.tell(Input::MarkRead(id(), town.head()));
    assert_eq!(town.client.room(id()).unwrap().unread(), 0);
}

#[test]
fn a_connection_that_cannot_go_on_loads_the_window_anew() {
    let mut town = Town::with(3_000);
    town.go_to(500);
    town.settle();
    town.log.push(Change { seq: seq(3_001), what: edited(500, "missed"), ..town.log[0].clone() });
    town.reconnect(None);
    town.settle();
    assert_eq!(town.range(), (475, 524));
    assert_eq!(body_at(town.shown(), 500), "missed");
    town.shows_the_log();
}

#[test]
fn a_question_that_went_with_its_connection_is_asked_again() {
    let mut town = Town::with(3_000);
    town.go_to(500);
    let cursor = town.live().cursor();
    town.reconnect(Some(cursor));
    town.settle();
    assert_eq!(town.range(), (475, 524));
    town.extend(End::Older);
    town.reconnect(Some(cursor));
    town.settle();
    assert_eq!(town.range(), (425, 524));
}

#[test]
fn two_pages_stand_at_two_places() {
    let mut town = Town::with(3_000);
    town.go_to(500);
    town.tell(Input::GoTo(ELSEWHERE, id(), seq(900)));
    town.tell(Input::LoadOlder(id()));
    town.settle();
    assert_eq!(town.range(), (475, 524));
    let room = town.client.room(id()).unwrap();
    assert_eq!((room.shown(ELSEWHERE).floor(), room.shown(ELSEWHERE).cursor()), (seq(875), seq(924)));
    assert_eq!(room.timeline().floor(), seq(2_901), "and the live timeline grew as well");
}

#[test]
fn pages_that_end_without_a_word_leave_a_bounded_number_of_windows() {
    let mut town = Town::with(3_000);
    for viewer in 100..200 {
        town.tell(Input::GoTo(viewer, id(), seq(500)));
        town.settle();
    }
    let room = town.client.room(id()).unwrap();
    assert_eq!((100..200).filter(|viewer| room.window(*viewer).is_some()).count(), 16);
}

/// Whatever happens in whatever order, what is shown is the log from one place to another.
#[test]
fn whatever_crosses_what_is_shown_is_the_log() {
    for seed in 1..=150 {
        let mut dice = Dice(seed);
        let mut town = Town::with(300 + dice.below(2_600));
        town.most = if dice.below(4) == 0 { 9 } else { 50 };
        for _ in 0..300 {
            any_step(&mut town, &mut dice);
        }
        town.settle();
        town.shows_the_log();
        let sizes = (town.shown().len(), town.live().len());
        assert!(sizes.0 <= 2_000 && sizes.1 <= 2_000, "seed {seed}: {sizes:?}");
        assert_eq!(town.live().cursor(), town.head(), "seed {seed}");
    }
}

fn any_step(town: &mut Town, dice: &mut Dice) {
    let head = town.head().get();
    match dice.below(20) {
        0..=2 => town.happens(said()),
        3..=5 => town.happens(edited(1 + dice.below(head), "changed")),
        6 => town.happens(What::Pinned { target: seq(1 + dice.below(head)), on: dice.below(2) == 0 }),
        7 => town.go_to(1 + dice.below(head)),
        8 | 9 => town.extend(End::Older),
        10 | 11 => town.extend(End::Newer),
        12 => town.tell(Input::LoadOlder(id())),
        13 if dice.below(8) == 0 => town.tell(Input::LeaveWindow(HERE, id())),
        13 if dice.below(8) == 0 => {
            let since = (dice.below(3) > 0).then(|| town.live().cursor());
            town.reconnect(since);
        }
        14 | 15 => town.answers(),
        16 => town.answer_arrives(),
        _ => town.change_arrives(),
    }
}

/// Numbers that look like chance: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
