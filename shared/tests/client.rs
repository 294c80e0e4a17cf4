//! What the client core does in the moments that matter to a person, one at a time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use shared::client::{Client, Effect, Input, Now, Part, Quote, Timer};
use shared::code::{Close, Code};
use shared::frame::{ClientFrame, Deed, LEVEL, ServerFrame};
use shared::id::{ClientId, ConversationId, Epoch, Seq, Timestamp, UserId};
use shared::link;
use shared::model::{Change, Entry, Kind, List, Person, Summary, What};
use shared::outbox::State;
use shared::permission::ServerRole;
use uuid::Uuid;

const ME: u64 = 1;
const ZHANG: u64 = 2;

struct Desk {
    client: Client,
    socket: u32,
}

impl Desk {
    /// Signed in, connected, and welcomed with the Lobby at `head`, read up to `read`, `unread` of it unread.
    fn welcomed(head: u64, read: u64, unread: u32) -> (Self, Vec<Effect>) {
        let mut desk = Self { client: Client::default(), socket: 0 };
        desk.tell(Input::Start);
        let effects = desk.connect(1, lobby_summary(head, read, unread, head));
        (desk, effects)
    }

    fn connect(&mut self, epoch: u128, summary: Summary) -> Vec<Effect> {
        self.tell(Input::Opened(self.socket));
        self.hear(ServerFrame::Welcome {
            level: LEVEL,
            epoch: Epoch(Uuid::from_u128(epoch)),
            now: Timestamp(0),
            me: person(ME),
            conversations: List::first([summary]),
            people: List::default(),
        })
    }

    fn reconnect(&mut self, epoch: u128, summary: Summary) -> Vec<Effect> {
        self.tell(Input::Lost(self.socket, Some(Close::Restarting)));
        self.tell(Input::Wake);
        self.connect(epoch, summary)
    }

    fn tell(&mut self, input: Input) -> Vec<Effect> {
        let effects = self.client.step(Now { at: Timestamp(1_000), random: 7 }, input);
        for effect in &effects {
            if let Effect::Connect(socket) = effect {
                self.socket = *socket;
            }
        }
        effects
    }

    fn hear(&mut self, frame: ServerFrame) -> Vec<Effect> {
        self.tell(Input::Received(self.socket, Box::new(frame)))
    }

    fn say(&mut self, number: u128, text: &str) -> Vec<Effect> {
        let deed = Deed::post(lobby(), text.try_into().unwrap());
        let mut effects = self.tell(Input::Do(id(number), deed));
        effects.extend(self.tell(Input::Stored(id(number))));
        effects
    }

    fn unread(&self) -> u32 {
        self.client.room(lobby()).unwrap().unread()
    }

    fn held(&self) -> Vec<u64> {
        self.client.room(lobby()).unwrap().timeline().entries().map(|entry| entry.seq.get()).collect()
    }
}

fn lobby() -> ConversationId {
    1.try_into().unwrap()
}

fn user(number: u64) -> UserId {
    number.try_into().unwrap()
}

fn seq(number: u64) -> Seq {
    number.try_into().unwrap()
}

fn id(number: u128) -> ClientId {
    ClientId(Uuid::from_u128(number))
}

fn person(number: u64) -> Person {
    let name = format!("user{number}");
    Person {
        id: user(number),
        name: name.as_str().try_into().unwrap(),
        display: name.as_str().try_into().unwrap(),
        sound: None,
        role: ServerRole::Member,
    }
}

fn lobby_summary(head: u64, read: u64, unread: u32, since: u64) -> Summary {
    Summary {
        id: lobby(),
        kind: Kind::Channel,
        title: Some("Lobby".try_into().unwrap()),
        sound: None,
        with: None,
        members: 2,
        made_at: Timestamp(0),
        head: seq(head),
        read: seq(read),
        unread,
        mentions: 0,
        last: None,
        since: seq(since),
    }
}

fn posted(number: u64, author: u64, client_id: Option<u128>) -> Change {
    Change {
        conversation: lobby(),
        seq: seq(number),
        at: Timestamp(number),
        author: user(author),
        client_id: client_id.map(id),
        what: What::said("hi".try_into().unwrap()),
    }
}

fn page(before: u64, from: u64) -> ServerFrame {
    let entries = (from..before).map(|n| Entry::of(posted(n, ZHANG, None)));
    ServerFrame::Page {
        conversation: lobby(),
        before: Some(seq(before)),
        from: seq(from),
        as_of: seq(before),
        entries: List::first(entries),
    }
}

fn sends(effects: &[Effect]) -> Vec<&ClientFrame> {
    let mut frames = Vec::new();
    for effect in effects {
        if let Effect::Send(frame) = effect {
            frames.push(frame);
        }
    }
    frames
}

#[test]
fn a_message_is_shown_and_kept_before_it_is_sent() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    let deed = Deed::post(lobby(), "你好".try_into().unwrap());
    let effects = desk.tell(Input::Do(id(1), deed));
    assert!(effects.contains(&Effect::Changed(Part::Conversation(lobby()))));
    assert!(matches!(&effects[0], Effect::Keep(pending) if pending.state == State::Writing));
    assert!(sends(&effects).is_empty(), "nothing leaves before it is stored");
    assert!(matches!(sends(&desk.tell(Input::Stored(id(1))))[..], [ClientFrame::Do { .. }]));
}

#[test]
fn a_message_stays_on_the_screen_between_its_answer_and_its_change() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.say(1, "你好");
    let effects = desk.hear(ServerFrame::Done { client_id: id(1), conversation: lobby(), seq: seq(4) });
    assert!(effects.contains(&Effect::Forget(id(1))));
    assert!(matches!(desk.client.outbox().get(id(1)).unwrap().state, State::Sent { .. }));
    desk.hear(ServerFrame::Changed { change: posted(4, ME, Some(1)) });
    assert!(desk.client.outbox().get(id(1)).is_none());
    assert_eq!(desk.held(), [4]);
}

#[test]
fn a_change_that_overtakes_its_answer_is_shown_once() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.say(1, "你好");
    let effects = desk.hear(ServerFrame::Changed { change: posted(4, ME, Some(1)) });
    assert!(effects.contains(&Effect::Done(id(1), lobby(), seq(4))));
    let late = desk.hear(ServerFrame::Done { client_id: id(1), conversation: lobby(), seq: seq(4) });
    assert!(!late.iter().any(|effect| matches!(effect, Effect::Done(..))), "told once");
    assert_eq!((desk.client.outbox().iter().count(), desk.held()), (0, vec![4]));
}

#[test]
fn somebody_elses_use_of_the_same_id_is_not_mine() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.say(1, "你好");
    desk.hear(ServerFrame::Changed { change: posted(4, ZHANG, Some(1)) });
    assert!(desk.client.outbox().get(id(1)).is_some());
}

#[test]
fn a_refused_message_stays_with_its_reason_and_a_busy_server_only_delays() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.say(1, "你好");
    let busy = ServerFrame::Refused {
        client_id: Some(id(1)),
        conversation: None,
        code: Code::Busy,
        retry_after: Some(300),
    };
    assert!(desk.hear(busy).contains(&Effect::Arm(Timer::Outbox, 300)));
    assert!(matches!(sends(&desk.tell(Input::Fired(Timer::Outbox)))[..], [ClientFrame::Do { .. }]));
    let refused = ServerFrame::Refused {
        client_id: Some(id(1)),
        conversation: None,
        code: Code::NotFound,
        retry_after: None,
    };
    assert!(desk.hear(refused).contains(&Effect::Refused(id(1), Code::NotFound)));
    let state = desk.client.outbox().get(id(1)).unwrap().state;
    assert_eq!(state, State::Failed { code: Code::NotFound });
}

#[test]
fn coming_back_names_the_cursors_and_keeps_what_goes_on() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.hear(ServerFrame::Changed { change: posted(4, ZHANG, None) });
    desk.tell(Input::Lost(desk.socket, None));
    desk.tell(Input::Wake);
    let effects = desk.tell(Input::Opened(desk.socket));
    let [ClientFrame::Hello { cursors, epoch, .. }] = sends(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((cursors.to_vec(), epoch.is_some()), (vec![(lobby(), seq(4))], true));
    desk.connect(1, lobby_summary(6, 3, 3, 4));
    assert_eq!(desk.held(), [4]);
}

#[test]
fn another_epoch_or_too_long_an_absence_starts_the_timeline_anew() {
    for (epoch, since) in [(2, 4), (1, 900)] {
        let (mut desk, _) = Desk::welcomed(3, 3, 0);
        desk.hear(ServerFrame::Changed { change: posted(4, ZHANG, None) });
        desk.tell(Input::Open(lobby()));
        desk.reconnect(epoch, lobby_summary(900, 3, 9, since));
        assert_eq!(desk.held(), [0; 0], "epoch {epoch}");
        assert_eq!(desk.client.room(lobby()).unwrap().timeline().cursor(), seq(since));
    }
}

#[test]
fn opening_loads_back_to_the_first_unread_message_and_no_further() {
    let (mut desk, _) = Desk::welcomed(300, 180, 120);
    let effects = desk.tell(Input::Open(lobby()));
    let asked = |effects: &[Effect]| {
        sends(effects).into_iter().find_map(|frame| match frame {
            ClientFrame::Page { before, .. } => before.map(Seq::get),
            _ => None,
        })
    };
    assert_eq!(asked(&effects), Some(301));
    assert_eq!(asked(&desk.hear(page(301, 251))), Some(251));
    assert_eq!(asked(&desk.hear(page(251, 201))), Some(201));
    assert_eq!(asked(&desk.hear(page(201, 151))), None, "seq 181 is there");
}

#[test]
fn single_messages_that_somebody_looks_at_are_asked_for_and_stay_true() {
    let (mut desk, _) = Desk::welcomed(300, 300, 0);
    desk.tell(Input::Open(lobby()));
    desk.hear(page(301, 251));
    let effects = desk.tell(Input::Quote(lobby(), vec![seq(7), seq(260)]));
    let seqs = List::first([seq(7)]);
    assert_eq!(sends(&effects), [&ClientFrame::Entries { conversation: lobby(), seqs }], "260 is here");
    let entries = List::first([Entry::of(posted(7, ZHANG, None))]);
    desk.hear(ServerFrame::Entries { conversation: lobby(), as_of: seq(300), entries });
    let what = What::Edited { target: seq(7), body: "mended".try_into().unwrap() };
    desk.hear(ServerFrame::Changed { change: Change { what, ..posted(301, ZHANG, None) } });
    let room = desk.client.room(lobby()).unwrap();
    let Quote::Here(entry) = room.quote(seq(7)) else { panic!("it is here") };
    assert_eq!(entry.message().map(|post| post.body.as_str()), Some("mended"));
}

#[test]
fn a_page_that_does_not_fit_is_not_asked_for_for_ever() {
    let (mut desk, _) = Desk::welcomed(300, 300, 0);
    desk.tell(Input::Open(lobby()));
    assert!(sends(&desk.hear(page(90, 80))).is_empty());
    assert_eq!(desk.held(), [0; 0]);
}

#[test]
fn unread_follows_the_log_and_the_marker() {
    let (mut desk, _) = Desk::welcomed(10, 8, 2);
    desk.hear(ServerFrame::Changed { change: posted(11, ZHANG, None) });
    desk.hear(ServerFrame::Changed { change: posted(12, ME, None) });
    assert_eq!(desk.unread(), 3, "one's own does not count");
    let effects = desk.tell(Input::MarkRead(lobby(), seq(11)));
    assert!(matches!(sends(&effects)[..], [ClientFrame::Read { .. }]));
    assert_eq!(desk.unread(), 0, "only one's own is left");
    desk.hear(ServerFrame::Changed { change: posted(13, ZHANG, None) });
    desk.hear(ServerFrame::Read {
        conversation: lobby(),
        seq: seq(11),
        unread: 0,
        mentions: 0,
        as_of: seq(12),
    });
    assert_eq!(desk.unread(), 1, "what came after the server counted");
    desk.hear(ServerFrame::Read {
        conversation: lobby(),
        seq: seq(9),
        unread: 7,
        mentions: 0,
        as_of: seq(12),
    });
    assert_eq!(desk.unread(), 1, "an older word does not move the marker back");
}

#[test]
fn a_count_from_before_the_row_does_not_take_its_place() {
    let (mut desk, _) = Desk::welcomed(100, 50, 50);
    let read = |unread, as_of| ServerFrame::Read {
        conversation: lobby(),
        seq: seq(50),
        unread,
        mentions: 0,
        as_of: seq(as_of),
    };
    desk.hear(read(48, 98));
    assert_eq!(desk.unread(), 50);
    desk.hear(ServerFrame::Changed { change: posted(101, ZHANG, None) });
    desk.hear(read(51, 101));
    assert_eq!(desk.unread(), 51);
}

#[test]
fn what_was_read_while_offline_is_told_when_back() {
    let (mut desk, _) = Desk::welcomed(10, 8, 2);
    desk.tell(Input::Lost(desk.socket, None));
    assert!(sends(&desk.tell(Input::MarkRead(lobby(), seq(10)))).is_empty());
    desk.tell(Input::Wake);
    let effects = desk.connect(1, lobby_summary(10, 8, 2, 10));
    let told = ClientFrame::Read { conversation: lobby(), seq: seq(10) };
    assert!(sends(&effects).contains(&&told));
    assert_eq!(desk.unread(), 0);
}

#[test]
fn a_hole_is_asked_about_once_and_mended() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    let effects = desk.hear(ServerFrame::Changed { change: posted(5, ME, None) });
    let ask = ClientFrame::CatchUp { conversation: lobby(), after: seq(3) };
    assert_eq!(sends(&effects), [&ask]);
    assert!(sends(&desk.hear(ServerFrame::Changed { change: posted(6, ME, None) })).is_empty());
    for number in 4..=6 {
        desk.hear(ServerFrame::Changed { change: posted(number, ME, None) });
    }
    assert_eq!(desk.held(), [4, 5, 6]);
}

#[test]
fn a_stranger_in_the_timeline_is_asked_for_once() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    let effects = desk.hear(ServerFrame::Changed { change: posted(4, ZHANG, None) });
    assert_eq!(sends(&effects), [&ClientFrame::People { ids: List::first([user(ZHANG)]) }]);
    assert!(sends(&desk.hear(ServerFrame::Changed { change: posted(5, ZHANG, None) })).is_empty());
    desk.hear(ServerFrame::People { people: List::first([person(ZHANG)]) });
    assert!(desk.client.person(user(ZHANG)).is_some());
}

#[test]
fn a_refused_question_is_asked_again_after_a_while_and_not_at_once() {
    let (mut desk, _) = Desk::welcomed(300, 300, 0);
    desk.tell(Input::Open(lobby()));
    desk.hear(ServerFrame::Changed { change: posted(302, ME, None) });
    let refused = ServerFrame::Refused {
        client_id: None,
        conversation: Some(lobby()),
        code: Code::Busy,
        retry_after: None,
    };
    let effects = desk.hear(refused);
    assert!(sends(&effects).is_empty() && effects.contains(&Effect::Arm(Timer::Questions, 1_000)));
    let again = desk.tell(Input::Fired(Timer::Questions));
    let [ClientFrame::CatchUp { .. }, ClientFrame::Page { .. }] = sends(&again)[..] else {
        panic!("{again:?}")
    };
}

#[test]
fn fast_scrolling_tells_one_marker_at_a_time_and_the_newest_in_the_end() {
    let (mut desk, _) = Desk::welcomed(10, 0, 10);
    let told = |effects: Vec<Effect>| match sends(&effects)[..] {
        [ClientFrame::Read { seq, .. }] => Some(seq.get()),
        _ => None,
    };
    for number in 11..=20 {
        desk.hear(ServerFrame::Changed { change: posted(number, ZHANG, None) });
    }
    assert_eq!(told(desk.tell(Input::MarkRead(lobby(), seq(11)))), Some(11));
    for number in 12..=18 {
        assert_eq!(told(desk.tell(Input::MarkRead(lobby(), seq(number)))), None);
    }
    let answer =
        ServerFrame::Read { conversation: lobby(), seq: seq(11), unread: 9, mentions: 0, as_of: seq(20) };
    assert_eq!(told(desk.hear(answer)), Some(18));
    assert_eq!(desk.unread(), 2);
}

#[test]
fn reading_the_last_message_reads_what_shows_no_row_too() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.hear(ServerFrame::Changed { change: posted(4, ZHANG, None) });
    desk.hear(ServerFrame::Changed { change: Change { what: What::Unknown, ..posted(5, ZHANG, None) } });
    desk.tell(Input::MarkRead(lobby(), seq(4)));
    assert_eq!(desk.client.room(lobby()).unwrap().read(), seq(5));
}

#[test]
fn what_an_older_backup_forgot_is_sent_to_it_again() {
    // Done at 58, cut before the change came, and the server came back from a backup with head 40.
    let (mut desk, _) = Desk::welcomed(57, 57, 0);
    desk.say(1, "你好");
    desk.hear(ServerFrame::Done { client_id: id(1), conversation: lobby(), seq: seq(58) });
    let effects = desk.reconnect(2, lobby_summary(40, 40, 0, 40));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Keep(pending) if pending.client_id == id(1)))
    );
    assert!(matches!(sends(&desk.tell(Input::Stored(id(1))))[..], [ClientFrame::Do { .. }]));
}

#[test]
fn what_was_meant_for_one_conversation_does_not_go_into_another_that_got_its_number() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.tell(Input::Lost(desk.socket, None));
    desk.say(1, "between us");
    desk.tell(Input::Wake);
    let other = Summary { made_at: Timestamp(77), ..lobby_summary(3, 3, 0, 3) };
    let effects = desk.connect(2, other);
    assert!(!sends(&effects).iter().any(|frame| matches!(frame, ClientFrame::Do { .. })), "{effects:?}");
    assert_eq!(desk.client.outbox().get(id(1)).unwrap().state, State::Failed { code: Code::NotFound });
}

#[test]
fn a_session_that_ran_out_keeps_what_waits_and_signing_out_does_not() {
    for (input, expected) in [(Input::Expired, Effect::Expired), (Input::SignOut, Effect::SignedOut)] {
        let (mut desk, _) = Desk::welcomed(3, 3, 0);
        desk.say(1, "later");
        let effects = desk.tell(input);
        assert!(effects.contains(&expected), "{effects:?}");
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Forget(_))));
        assert!(desk.tell(Input::Start).iter().any(|effect| matches!(effect, Effect::Connect(_))));
    }
}

#[test]
fn an_outdated_client_can_still_sign_out() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.tell(Input::Lost(desk.socket, Some(Close::Outdated)));
    assert!(desk.tell(Input::SignOut).contains(&Effect::SignedOut));
}

#[test]
fn words_of_an_earlier_socket_are_ignored() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    let old = desk.socket;
    desk.reconnect(1, lobby_summary(3, 3, 0, 3));
    desk.tell(Input::Lost(old, None));
    assert!(desk.client.link_state().is_live());
    let stray = ServerFrame::Changed { change: posted(4, ZHANG, None) };
    assert!(desk.tell(Input::Received(old, Box::new(stray))).is_empty());
}

#[test]
fn a_revoked_session_forgets_everything() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.say(1, "secret");
    let effects = desk.tell(Input::Lost(desk.socket, Some(Close::Revoked)));
    assert!(effects.contains(&Effect::SignedOut));
    assert_eq!(desk.client.link_state(), link::State::Stopped(link::Stop::SignedOut));
    assert!(desk.client.list().is_empty() && desk.client.outbox().iter().count() == 0);
}

#[test]
fn a_conversation_that_the_welcome_does_not_name_is_gone() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    let other = Summary { id: 9.try_into().unwrap(), ..lobby_summary(1, 0, 0, 1) };
    desk.reconnect(1, other);
    assert!(desk.client.room(lobby()).is_none());
}

#[test]
fn coming_and_going_moves_the_number_of_members_once() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    let members = |desk: &Desk| desk.client.room(lobby()).unwrap().summary().members;
    desk.hear(ServerFrame::Changed {
        change: Change { what: What::Joined { user: user(9) }, ..posted(4, ME, None) },
    });
    assert_eq!(members(&desk), 3);
    let effects = desk.hear(ServerFrame::Changed {
        change: Change { what: What::Left { user: user(9) }, ..posted(5, ME, None) },
    });
    assert_eq!((members(&desk), desk.unread()), (2, 0));
    assert!(effects.contains(&Effect::Changed(Part::List)));
    // Another device's welcome has told of it already; the change itself comes once more.
    desk.reconnect(1, Summary { members: 1, ..lobby_summary(6, 3, 0, 5) });
    desk.hear(ServerFrame::Changed {
        change: Change { what: What::Left { user: user(8) }, ..posted(6, ME, None) },
    });
    assert_eq!(members(&desk), 1);
}

#[test]
fn a_conversation_that_is_gone_takes_what_the_log_has_with_it_and_fails_what_waits() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.say(1, "in the log");
    desk.say(2, "too late");
    desk.hear(ServerFrame::Done { client_id: id(1), conversation: lobby(), seq: seq(5) });
    desk.hear(ServerFrame::Changed {
        change: Change { what: What::Left { user: user(ME) }, ..posted(4, ZHANG, None) },
    });
    assert!(desk.client.room(lobby()).is_some(), "the change alone is a line in the timeline");
    let effects = desk.hear(ServerFrame::Gone { conversation: lobby() });
    for part in [Part::List, Part::Conversation(lobby())] {
        assert!(effects.contains(&Effect::Changed(part)), "{effects:?}");
    }
    assert!(desk.client.room(lobby()).is_none() && desk.client.list().is_empty());
    assert!(desk.client.outbox().get(id(1)).is_none(), "nothing will come that shows it");
    let refused = ServerFrame::Refused {
        client_id: Some(id(2)),
        conversation: None,
        code: Code::NotFound,
        retry_after: None,
    };
    assert!(desk.hear(refused).contains(&Effect::Refused(id(2), Code::NotFound)));
    assert_eq!(desk.client.outbox().get(id(2)).unwrap().state, State::Failed { code: Code::NotFound });
    // Late words about it bring nothing back.
    assert!(desk.hear(ServerFrame::Gone { conversation: lobby() }).is_empty());
    desk.hear(ServerFrame::Changed { change: posted(6, ZHANG, None) });
    assert!(desk.client.room(lobby()).is_none());
}

#[test]
fn whoever_comes_back_begins_anew_where_the_server_says() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.hear(ServerFrame::Gone { conversation: lobby() });
    desk.hear(ServerFrame::Conversation { summary: lobby_summary(9, 9, 0, 9) });
    desk.hear(ServerFrame::Changed { change: posted(10, ZHANG, None) });
    assert_eq!((desk.held(), desk.unread()), (vec![10], 1));
}

#[test]
fn what_was_done_in_a_conversation_lost_while_offline_does_not_wait_for_ever() {
    let (mut desk, _) = Desk::welcomed(3, 3, 0);
    desk.say(1, "in the log");
    desk.hear(ServerFrame::Done { client_id: id(1), conversation: lobby(), seq: seq(4) });
    desk.reconnect(1, Summary { id: 9.try_into().unwrap(), ..lobby_summary(1, 0, 0, 1) });
    assert_eq!(desk.client.outbox().iter().count(), 0);
}
