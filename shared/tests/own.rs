//! What a client makes of its person's own state: drafts of two devices, settings, and messages for later.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use shared::client::{Client, Desk, Effect, Input, Now, Stored};
use shared::code::{Close, Code};
use shared::frame::{ClientFrame, Deed, LEVEL, ServerFrame};
use shared::id::{ClientId, ConversationId, Epoch, Seq, Timestamp};
use shared::model::{Change, Kind, List, Person, Summary, What};
use shared::outbox::State;
use shared::own::{Level, Own, Setting, Slot};
use shared::permission::ServerRole;
use uuid::Uuid;

/// One device, on its way to a server that the test plays.
struct Device {
    client: Client,
    socket: u32,
}

impl Device {
    fn welcomed() -> Self {
        let mut device = Self { client: Client::default(), socket: 0 };
        device.tell(Input::Start);
        device.connect(1);
        device.told(0, &[]);
        device
    }

    fn connect(&mut self, epoch: u128) -> Vec<Effect> {
        let mut effects = self.tell(Input::Opened(self.socket));
        effects.extend(self.hear(ServerFrame::Welcome {
            level: LEVEL,
            epoch: Epoch(Uuid::from_u128(epoch)),
            now: Timestamp(0),
            me: me(),
            conversations: List::first([summary()]),
            people: List::default(),
        }));
        effects
    }

    fn reconnect(&mut self, epoch: u128) -> Vec<Effect> {
        self.tell(Input::Lost(self.socket, Some(Close::Restarting)));
        self.tell(Input::Wake);
        self.connect(epoch)
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

    /// The server tells of these slots, up to this version.
    fn told(&mut self, version: u64, slots: &[(u64, Own)]) -> Vec<Effect> {
        let slots = slots.iter().map(|(version, own)| Slot { version: seq(*version), own: own.clone() });
        let slots = List::first(slots);
        self.hear(ServerFrame::Own { slots, version: seq(version), anew: false, more: false })
    }

    /// The person types and pauses; answers what went out, and over which version.
    fn types(&mut self, was: &str, text: &str) -> Vec<(String, u64)> {
        let (was, text) = (was.to_owned(), text.to_owned());
        drafts(&self.tell(Input::Draft { desk: desk(), was, text, reply: None }))
    }

    fn shows(&self) -> &str {
        self.client.draft(desk()).map_or("", |(text, _)| text)
    }

    fn perform(&mut self, number: u128, deed: Deed) -> Vec<Effect> {
        let mut effects = self.tell(Input::Do(id(number), deed));
        effects.extend(self.tell(Input::Stored(id(number))));
        effects
    }
}

fn desk() -> Desk {
    (lobby(), None)
}

fn me() -> Person {
    Person {
        id: 1.try_into().unwrap(),
        name: "linwen".try_into().unwrap(),
        display: "林雯".try_into().unwrap(),
        sound: None,
        role: ServerRole::Member,
    }
}

fn summary() -> Summary {
    Summary {
        id: lobby(),
        kind: Kind::Channel,
        title: Some("Lobby".try_into().unwrap()),
        sound: None,
        with: None,
        members: 2,
        made_at: Timestamp(0),
        head: seq(1),
        read: seq(1),
        unread: 0,
        mentions: 0,
        last: None,
        since: seq(1),
    }
}

fn lobby() -> ConversationId {
    1.try_into().unwrap()
}

fn seq(number: u64) -> Seq {
    number.try_into().unwrap()
}

fn id(number: u128) -> ClientId {
    ClientId(Uuid::from_u128(number))
}

fn draft(text: &str) -> Own {
    Own::Draft { conversation: lobby(), thread: None, text: text.try_into().unwrap(), reply: None }
}

fn drafts(effects: &[Effect]) -> Vec<(String, u64)> {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send(ClientFrame::Draft { text, base, .. }) => Some((text.to_string(), base.get())),
        _ => None,
    });
    sent.collect()
}

fn sent(text: &str, base: u64) -> Vec<(String, u64)> {
    vec![(text.to_owned(), base)]
}

fn schedule(due: u64) -> Deed {
    let body = "早".try_into().unwrap();
    let (reply, thread) = (None, None);
    Deed::Schedule { id: id(100), conversation: lobby(), body, reply, thread, due: Timestamp(due) }
}

#[test]
fn a_draft_goes_out_once_and_another_device_takes_it() {
    let (mut phone, mut laptop) = (Device::welcomed(), Device::welcomed());
    assert_eq!(phone.types("", "晚上"), sent("晚上", 0));
    assert_eq!(drafts(&phone.told(1, &[(1, draft("晚上"))])), []);
    laptop.told(1, &[(1, draft("晚上"))]);
    assert_eq!((laptop.shows(), laptop.client.draft_elsewhere(desk())), ("晚上", None));
    // It goes on there.
    assert_eq!(laptop.types("晚上", "晚上一起吃饭吗？"), sent("晚上一起吃饭吗？", 1));
}

#[test]
fn one_draft_is_in_flight_at_a_time_and_the_newest_follows() {
    let mut phone = Device::welcomed();
    assert_eq!(phone.types("", "a"), sent("a", 0));
    assert_eq!(phone.types("a", "ab"), []);
    assert_eq!(phone.types("ab", "abc"), []);
    assert_eq!(drafts(&phone.told(1, &[(1, draft("a"))])), sent("abc", 1));
    assert_eq!(phone.client.draft_elsewhere(desk()), None);
}

#[test]
fn when_both_devices_typed_the_text_here_stays_and_the_other_is_offered() {
    let mut phone = Device::welcomed();
    phone.types("", "from the phone");
    assert_eq!(drafts(&phone.told(1, &[(1, draft("from the desk"))])), []);
    assert_eq!(phone.shows(), "from the phone");
    assert_eq!(phone.client.draft_elsewhere(desk()), Some("from the desk"));
    assert_eq!(phone.types("from the phone", "from the phone too"), [], "not over the newer one");

    let mut takes = Device { client: phone.client.clone(), socket: phone.socket };
    takes.tell(Input::TakeDraft(desk()));
    assert_eq!((takes.shows(), takes.client.draft_elsewhere(desk())), ("from the desk", None));

    assert_eq!(drafts(&phone.tell(Input::KeepDraft(desk()))), sent("from the phone too", 1));
    assert_eq!(phone.client.draft_elsewhere(desk()), None);
}

#[test]
fn typing_over_something_that_was_not_seen_does_not_replace_it() {
    let mut phone = Device::welcomed();
    phone.told(1, &[(1, draft("old"))]);
    // An input method composes, so the field still shows "old" when the newer one comes.
    phone.told(2, &[(2, draft("newer, from the desk"))]);
    assert_eq!(phone.types("old", "old and more"), []);
    assert_eq!(phone.shows(), "old and more");
    assert_eq!(phone.client.draft_elsewhere(desk()), Some("newer, from the desk"));
}

#[test]
fn what_was_sent_as_a_message_does_not_come_back_as_a_draft() {
    let mut phone = Device::welcomed();
    assert_eq!(phone.types("", "hello"), sent("hello", 0));
    assert_eq!(phone.types("hello", ""), [], "sent as a message, while the draft is on its way");
    assert_eq!(drafts(&phone.told(1, &[(1, draft("hello"))])), sent("", 1));
    phone.told(2, &[(2, draft(""))]);
    assert_eq!(phone.shows(), "");
}

#[test]
fn a_draft_that_a_broken_connection_took_is_outrun_by_a_newer_version() {
    let mut phone = Device::welcomed();
    assert_eq!(phone.types("", "hello"), sent("hello", 0));
    phone.types("hello", "");
    // The server has not got it, or not yet: emptied once more, it comes too late.
    assert_eq!(drafts(&phone.reconnect(1)), [], "not before the server has told of everything");
    assert_eq!(drafts(&phone.told(0, &[])), sent("", 0));
    assert_eq!(drafts(&phone.told(1, &[(1, draft(""))])), []);

    // And if it had got it, that is no other device's.
    let mut phone = Device::welcomed();
    phone.types("", "hello");
    phone.types("hello", "hello world");
    phone.reconnect(1);
    assert_eq!(drafts(&phone.told(1, &[(1, draft("hello"))])), sent("hello world", 1));
    assert_eq!(phone.client.draft_elsewhere(desk()), None);
}

#[test]
fn a_draft_sent_elsewhere_is_gone_here_unless_somebody_typed_on() {
    let mut idle = Device::welcomed();
    idle.told(1, &[(1, draft("hello"))]);
    let mut busy = Device { client: idle.client.clone(), socket: idle.socket };
    idle.told(2, &[(2, draft(""))]);
    assert_eq!(idle.shows(), "");
    busy.types("hello", "hello there");
    assert_eq!(drafts(&busy.told(2, &[(2, draft(""))])), sent("hello there", 2));
    assert_eq!((busy.shows(), busy.client.draft_elsewhere(desk())), ("hello there", None));
}

#[test]
fn a_longer_text_than_a_message_stays_here() {
    let mut phone = Device::welcomed();
    let long = "字".repeat(4_001);
    assert_eq!(phone.types("", &long), []);
    assert_eq!(phone.shows(), long);
    assert_eq!(phone.types(&long, "shorter"), sent("shorter", 0));
}

#[test]
fn a_setting_shows_at_once_and_after_the_answer() {
    let mut phone = Device::welcomed();
    phone.perform(1, Deed::Keep { own: Setting::level(lobby(), Level::None) });
    assert_eq!(phone.client.level(lobby()), Level::None);
    let effects = phone.hear(ServerFrame::Kept { client_id: id(1), version: seq(1) });
    assert!(effects.contains(&Effect::Forget(id(1))) && effects.contains(&Effect::Kept(id(1))));
    assert_eq!(phone.client.level(lobby()), Level::None, "before the server told of it");
    phone.perform(2, Deed::Keep { own: Setting::level(lobby(), Level::All) });
    phone.hear(ServerFrame::Refused {
        client_id: Some(id(2)),
        conversation: None,
        code: Code::TooLarge,
        retry_after: None,
    });
    assert_eq!(phone.client.level(lobby()), Level::None, "refused: as it was");
}

#[test]
fn defaults_hold_until_somebody_says_otherwise() {
    let mut phone = Device::welcomed();
    let root = seq(7);
    assert!(phone.client.receipts() && phone.client.typing());
    assert_eq!(phone.client.follows(lobby(), root), None);
    let own = |setting: Setting| Own::from(setting);
    phone.told(
        3,
        &[
            (1, own(Setting::receipts(false))),
            (2, own(Setting::typing(false))),
            (3, own(Setting::follow(lobby(), root, false))),
        ],
    );
    assert!(!phone.client.receipts() && !phone.client.typing());
    assert_eq!(phone.client.follows(lobby(), root), Some(false));
}

#[test]
fn a_message_for_later_is_listed_before_the_server_has_it_and_its_text_survives_a_refusal() {
    let mut phone = Device::welcomed();
    phone.perform(1, schedule(5_000));
    let listed = phone.client.scheduled(lobby());
    assert_eq!(listed[0].deed, Some((id(1), State::Sending)));
    phone.hear(ServerFrame::Kept { client_id: id(1), version: seq(1) });
    let listed = phone.client.scheduled(lobby());
    assert_eq!((listed.len(), listed[0].deed, listed[0].message.due), (1, None, Timestamp(5_000)));
    // A change that comes too late is told, with its text.
    phone.perform(2, schedule(9_000));
    let (client_id, code) = (Some(id(2)), Code::TooLate);
    phone.hear(ServerFrame::Refused { client_id, conversation: None, code, retry_after: None });
    let listed = phone.client.scheduled(lobby());
    assert_eq!(listed[0].deed, Some((id(2), State::Failed { code })));
    phone.tell(Input::Discard(id(2)));
    phone.perform(3, Deed::Unschedule { id: id(100), conversation: lobby() });
    assert!(phone.client.scheduled(lobby()).is_empty(), "taken back, though nobody has answered");
}

#[test]
fn what_a_device_kept_is_there_without_a_network_and_goes_on_from_its_version() {
    let mut before = Device::welcomed();
    before.told(4, &[(3, draft("kept")), (4, Setting::level(lobby(), Level::Mentions).into())]);
    before.types("kept", "kept and more");
    let mine = serde_json::to_string(&before.client.kept_mine().unwrap()).unwrap();
    let stored = Stored {
        account: before.client.kept_account(),
        mine: serde_json::from_str(&mine).unwrap(),
        ..Stored::default()
    };
    let mut after = Device { client: Client::default(), socket: 0 };
    after.tell(Input::Restored(Box::new(stored)));
    assert_eq!((after.shows(), after.client.level(lobby())), ("kept and more", Level::Mentions));
    after.tell(Input::Start);
    let effects = after.tell(Input::Opened(after.socket));
    assert!(
        matches!(effects[..], [Effect::Send(ClientFrame::Hello { own: Some(own), .. }), ..] if own == seq(4))
    );
    after.connect(1);
    assert_eq!(drafts(&after.told(4, &[])), sent("kept and more", 3));
}

#[test]
fn another_incarnation_of_the_server_drops_what_it_said_and_keeps_what_was_typed() {
    let mut phone = Device::welcomed();
    phone.told(4, &[(4, Setting::receipts(false).into())]);
    phone.types("", "still here");
    phone.reconnect(2);
    assert_eq!((phone.client.receipts(), phone.shows()), (true, "still here"));
    assert_eq!(phone.client.mine().version(), Seq::ZERO);
    assert_eq!(drafts(&phone.told(0, &[])), sent("still here", 0));
}

#[test]
fn what_is_worth_a_notification_goes_by_the_level_of_the_conversation() {
    let mut phone = Device::welcomed();
    let mut number = 1;
    let mut comes = |phone: &mut Device, calls: bool| {
        number += 1;
        let mut post = shared::message::Post::plain("hi".try_into().unwrap());
        post.mentions.everybody = calls;
        let change = Change {
            conversation: lobby(),
            seq: seq(number),
            at: Timestamp(number),
            author: 2.try_into().unwrap(),
            client_id: None,
            what: What::Posted(post),
        };
        phone.hear(ServerFrame::Changed { change }).contains(&Effect::Notify(lobby(), seq(number)))
    };
    assert!(comes(&mut phone, false) && comes(&mut phone, true));
    phone.told(1, &[(1, Setting::level(lobby(), Level::Mentions).into())]);
    assert!(!comes(&mut phone, false) && comes(&mut phone, true));
    phone.told(2, &[(2, Setting::level(lobby(), Level::None).into())]);
    assert!(!comes(&mut phone, false) && !comes(&mut phone, true));
}

#[test]
fn replies_in_a_thread_are_told_of_by_who_follows_it() {
    let mut phone = Device::welcomed();
    let mut number = 1;
    let mut comes = |phone: &mut Device, author: u64| {
        number += 1;
        let thread = Some(seq(2)).filter(|_| number > 2);
        let post = shared::message::Post { thread, ..shared::message::Post::plain("hi".try_into().unwrap()) };
        let change = Change {
            conversation: lobby(),
            seq: seq(number),
            at: Timestamp(number),
            author: author.try_into().unwrap(),
            client_id: None,
            what: What::Posted(post),
        };
        phone.hear(ServerFrame::Changed { change }).contains(&Effect::Notify(lobby(), seq(number)))
    };
    let follow = |on| Setting::follow(lobby(), seq(2), on).into();
    assert!(comes(&mut phone, 2) && comes(&mut phone, 2), "all are told of");
    phone.told(1, &[(1, follow(false))]);
    assert!(!comes(&mut phone, 2), "left");
    phone.told(2, &[(2, Setting::level(lobby(), Level::Mentions).into())]);
    assert!(!comes(&mut phone, 2), "muted and left");
    phone.told(3, &[(3, follow(true))]);
    assert!(comes(&mut phone, 2), "muted, but followed");
    phone.told(4, &[(4, Setting::level(lobby(), Level::None).into())]);
    assert!(!comes(&mut phone, 2), "none means none");
}

#[test]
fn what_was_typed_survives_a_session_that_ran_out() {
    let mut before = Device::welcomed();
    before.told(4, &[(4, draft("old"))]);
    before.types("old", "old and new");
    let mine = before.client.kept_mine().unwrap();
    let mut after = Device { client: Client::default(), socket: 0 };
    after.tell(Input::Restored(Box::new(Stored { mine, ..Stored::default() })));
    assert_eq!((after.shows(), after.client.mine().version()), ("old and new", Seq::ZERO));
}
