//! What the client core makes of the moment: who types, and how far others have come.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use shared::client::{Client, Effect, Input, Now, Part, Timer};
use shared::frame::{ClientFrame, Deed, LEVEL, ServerFrame};
use shared::id::{ClientId, ConversationId, Epoch, Seq, Timestamp, UserId};
use shared::message::Post;
use shared::model::{Change, Kind, List, Person, Summary, What};
use shared::own::Setting;
use shared::permission::ServerRole;
use shared::receipt::{Mark, Reach};
use uuid::Uuid;

const ME: u64 = 1;
const LIN: u64 = 2;
const WEI: u64 = 3;

/// A client that is connected, and a clock.
struct Desk {
    client: Client,
    at: u64,
}

impl Desk {
    /// In a group of me and these others, where ten things have happened and been read.
    fn with(others: u32) -> Self {
        let mut desk = Self { client: Client::default(), at: 100_000 };
        desk.tell(Input::Start);
        desk.welcome(1, summary(others + 1, 10));
        desk
    }

    fn welcome(&mut self, socket: u32, summary: Summary) -> Vec<Effect> {
        self.tell(Input::Opened(socket));
        let frame = ServerFrame::Welcome {
            level: LEVEL,
            epoch: Epoch(Uuid::from_u128(1)),
            now: Timestamp(0),
            me: person(ME),
            conversations: List::first([summary]),
            people: List::default(),
        };
        self.tell(Input::Received(socket, Box::new(frame)))
    }

    fn tell(&mut self, input: Input) -> Vec<Effect> {
        self.client.step(Now { at: Timestamp(self.at), random: 7 }, input)
    }

    fn hear(&mut self, frame: ServerFrame) -> Vec<Effect> {
        self.tell(Input::Received(1, Box::new(frame)))
    }

    fn hear_posted(&mut self, place: u64, author: u64) -> Vec<Effect> {
        let what = What::Posted(Post::plain("hi".try_into().unwrap()));
        self.hear(ServerFrame::Changed { change: change(place, author, what) })
    }

    fn hear_typing(&mut self, who: u64) -> Vec<Effect> {
        self.hear(ServerFrame::Typing { conversation: group(), user: user(who) })
    }

    fn hear_marks(&mut self, all: bool, marks: &[(u64, u64, u64)]) -> Vec<Effect> {
        let marks = marks.iter().map(|(who, got, read)| mark(*who, *got, *read));
        self.hear(ServerFrame::Receipts { conversation: group(), all, marks: List::first(marks) })
    }

    fn typists(&self) -> Vec<u64> {
        self.client.typists(group(), Timestamp(self.at)).into_iter().map(UserId::get).collect()
    }

    fn reach(&self, place: u64) -> Reach {
        self.client.room(group()).unwrap().reach(seq(place))
    }

    fn types_after(&mut self, millis: u64) -> bool {
        self.at += millis;
        sent(&self.tell(Input::Type(group()))).contains(&ClientFrame::Typing { conversation: group() })
    }
}

fn group() -> ConversationId {
    7.try_into().unwrap()
}

fn user(number: u64) -> UserId {
    number.try_into().unwrap()
}

fn seq(number: u64) -> Seq {
    number.try_into().unwrap()
}

fn mark(who: u64, got: u64, read: u64) -> Mark {
    Mark { user: user(who), got: seq(got), read: seq(read) }
}

fn person(number: u64) -> Person {
    let name = format!("user{number}");
    let (id, role) = (user(number), ServerRole::Member);
    Person {
        id,
        name: name.as_str().try_into().unwrap(),
        display: name.as_str().try_into().unwrap(),
        sound: None,
        role,
    }
}

fn summary(members: u32, read: u64) -> Summary {
    Summary {
        id: group(),
        kind: Kind::Group,
        title: Some("climbers".try_into().unwrap()),
        sound: None,
        with: None,
        members,
        made_at: Timestamp(0),
        head: seq(10),
        read: seq(read),
        unread: u32::try_from(10 - read).unwrap(),
        mentions: 0,
        last: None,
        since: seq(10),
    }
}

fn change(place: u64, author: u64, what: What) -> Change {
    let client_id = Some(ClientId(Uuid::from_u128(place.into())));
    Change { conversation: group(), seq: seq(place), at: Timestamp(0), author: user(author), client_id, what }
}

fn sent(effects: &[Effect]) -> Vec<ClientFrame> {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send(frame) => Some(frame.clone()),
        _ => None,
    });
    sent.collect()
}

fn got(place: u64) -> ClientFrame {
    ClientFrame::Got { places: List::first([(group(), seq(place))]) }
}

#[test]
fn who_types_is_forgotten_six_seconds_later_without_a_further_word() {
    let mut desk = Desk::with(2);
    assert!(desk.hear_typing(LIN).contains(&Effect::Changed(Part::Typing(group()))));
    desk.at += 3_000;
    desk.hear_typing(WEI);
    assert_eq!(desk.typists(), [LIN, WEI]);
    desk.at += 2_999;
    assert_eq!(desk.typists(), [LIN, WEI]);
    desk.at += 1;
    assert_eq!(desk.typists(), [WEI]);
    desk.hear_typing(WEI);
    desk.at += 5_999;
    assert_eq!(desk.typists(), [WEI]);
    desk.at += 1;
    assert!(desk.typists().is_empty());
}

#[test]
fn a_clock_that_goes_back_shows_nobody_longer() {
    let mut desk = Desk::with(2);
    desk.hear_typing(LIN);
    desk.at -= 1;
    assert!(desk.typists().is_empty());
}

#[test]
fn what_somebody_says_ends_their_typing_and_nobody_elses() {
    let mut desk = Desk::with(2);
    desk.hear_typing(LIN);
    desk.hear_typing(WEI);
    assert!(desk.hear_posted(11, LIN).contains(&Effect::Changed(Part::Typing(group()))));
    assert_eq!(desk.typists(), [WEI]);
    desk.hear(ServerFrame::Changed { change: change(12, ME, What::Left { user: user(WEI) }) });
    assert!(desk.typists().is_empty());
}

#[test]
fn ones_own_typing_elsewhere_and_that_of_before_a_cut_are_not_shown() {
    let mut desk = Desk::with(2);
    desk.hear_typing(ME);
    assert!(desk.typists().is_empty());
    desk.hear_typing(LIN);
    desk.tell(Input::Lost(1, None));
    assert!(desk.typists().is_empty());
}

#[test]
fn typing_is_said_once_in_three_seconds_and_anew_after_a_message() {
    let mut desk = Desk::with(2);
    assert!(desk.types_after(0));
    assert!(!desk.types_after(1_000));
    assert!(!desk.types_after(1_999));
    assert!(desk.types_after(1));
    let deed = Deed::post(group(), "hi".try_into().unwrap());
    desk.tell(Input::Do(ClientId(Uuid::from_u128(1)), deed));
    assert!(desk.types_after(1));
    desk.tell(Input::Lost(1, None));
    assert!(!desk.types_after(9_000), "nobody is there to be told");
    assert!(!Desk::with(0).types_after(0), "these are one's own notes");
}

#[test]
fn a_message_reaches_what_the_last_of_the_others_has_reached() {
    let mut desk = Desk::with(2);
    assert_eq!(desk.reach(10), Reach::Sent);
    assert!(desk.hear_marks(true, &[(LIN, 10, 9)]).contains(&Effect::Changed(Part::Conversation(group()))));
    assert_eq!(desk.reach(9), Reach::Sent, "of one nothing is known");
    desk.hear_marks(false, &[(WEI, 10, 8)]);
    assert_eq!(
        [8, 9, 10, 11].map(|place| desk.reach(place)),
        [Reach::Read, Reach::Got, Reach::Got, Reach::Sent]
    );
}

#[test]
fn a_mark_never_moves_back_and_goes_with_its_person() {
    let mut desk = Desk::with(2);
    desk.hear_marks(true, &[(LIN, 10, 10), (WEI, 10, 10)]);
    assert!(desk.hear_marks(true, &[(LIN, 7, 7), (WEI, 10, 9)]).is_empty(), "older news are no news");
    assert_eq!(desk.reach(10), Reach::Read);
    desk.hear(ServerFrame::Changed { change: change(11, ME, What::Left { user: user(WEI) }) });
    let marks = |desk: &Desk| desk.client.room(group()).unwrap().marks().copied().collect::<Vec<_>>();
    assert_eq!(marks(&desk), [mark(LIN, 10, 10)]);
    desk.hear(ServerFrame::Changed { change: change(12, ME, What::Joined { user: user(WEI) }) });
    assert_eq!(desk.reach(10), Reach::Read, "who comes in has read what was there");
    desk.hear_marks(true, &[(LIN, 12, 12)]);
    assert_eq!(marks(&desk), [mark(LIN, 12, 12)], "the other one does not tell any more");
}

#[test]
fn what_came_is_told_a_second_later_and_once_but_not_what_was_read() {
    let mut desk = Desk::with(2);
    assert!(desk.hear_posted(11, LIN).contains(&Effect::Arm(Timer::Got, 1_000)));
    assert!(!desk.hear_posted(12, WEI).contains(&Effect::Arm(Timer::Got, 1_000)), "it runs already");
    assert_eq!(sent(&desk.tell(Input::Fired(Timer::Got))), [got(12)]);
    assert!(sent(&desk.tell(Input::Fired(Timer::Got))).is_empty());
    desk.hear_posted(13, LIN);
    desk.tell(Input::MarkRead(group(), seq(13)));
    assert!(sent(&desk.tell(Input::Fired(Timer::Got))).is_empty());
    assert!(!desk.hear_posted(14, ME).contains(&Effect::Arm(Timer::Got, 1_000)), "one's own are no news");
}

#[test]
fn what_is_unread_is_told_again_on_a_new_connection() {
    let mut desk = Desk::with(2);
    desk.hear_posted(11, LIN);
    assert_eq!(sent(&desk.tell(Input::Fired(Timer::Got))), [got(11)]);
    desk.tell(Input::Lost(1, None));
    desk.tell(Input::Wake);
    let row = Summary { head: seq(11), since: seq(11), unread: 1, ..summary(3, 10) };
    assert!(desk.welcome(2, row).contains(&Effect::Arm(Timer::Got, 1_000)));
    assert_eq!(sent(&desk.tell(Input::Fired(Timer::Got))), [got(11)]);
}

#[test]
fn a_large_group_has_no_receipts() {
    let mut desk = Desk::with(100);
    assert!(!desk.hear_posted(11, LIN).contains(&Effect::Arm(Timer::Got, 1_000)));
    desk.hear_marks(true, &[(LIN, 11, 11)]);
    assert_eq!(desk.reach(10), Reach::Sent);
}

#[test]
fn a_conversation_is_watched_once_and_again_after_another_or_a_cut() {
    let mut desk = Desk::with(2);
    let watch = ClientFrame::Watch { conversation: group() };
    assert!(sent(&desk.tell(Input::Watch(group()))).contains(&watch));
    assert!(!sent(&desk.tell(Input::Watch(group()))).contains(&watch));
    // Its row comes anew, as after a refresh.
    let row = ServerFrame::Conversation { summary: summary(3, 10) };
    assert!(sent(&desk.hear(row)).contains(&watch));
    desk.tell(Input::Lost(1, None));
    assert!(!sent(&desk.tell(Input::Watch(group()))).contains(&watch));
    desk.tell(Input::Wake);
    desk.welcome(2, summary(3, 10));
    assert!(sent(&desk.tell(Input::Watch(group()))).contains(&watch));
}

#[test]
fn whoever_turns_receipts_or_typing_off_sends_none_and_sees_none() {
    let mut desk = Desk::with(2);
    desk.hear_marks(true, &[(LIN, 10, 10), (WEI, 10, 10)]);
    desk.hear_typing(LIN);
    let reach = |desk: &Desk| desk.client.reach(group(), seq(10));
    assert_eq!(reach(&desk), Reach::Read);
    for (number, own) in [(1, Setting::receipts(false)), (2, Setting::typing(false))] {
        desk.tell(Input::Do(ClientId(Uuid::from_u128(number)), Deed::Keep { own }));
    }
    assert_eq!((reach(&desk), desk.client.marks(group()).count()), (Reach::Sent, 0));
    assert!(desk.typists().is_empty());
    assert!(!desk.types_after(9_000));
    assert!(!desk.hear_posted(11, LIN).contains(&Effect::Arm(Timer::Got, 1_000)));
}
