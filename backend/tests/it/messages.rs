//! What people do with messages: answering, changing, taking back, reactions, pins, polls, chains, threads, forwarding.

use shared::client::{Input, Quote};
use shared::code::Code;
use shared::frame::{ClientFrame, Deed, ServerFrame};
use shared::id::{ConversationId, Seq};
use shared::message::{Card, Folded};
use shared::model::{Entry, What};

use crate::harness::device::Device;
use crate::harness::socket::{Socket, new_id};
use crate::harness::{lobby, seq, two_people};

/// In the Lobby of two people the first message has this place.
const FIRST: u64 = 3;

fn edit(target: u64, body: &str) -> Deed {
    Deed::Edit { conversation: lobby(), target: seq(target), body: body.try_into().unwrap() }
}

fn recall(target: u64) -> Deed {
    Deed::Recall { conversation: lobby(), target: seq(target) }
}

fn react(target: u64, emoji: &str, on: bool) -> Deed {
    Deed::React { conversation: lobby(), target: seq(target), emoji: emoji.try_into().unwrap(), on }
}

fn vote(target: u64, choices: &[u8]) -> Deed {
    let choices = choices.to_vec().try_into().unwrap();
    Deed::Vote { conversation: lobby(), target: seq(target), choices }
}

fn line(target: u64, text: &str) -> Deed {
    Deed::AddLine { conversation: lobby(), target: seq(target), text: text.try_into().unwrap() }
}

fn card(text: &str, card: Card) -> Deed {
    let body = text.try_into().unwrap();
    Deed::Post { conversation: lobby(), body, reply: None, thread: None, card: Some(card) }
}

fn poll(choices: &[&str], many: bool) -> Card {
    let choices: Vec<_> = choices.iter().map(|choice| (*choice).try_into().unwrap()).collect();
    Card::Poll { choices: choices.try_into().unwrap(), many }
}

async fn does(socket: &mut Socket, deed: Deed) -> Result<u64, Code> {
    socket.perform(new_id(), deed).await.map(|(_, seq)| seq.get())
}

async fn entries(socket: &mut Socket, conversation: ConversationId, places: &[u64]) -> Vec<Entry> {
    let seqs: Vec<Seq> = places.iter().map(|place| seq(*place)).collect();
    socket.send(&ClientFrame::Entries { conversation, seqs: seqs.try_into().unwrap() }).await;
    let entries = |frame: &ServerFrame| match frame {
        ServerFrame::Entries { entries, .. } => Some(entries.to_vec()),
        _ => None,
    };
    socket.wait_for(entries).await
}

/// The entry at a place, with all that was made of it.
async fn now(socket: &mut Socket, place: u64) -> (Entry, Folded) {
    let entry = entries(socket, lobby(), &[place]).await.remove(0);
    let more = entry.more.as_deref().cloned().unwrap_or_default();
    (entry, more)
}

#[tokio::test]
async fn an_edit_shows_at_once_and_in_pages_and_only_its_author_makes_it() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    hers.say(lobby(), "helo").await;
    assert_eq!(does(&mut his, edit(FIRST, "mine")).await, Err(Code::NotAllowed));
    assert_eq!(does(&mut hers, edit(FIRST, "hello")).await, Ok(4));
    his.sees(lobby(), "helo").await;
    let change = his.change(lobby()).await;
    assert!(matches!(change.what, What::Edited { target, .. } if target == seq(FIRST)));
    let page = his.page(lobby(), None, 100).await.2;
    let texts: Vec<_> = page.iter().filter_map(Entry::message).map(|post| post.body.as_str()).collect();
    assert_eq!(texts, ["hello"]);
    // The same once more is found done, at the head.
    assert_eq!(does(&mut hers, edit(FIRST, "hello")).await, Ok(4));
    assert_eq!(does(&mut hers, edit(1, "no message")).await, Err(Code::NotFound));
    assert_eq!(does(&mut hers, edit(99, "nowhere")).await, Err(Code::NotFound));
}

#[tokio::test]
async fn what_was_taken_back_is_gone_and_not_unread_any_more() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    hers.say(lobby(), "oops @林雯").await;
    hers.say(lobby(), "hello").await;
    assert_eq!((lin.connect().await.list[0].unread, lin.connect().await.list[0].mentions), (2, 1));
    assert_eq!(does(&mut his, recall(FIRST)).await, Err(Code::NotAllowed));
    let device = &mut Device::start(&lin).await;
    assert_eq!((device.room(lobby()).unread(), device.room(lobby()).mentions()), (2, 1));
    assert_eq!(does(&mut hers, recall(FIRST)).await, Ok(5));
    let row = lin.connect().await.list[0].clone();
    assert_eq!((row.unread, row.mentions), (1, 0));
    device.until(|client| client.room(lobby()).unwrap().timeline().cursor() == seq(5)).await;
    assert_eq!((device.room(lobby()).unread(), device.room(lobby()).mentions()), (1, 0));
    let (entry, more) = now(&mut his, FIRST).await;
    assert_eq!((entry.message(), more.recalled), (None, Some(mei.id)));
    assert!(!serde_json::to_string(&entry).unwrap().contains("oops"));
    assert_eq!(does(&mut hers, edit(FIRST, "again")).await, Err(Code::NotAllowed));
    assert_eq!(does(&mut his, react(FIRST, "👍", true)).await, Err(Code::NotAllowed));
    assert_eq!(does(&mut hers, recall(FIRST)).await, Ok(5), "found done");
}

#[tokio::test]
async fn reactions_of_two_people_at_once_both_stand() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    hers.say(lobby(), "hello").await;
    let (one, other) =
        tokio::join!(does(&mut hers, react(FIRST, "👍", true)), does(&mut his, react(FIRST, "👍", true)));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(does(&mut his, react(FIRST, "👍", true)).await, Ok(5), "found done");
    does(&mut his, react(FIRST, "🎉", true)).await.unwrap();
    let (_, more) = now(&mut hers, FIRST).await;
    let told: Vec<_> = more.reactions.iter().map(|one| (one.emoji.as_str(), one.users.len())).collect();
    assert_eq!(told, [("👍", 2), ("🎉", 1)]);
    does(&mut hers, react(FIRST, "👍", false)).await.unwrap();
    does(&mut his, react(FIRST, "👍", false)).await.unwrap();
    let (_, more) = now(&mut hers, FIRST).await;
    assert_eq!(more.reactions.len(), 1);
}

#[tokio::test]
async fn a_message_has_room_for_so_many_emoji_and_no_more() {
    let (_server, mei, _lin) = two_people().await;
    let mut hers = mei.connect().await;
    hers.say(lobby(), "hello").await;
    let emoji = |n: u32| char::from_u32(0x1f600 + n).unwrap().to_string();
    for n in 0..20 {
        does(&mut hers, react(FIRST, &emoji(n), true)).await.unwrap();
    }
    assert_eq!(does(&mut hers, react(FIRST, &emoji(20), true)).await, Err(Code::TooLarge));
}

#[tokio::test]
async fn a_poll_counts_each_person_once_and_refuses_what_it_does_not_offer() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    assert_eq!(does(&mut hers, card("alone?", poll(&["yes"], false))).await, Err(Code::TooShort));
    does(&mut hers, card("香山还是颐和园？", poll(&["香山", "颐和园"], false))).await.unwrap();
    for impossible in [&[2][..], &[0, 1], &[0, 0]] {
        assert_eq!(does(&mut his, vote(FIRST, impossible)).await, Err(Code::NotAllowed));
    }
    does(&mut his, vote(FIRST, &[0])).await.unwrap();
    does(&mut his, vote(FIRST, &[1])).await.unwrap();
    does(&mut hers, vote(FIRST, &[1])).await.unwrap();
    let (_, more) = now(&mut hers, FIRST).await;
    let told: Vec<_> = more.votes.iter().map(|(who, choices)| (*who, choices.to_vec())).collect();
    assert_eq!(told, [(lin.id, vec![1]), (mei.id, vec![1])]);
    let close = Deed::Close { conversation: lobby(), target: seq(FIRST) };
    assert_eq!(does(&mut his, close.clone()).await, Err(Code::NotAllowed));
    does(&mut hers, close).await.unwrap();
    assert_eq!(does(&mut his, vote(FIRST, &[0])).await, Err(Code::NotAllowed));
    assert_eq!(does(&mut hers, edit(FIRST, "another question")).await, Err(Code::NotAllowed));
}

#[tokio::test]
async fn everyone_adds_lines_to_a_chain_and_takes_out_their_own() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    does(&mut hers, card("接龙：周六爬山", Card::Chain)).await.unwrap();
    let first = does(&mut hers, line(FIRST, "梅")).await.unwrap();
    does(&mut his, line(FIRST, "林雯，两个人")).await.unwrap();
    let drop = |at: u64| Deed::DropLine { conversation: lobby(), target: seq(FIRST), line: seq(at) };
    assert_eq!(does(&mut his, drop(first)).await, Err(Code::NotAllowed));
    does(&mut hers, drop(first)).await.unwrap();
    does(&mut hers, line(FIRST, "梅 again")).await.unwrap();
    let (_, more) = now(&mut his, FIRST).await;
    let lines: Vec<_> = more.lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines, ["林雯，两个人", "梅 again"]);
    hers.say(lobby(), "no chain").await;
    assert_eq!(does(&mut his, line(FIRST + 5, "here?")).await, Err(Code::NotAllowed));
}

#[tokio::test]
async fn a_reply_quotes_what_is_there_and_a_thread_counts_its_replies() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    hers.say(lobby(), "first").await;
    let reply = |to: u64, thread: Option<u64>| Deed::Post {
        conversation: lobby(),
        body: "answer".try_into().unwrap(),
        reply: Some(seq(to)),
        thread: thread.map(seq),
        card: None,
    };
    for nothing in [1, 77] {
        assert_eq!(does(&mut his, reply(nothing, None)).await, Err(Code::NotFound));
    }
    assert_eq!(does(&mut his, reply(FIRST, Some(FIRST))).await, Ok(4));
    // A thread of a thread is that thread.
    assert_eq!(does(&mut hers, reply(4, Some(4))).await, Ok(5));
    let (_, more) = now(&mut his, FIRST).await;
    assert_eq!(more.thread.map(|thread| (thread.count, thread.last)), Some((2, seq(5))));
    assert_eq!(mei.connect().await.list[0].unread, 1, "a reply in a thread is unread like any other");
    does(&mut his, recall(4)).await.unwrap();
    let (_, more) = now(&mut his, FIRST).await;
    assert_eq!(more.thread.map(|thread| thread.count), Some(1));
}

#[tokio::test]
async fn a_client_asks_for_what_is_quoted_and_not_loaded() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    hers.say(lobby(), "long ago").await;
    for number in 0..60 {
        hers.say(lobby(), &number.to_string()).await;
    }
    let answer = Deed::Post {
        conversation: lobby(),
        body: "answer".try_into().unwrap(),
        reply: Some(seq(FIRST)),
        thread: None,
        card: None,
    };
    does(&mut hers, answer).await.unwrap();
    // With everything read, only the newest page is loaded.
    lin.connect().await.read_up_to(lobby(), seq(FIRST + 61)).await;
    let mut device = Device::start(&lin).await;
    device.tell(Input::Open(lobby())).await;
    device.until(|client| matches!(client.room(lobby()).unwrap().quote(seq(FIRST)), Quote::Here(_))).await;
    assert!(device.room(lobby()).timeline().get(seq(FIRST)).is_none(), "it is not in the timeline");
    does(&mut hers, edit(FIRST, "quite long ago")).await.unwrap();
    let says = |client: &shared::client::Client| match client.room(lobby()).unwrap().quote(seq(FIRST)) {
        Quote::Here(entry) => entry.message().unwrap().body.as_str() == "quite long ago",
        Quote::Nothing | Quote::Unknown => false,
    };
    device.until(says).await;
}

#[tokio::test]
async fn forwarded_words_keep_their_author_and_tell_nobody_else_where_they_stand() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[]).await;
    hers.say(group, "the plan").await;
    let forward = |from, to, target| Deed::Forward { conversation: to, from, target: seq(target) };
    assert_eq!(does(&mut his, forward(group, lobby(), 2)).await, Err(Code::NotFound));
    does(&mut hers, forward(group, lobby(), 2)).await.unwrap();
    let change = his.sees(lobby(), "the plan").await;
    let What::Posted(post) = &change.what else { panic!("{change:?}") };
    let forwarded = post.forwarded.clone().unwrap();
    assert_eq!((forwarded.author, forwarded.place), (mei.id, None));
    let (notes, _) = his.perform(new_id(), Deed::OpenDirect { with: lin.id }).await.unwrap();
    does(&mut his, forward(lobby(), notes, change.seq.get())).await.unwrap();
    let kept = entries(&mut his, notes, &[2]).await.remove(0);
    let forwarded = kept.message().unwrap().forwarded.clone().unwrap();
    assert_eq!((forwarded.author, forwarded.place), (mei.id, Some((lobby(), change.seq))));
}

#[tokio::test]
async fn names_call_people_and_words_call_everybody() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    hers.say(lobby(), "看@林雯在吗 and @mei").await;
    hers.say(lobby(), "@所有人 开会").await;
    hers.say(lobby(), "`@林雯` in code, mei@mei.example").await;
    let row = lin.connect().await.list[0].clone();
    assert_eq!((row.unread, row.mentions), (3, 2));
    assert_eq!(mei.connect().await.list[0].mentions, 0, "nobody calls themselves");
    his.read_up_to(lobby(), seq(FIRST)).await;
    assert_eq!(lin.connect().await.list[0].mentions, 1);
}

#[tokio::test]
async fn strangers_alter_nothing_and_see_nothing() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[]).await;
    hers.say(group, "secret").await;
    let emoji = "👍".try_into().unwrap();
    let deed = Deed::React { conversation: group, target: seq(2), emoji, on: true };
    assert_eq!(does(&mut his, deed).await, Err(Code::NotFound));
    let seqs = vec![seq(2)].try_into().unwrap();
    his.send(&ClientFrame::Entries { conversation: group, seqs }).await;
    assert_eq!(his.refused().await, Code::NotFound);
}
