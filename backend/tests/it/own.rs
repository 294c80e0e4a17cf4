//! What is one person's own reaches all their devices, and what they scheduled is posted once, whatever breaks.

use std::net::SocketAddr;

use backend::clock::{Clock as _, SystemClock};
use shared::code::Code;
use shared::frame::{ClientFrame, Deed, LEVEL, ServerFrame};
use shared::id::{ClientId, ConversationId, Epoch, Seq, Timestamp};
use shared::model::What;
use shared::own::{Level, Own, Scheduled, Setting, Slot, Stage};

use crate::harness::program::{magpie, starts};
use crate::harness::socket::{Socket, new_id};
use crate::harness::{Person, lobby, seq, sign_up, two_people};

/// A device of this person's that wants their own state from `own` on.
async fn device(person: &Person, epoch: Option<Epoch>, own: u64) -> Socket {
    let mut socket = Socket::open(person).await;
    let cursors = Vec::new().try_into().unwrap();
    socket.send(&ClientFrame::Hello { level: LEVEL, epoch, cursors, own: Some(seq(own)) }).await;
    let welcome = |frame: &ServerFrame| match frame {
        ServerFrame::Welcome { epoch, .. } => Some(*epoch),
        _ => None,
    };
    socket.epoch = Some(socket.wait_for(welcome).await);
    socket
}

/// The next word on this person's own state.
async fn told(socket: &mut Socket) -> (Vec<Slot>, u64, bool) {
    let own = |frame: &ServerFrame| match frame {
        ServerFrame::Own { slots, version, anew, .. } => Some((slots.to_vec(), version.get(), *anew)),
        _ => None,
    };
    socket.wait_for(own).await
}

/// Waits until a slot says what is wanted.
async fn sees(socket: &mut Socket, wanted: impl Fn(&Own) -> bool) -> u64 {
    loop {
        let (slots, ..) = told(socket).await;
        if let Some(slot) = slots.iter().find(|slot| wanted(&slot.own)) {
            return slot.version.get();
        }
    }
}

async fn sees_draft(socket: &mut Socket, wanted: &str) -> u64 {
    sees(socket, |own| matches!(own, Own::Draft { text, .. } if text.as_str() == wanted)).await
}

async fn types(socket: &mut Socket, text: &str, base: u64) {
    let (conversation, text, base) = (lobby(), text.try_into().unwrap(), seq(base));
    socket.send(&ClientFrame::Draft { conversation, thread: None, text, reply: None, base }).await;
}

async fn keep(socket: &mut Socket, id: ClientId, deed: Deed) -> Result<u64, Code> {
    socket.send(&ClientFrame::Do { client_id: id, deed }).await;
    socket
        .wait_for(|frame| match frame {
            ServerFrame::Kept { client_id, version } if *client_id == id => Some(Ok(version.get())),
            ServerFrame::Refused { client_id: Some(refused), code, .. } if *refused == id => Some(Err(*code)),
            _ => None,
        })
        .await
}

fn mute() -> Deed {
    Deed::Keep { own: Setting::level(lobby(), Level::Mentions) }
}

fn later(id: ClientId, conversation: ConversationId, text: &str, due: Timestamp) -> Deed {
    let (body, reply, thread) = (text.try_into().unwrap(), None, None);
    Deed::Schedule { id, conversation, body, reply, thread, due }
}

fn in_millis(millis: u64) -> Timestamp {
    SystemClock.now().after(millis)
}

#[tokio::test]
async fn what_one_device_sets_the_other_hears_and_a_third_is_told_when_it_comes() {
    let (_server, mei, lin) = two_people().await;
    let (mut phone, mut desk) = (device(&mei, None, 0).await, device(&mei, None, 0).await);
    assert_eq!(told(&mut phone).await, (vec![], 0, false), "also that there is nothing");
    assert_eq!(told(&mut desk).await, (vec![], 0, false));
    let id = new_id();
    assert_eq!(keep(&mut phone, id, mute()).await, Ok(1));
    let level = Slot { version: seq(1), own: Own::Level { conversation: lobby(), level: Level::Mentions } };
    for socket in [&mut phone, &mut desk] {
        assert_eq!(told(socket).await, (vec![level.clone()], 1, false));
    }
    assert_eq!(keep(&mut desk, id, mute()).await, Ok(1), "a retry gets the first answer");
    assert_eq!(told(&mut device(&mei, None, 0).await).await, (vec![level.clone()], 1, false));
    assert_eq!(told(&mut device(&mei, phone.epoch, 1).await).await, (vec![], 1, false));
    // A version of another time is no version.
    let of_a_backup = Some(Epoch(uuid::Uuid::from_u128(9)));
    assert_eq!(told(&mut device(&mei, of_a_backup, 1).await).await, (vec![level], 1, true));
    // Nobody else hears of it, and who did not ask is not told.
    assert_eq!(told(&mut device(&lin, None, 0).await).await, (vec![], 0, false));
    let mut old = mei.connect().await;
    keep(&mut phone, new_id(), mute()).await.unwrap();
    let frames = old.so_far().await;
    assert!(!frames.iter().any(|frame| matches!(frame, ServerFrame::Own { .. })), "{frames:?}");
}

#[tokio::test]
async fn a_draft_goes_on_at_the_other_device_and_an_older_one_does_not_come_over_it() {
    let (_server, mei, _) = two_people().await;
    let (mut phone, mut desk) = (device(&mei, None, 0).await, device(&mei, None, 0).await);
    types(&mut phone, "晚上", 0).await;
    let first = sees_draft(&mut desk, "晚上").await;
    types(&mut desk, "晚上一起吃饭吗？", first).await;
    sees_draft(&mut phone, "晚上一起吃饭吗？").await;
    types(&mut phone, "晚上不行", first).await;
    // The answer to one that comes too late is what is there.
    let (slots, ..) = told(&mut phone).await;
    assert!(slots.is_empty(), "the newer one went out before");
    let stored = told(&mut device(&mei, None, 0).await).await.0;
    assert!(matches!(&stored[0].own, Own::Draft { text, .. } if text.as_str() == "晚上一起吃饭吗？"));
    let nowhere = ClientFrame::Draft {
        conversation: 99.try_into().unwrap(),
        thread: None,
        text: "x".try_into().unwrap(),
        reply: None,
        base: Seq::ZERO,
    };
    phone.send(&nowhere).await;
    assert_eq!(phone.refused().await, Code::NotFound);
}

#[tokio::test]
async fn a_scheduled_message_is_posted_at_its_time_and_what_is_late_at_once() {
    let (server, mei, lin) = two_people().await;
    let (mut phone, mut other) = (device(&mei, None, 0).await, lin.connect().await);
    let (soon, late, changed, never) = (new_id(), new_id(), new_id(), new_id());
    let hour = 3_600_000;
    keep(&mut phone, new_id(), later(changed, lobby(), "tomorrow?", in_millis(hour))).await.unwrap();
    keep(&mut phone, new_id(), later(never, lobby(), "never", in_millis(hour))).await.unwrap();
    let due = in_millis(300);
    keep(&mut phone, new_id(), later(soon, lobby(), "soon", due)).await.unwrap();
    keep(&mut phone, new_id(), later(late, lobby(), "late", Timestamp(1))).await.unwrap();
    let said = other.sees(lobby(), "late").await;
    assert_eq!((said.author, said.client_id), (mei.id, Some(late)));
    let said = other.sees(lobby(), "soon").await;
    assert!(said.at >= due, "not before its time");
    // Another text, and now.
    keep(&mut phone, new_id(), later(changed, lobby(), "today!", Timestamp(0))).await.unwrap();
    other.sees(lobby(), "today!").await;
    keep(&mut phone, new_id(), Deed::Unschedule { id: never, conversation: lobby() }).await.unwrap();
    sees(&mut phone, |own| matches!(own, Own::Unscheduled { id } if *id == never)).await;
    let too_late = keep(&mut phone, new_id(), Deed::Unschedule { id: soon, conversation: lobby() }).await;
    assert_eq!(too_late, Err(Code::TooLate));
    assert_eq!(server.app.store.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn what_cannot_be_posted_any_more_waits_for_its_author() {
    let (server, mei, lin) = two_people().await;
    let mut owner = lin.connect().await;
    let group = owner.make_group(&[&mei]).await;
    let mut phone = device(&mei, None, 0).await;
    let id = new_id();
    keep(&mut phone, new_id(), later(id, group, "are you there?", in_millis(3_600_000))).await.unwrap();
    owner.perform(new_id(), Deed::Remove { conversation: group, user: mei.id }).await.unwrap();
    // Its time comes: nobody can change it to "now" any more, for it is nobody's conversation.
    let refused = keep(&mut phone, new_id(), later(id, group, "now", Timestamp(0))).await;
    assert_eq!(refused, Err(Code::NotFound));
    server.database().execute("UPDATE own SET due = 1 WHERE due IS NOT NULL", []).unwrap();
    server.app.scheduled.notify_one();
    let failed = Stage::Failed { code: Code::NotFound };
    sees(&mut phone, |own| matches!(own, Own::Scheduled(Scheduled { stage, .. }) if *stage == failed)).await;
    keep(&mut phone, new_id(), Deed::Unschedule { id, conversation: group }).await.unwrap();
}

/// Everything that the Lobby's log says, by its messages.
async fn said(person: &Person) -> Vec<String> {
    let (_, _, entries) = person.connect().await.page(lobby(), None, 100).await;
    let said = entries.into_iter().filter_map(|entry| match entry.what {
        What::Posted(post) => Some(post.body.to_string()),
        _ => None,
    });
    said.collect()
}

fn at(person: &Person, address: SocketAddr) -> Person {
    Person { address, ..person.clone() }
}

#[tokio::test]
async fn what_came_due_while_the_server_was_dead_is_posted_once_when_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, address) = starts(&mut magpie(folder.path())).await;
    let mei = sign_up(address, "mei").await;
    let mut phone = device(&mei, None, 0).await;
    let id = new_id();
    keep(&mut phone, new_id(), later(id, lobby(), "早，开工", in_millis(3_600_000))).await.unwrap();
    child.kill().await.unwrap();
    // An hour passes.
    let database = rusqlite::Connection::open(folder.path().join("magpie.db")).unwrap();
    assert_eq!(database.execute("UPDATE own SET due = 1 WHERE due IS NOT NULL", []).unwrap(), 1);
    drop(database);
    for _ in 0..2 {
        let (mut child, address) = starts(&mut magpie(folder.path())).await;
        let mei = at(&mei, address);
        let mut phone = device(&mei, None, 0).await;
        sees(&mut phone, |own| matches!(own, Own::Unscheduled { id: posted } if *posted == id)).await;
        assert_eq!(said(&mei).await, ["早，开工"]);
        child.kill().await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_died_between_posting_and_noting_it_posts_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, address) = starts(&mut magpie(folder.path())).await;
    let mei = sign_up(address, "mei").await;
    let mut phone = device(&mei, None, 0).await;
    let id = new_id();
    keep(&mut phone, new_id(), later(id, lobby(), "once", Timestamp(1))).await.unwrap();
    sees(&mut phone, |own| matches!(own, Own::Unscheduled { .. })).await;
    child.kill().await.unwrap();
    // As it is on the disk of a server that dies right after the message: claimed, and not settled.
    let database = rusqlite::Connection::open(folder.path().join("magpie.db")).unwrap();
    let claimed = Own::Scheduled(Scheduled {
        id,
        conversation: lobby(),
        body: "once".try_into().unwrap(),
        reply: None,
        thread: None,
        due: Timestamp(1),
        stage: Stage::Sending,
    });
    let claimed = serde_json::to_string(&claimed).unwrap();
    let sql = "UPDATE own SET empty = 0, due = 1, payload = ? WHERE slot LIKE 'scheduled:%'";
    assert_eq!(database.execute(sql, [claimed]).unwrap(), 1);
    drop(database);
    let (_child, address) = starts(&mut magpie(folder.path())).await;
    let mei = at(&mei, address);
    let mut phone = device(&mei, None, 0).await;
    sees(&mut phone, |own| matches!(own, Own::Unscheduled { .. })).await;
    assert_eq!(said(&mei).await, ["once"]);
}

#[tokio::test]
async fn whoever_writes_in_a_thread_follows_it_unless_they_left_it() {
    let (_server, mei, _) = two_people().await;
    let mut phone = device(&mei, None, 0).await;
    let root = phone.say(lobby(), "who comes on Saturday?").await;
    let answer = || Deed::Post {
        conversation: lobby(),
        body: "me".try_into().unwrap(),
        reply: None,
        thread: Some(root),
        card: None,
    };
    phone.perform(new_id(), answer()).await.unwrap();
    let follows = |on| move |own: &Own| *own == Own::Follow { conversation: lobby(), thread: root, on };
    sees(&mut phone, follows(true)).await;
    keep(&mut phone, new_id(), Deed::Keep { own: Setting::follow(lobby(), root, false) }).await.unwrap();
    phone.perform(new_id(), answer()).await.unwrap();
    let (stored, ..) = told(&mut device(&mei, None, 0).await).await;
    assert!(stored.iter().any(|slot| follows(false)(&slot.own)), "{stored:?}");
}
