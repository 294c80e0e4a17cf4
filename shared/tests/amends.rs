//! What a client makes of changes to messages: those that are here, on their way, only counted, or about to be changed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::sync::Arc;

use shared::client::{Client, Effect, Input, Now, Quote, Room};
use shared::code::Code;
use shared::frame::{ClientFrame, Deed, ServerFrame};
use shared::id::{ClientId, ConversationId, Epoch, Seq, Timestamp, UserId};
use shared::message::{Mentions, Was};
use shared::model::{Change, Entry, Kind, List, Person, Summary, UNREAD_COUNTED, What};
use shared::permission::ServerRole;
use shared::rows::{self, Content, Delivery, Message, View};
use uuid::Uuid;

const ME: u64 = 1;
const OTHER: u64 = 2;

/// A client that is welcomed to one conversation.
struct Desk {
    client: Client,
    socket: u32,
}

impl Desk {
    fn at(head: u64, read: u64, unread: u32, mentions: u32) -> Self {
        let mut desk = Self { client: Client::default(), socket: 0 };
        desk.tell(Input::Start);
        desk.tell(Input::Opened(desk.socket));
        let me = Person {
            id: user(ME),
            name: "me".try_into().unwrap(),
            display: "me".try_into().unwrap(),
            sound: None,
            role: ServerRole::Member,
        };
        let summary = Summary {
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
            mentions,
            last: None,
            since: seq(head),
        };
        desk.hear(ServerFrame::Welcome {
            level: 3,
            epoch: Epoch(Uuid::from_u128(1)),
            now: Timestamp(0),
            me,
            conversations: List::first([summary]),
            people: List::default(),
        });
        desk
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

    fn change(&mut self, number: u64, author: u64, what: What) {
        let change = Change {
            conversation: lobby(),
            seq: seq(number),
            at: Timestamp(number),
            author: user(author),
            client_id: None,
            what,
        };
        self.hear(ServerFrame::Changed { change });
    }

    fn page(&mut self, before: u64, as_of: u64, entries: Vec<Entry>) {
        self.hear(ServerFrame::Page {
            conversation: lobby(),
            before: Some(seq(before)),
            from: seq(1),
            as_of: seq(as_of),
            entries: entries.try_into().unwrap(),
        });
    }

    fn room(&self) -> &Room {
        self.client.room(lobby()).unwrap()
    }

    fn text_at(&self, number: u64) -> String {
        let entry = self.room().timeline().get(seq(number)).unwrap();
        entry.message().map(|post| post.body.to_string()).unwrap_or_default()
    }

    fn messages(&self) -> Vec<Message> {
        let view = View { me: user(ME), fresh_after: None, day_of: &|_| 0, source: &|_, _| None };
        let days = rows::days(self.room().timeline(), self.client.outbox().of(lobby()), &view);
        let rows = days.into_iter().flat_map(|day| day.rows);
        let messages = rows.filter_map(|row| match row.content {
            Content::Message(message) => Some(message),
            _ => None,
        });
        messages.collect()
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

fn said(text: &str) -> What {
    What::said(text.try_into().unwrap())
}

fn edited(target: u64, text: &str) -> What {
    What::Edited { target: seq(target), body: text.try_into().unwrap() }
}

fn recalled(target: u64, author: u64, calls: bool) -> What {
    let mentions = Mentions { users: List::default(), everybody: calls };
    let was = Was { author: user(author), thread: None, mentions };
    What::Recalled { target: seq(target), was }
}

fn entry(number: u64, author: u64, what: What) -> Entry {
    let author = user(author);
    Entry { seq: seq(number), at: Timestamp(number), author, client_id: None, what, more: None }
}

fn deed(number: u128, deed: Deed) -> Input {
    Input::Do(ClientId(Uuid::from_u128(number)), deed)
}

#[test]
fn a_page_that_was_read_before_a_change_arrives_after_it_and_shows_it() {
    let mut desk = Desk::at(3, 3, 0, 0);
    desk.tell(Input::Open(lobby()));
    desk.change(4, OTHER, edited(2, "new"));
    desk.change(5, OTHER, recalled(3, OTHER, false));
    // As of 4 the page holds the first of the two already, and not the second.
    let mut first = entry(2, OTHER, said("old"));
    first.foresee(edited(2, "new"), user(OTHER), Timestamp(4), lobby());
    first.more.as_mut().unwrap().as_of = seq(4);
    desk.page(4, 4, vec![first.clone(), entry(3, OTHER, said("gone"))]);
    assert_eq!((desk.text_at(2), desk.text_at(3)), ("new".to_owned(), String::new()));
    assert_eq!(**desk.room().timeline().get(seq(2)).unwrap(), first, "nothing is folded in twice");
}

#[test]
fn what_is_quoted_is_asked_for_once_and_follows_the_log() {
    let mut desk = Desk::at(50, 50, 0, 0);
    desk.tell(Input::Open(lobby()));
    // Of the older history nothing came; then somebody answers what stands there.
    desk.hear(ServerFrame::Page {
        conversation: lobby(),
        before: Some(seq(51)),
        from: seq(20),
        as_of: seq(50),
        entries: List::first((20..51).map(|number| entry(number, OTHER, said("hi")))),
    });
    let mut post = shared::message::Post::plain("answer".try_into().unwrap());
    post.reply = Some(seq(7));
    let answer = Change {
        conversation: lobby(),
        seq: seq(51),
        at: Timestamp(51),
        author: user(OTHER),
        client_id: None,
        what: What::Posted(post),
    };
    let effects = desk.hear(ServerFrame::Changed { change: answer });
    let asks = |effect: &&Effect| matches!(effect, Effect::Send(ClientFrame::Entries { .. }));
    assert_eq!(effects.iter().filter(asks).count(), 1);
    assert_eq!(desk.room().quote(seq(7)), Quote::Unknown);
    desk.change(52, OTHER, edited(7, "second"));
    desk.hear(ServerFrame::Entries {
        conversation: lobby(),
        as_of: seq(51),
        entries: List::first([entry(7, OTHER, said("first"))]),
    });
    desk.change(53, OTHER, edited(7, "third"));
    let Quote::Here(quoted) = desk.room().quote(seq(7)) else { panic!("it is here") };
    assert_eq!(quoted.message().unwrap().body.as_str(), "third");
}

#[test]
fn what_was_taken_back_counts_no_more_though_it_was_never_loaded() {
    let mut desk = Desk::at(10, 5, 4, 2);
    desk.change(11, OTHER, recalled(7, OTHER, true));
    assert_eq!((desk.room().unread(), desk.room().mentions()), (3, 1));
    desk.change(12, OTHER, recalled(8, OTHER, false));
    assert_eq!((desk.room().unread(), desk.room().mentions()), (2, 1));
    // Read before, and one's own: neither was counted.
    desk.change(13, OTHER, recalled(4, OTHER, true));
    desk.change(14, ME, recalled(9, ME, false));
    assert_eq!((desk.room().unread(), desk.room().mentions()), (2, 1));
}

#[test]
fn where_not_all_were_counted_the_server_is_asked_to_count_again() {
    let mut desk = Desk::at(5_000, 5, UNREAD_COUNTED, 0);
    let recalled = recalled(7, OTHER, false);
    let change = Change {
        conversation: lobby(),
        seq: seq(5_001),
        at: Timestamp(1),
        author: user(OTHER),
        client_id: None,
        what: recalled,
    };
    let effects = desk.hear(ServerFrame::Changed { change });
    let marker = ClientFrame::Read { conversation: lobby(), seq: seq(5) };
    assert!(effects.contains(&Effect::Send(marker)));
    let (conversation, mentions) = (lobby(), 0);
    desk.hear(ServerFrame::Read { conversation, seq: seq(5), unread: 999, mentions, as_of: seq(5_001) });
    assert_eq!(desk.room().unread(), 999);
}

#[test]
fn an_edit_shows_at_once_and_one_that_is_refused_waits_beside_what_the_log_says() {
    let mut desk = Desk::at(1, 1, 0, 0);
    desk.change(2, ME, said("helo"));
    let body = "hello".try_into().unwrap();
    desk.tell(deed(1, Deed::Edit { conversation: lobby(), target: seq(2), body }));
    let shown = |desk: &Desk| {
        let message = desk.messages().remove(0);
        (message.entry.message().unwrap().body.to_string(), message.amending.first().map(|(_, how)| *how))
    };
    assert_eq!(shown(&desk), ("hello".to_owned(), Some(Delivery::Waiting)));
    assert_eq!(desk.text_at(2), "helo", "the log does not say so yet");
    desk.hear(ServerFrame::Refused {
        client_id: Some(ClientId(Uuid::from_u128(1))),
        conversation: None,
        code: Code::NotAllowed,
        retry_after: None,
    });
    assert_eq!(shown(&desk), ("helo".to_owned(), Some(Delivery::Failed(Code::NotAllowed))));
    assert_eq!(desk.client.outbox().iter().count(), 1, "what was typed is kept");
}

#[test]
fn a_reaction_that_is_refused_is_forgotten() {
    let mut desk = Desk::at(1, 1, 0, 0);
    desk.change(2, OTHER, said("hello"));
    let emoji = "👍".try_into().unwrap();
    let react = Deed::React { conversation: lobby(), target: seq(2), emoji, on: true };
    desk.tell(deed(1, react));
    let has_reaction = |desk: &Desk| desk.messages()[0].entry.more.is_some();
    assert!(has_reaction(&desk));
    desk.hear(ServerFrame::Refused {
        client_id: Some(ClientId(Uuid::from_u128(1))),
        conversation: None,
        code: Code::TooLarge,
        retry_after: None,
    });
    assert!(!has_reaction(&desk));
    assert_eq!(desk.client.outbox().iter().count(), 0);
}

#[test]
fn a_deed_that_is_finished_is_known_again() {
    let mut desk = Desk::at(1, 1, 0, 0);
    desk.change(2, OTHER, said("hello"));
    let pin = Deed::Pin { conversation: lobby(), target: seq(2), on: true };
    desk.tell(deed(1, pin.clone()));
    desk.tell(Input::Stored(ClientId(Uuid::from_u128(1))));
    let client_id = ClientId(Uuid::from_u128(1));
    desk.hear(ServerFrame::Done { client_id, conversation: lobby(), seq: seq(3) });
    desk.hear(ServerFrame::Changed {
        change: Change {
            conversation: lobby(),
            seq: seq(3),
            at: Timestamp(3),
            author: user(ME),
            client_id: Some(client_id),
            what: What::Pinned { target: seq(2), on: true },
        },
    });
    assert_eq!(desk.client.outbox().iter().count(), 0);
    desk.tell(deed(1, pin));
    assert_eq!(desk.client.outbox().iter().count(), 0, "another page that says so does not do it twice");
    let entry: &Arc<Entry> = desk.room().timeline().get(seq(2)).unwrap();
    assert!(entry.more.as_ref().unwrap().pinned);
}
