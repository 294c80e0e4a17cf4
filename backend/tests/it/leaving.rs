//! Whoever is no longer in a conversation gets nothing more of it, on no path.

use backend::bus::Event;
use backend::store::NewChange;
use shared::frame::{ClientFrame, Deed, ServerFrame};
use shared::id::{ConversationId, Seq, UserId};
use shared::model::{Change, What};

use crate::harness::socket::{Socket, new_id};
use crate::harness::{Person, Server, lobby, seq, two_people};
use crate::strangers::refuses_all;

fn remove(conversation: ConversationId, user: UserId) -> Deed {
    Deed::Remove { conversation, user }
}

/// The changes of a conversation among these frames.
fn changes(frames: &[ServerFrame], conversation: ConversationId) -> Vec<&Change> {
    let changes = frames.iter().filter_map(|frame| match frame {
        ServerFrame::Changed { change } if change.conversation == conversation => Some(change),
        _ => None,
    });
    changes.collect()
}

/// Nothing came, and nothing comes: news that a first ping overtakes are there before the second one.
async fn hears_nothing(socket: &mut Socket) {
    for _ in 0..2 {
        let heard = socket.so_far().await;
        assert!(heard.is_empty(), "{heard:?}");
    }
}

#[tokio::test]
async fn whoever_is_removed_gets_that_on_each_device_and_nothing_after_it() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut phone, mut laptop) = (mei.connect().await, lin.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin]).await;
    phone.new_conversation().await;
    laptop.new_conversation().await;
    let said = hers.say(group, "still here").await;
    let (_, left) = hers.perform(new_id(), remove(group, lin.id)).await.unwrap();
    let later = hers.say(group, "now he is gone").await;
    hers.sees(group, "now he is gone").await;
    for mut socket in [phone, laptop] {
        let before = socket.loses(group).await;
        let [last_words, leaving] = changes(&before, group)[..] else { panic!("{before:?}") };
        assert_eq!((last_words.seq, leaving.seq, leaving.author), (said, left, mei.id));
        assert_eq!(leaving.what, What::Left { user: lin.id });
        hears_nothing(&mut socket).await;
        refuses_all(&mut socket, group).await;
        hears_nothing(&mut socket).await;
    }
    let reply = lin.ask("GET", &format!("/api/conversations/{group}/members")).await;
    assert_eq!(reply.refusal(), (404, "not_found".into()));
    for cursor in [said, left, later] {
        let mut back = Socket::hello(&lin, hers.epoch, &[(group, cursor)]).await;
        assert!(back.list.iter().all(|row| row.id == lobby()));
        hears_nothing(&mut back).await;
    }
}

#[tokio::test]
async fn whoever_leaves_is_seen_to_and_is_out_on_all_their_devices() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut phone, mut laptop) = (mei.connect().await, lin.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin]).await;
    phone.new_conversation().await;
    laptop.new_conversation().await;
    let id = new_id();
    let (_, left) = phone.perform(id, Deed::Leave { conversation: group }).await.unwrap();
    let seen = hers.change(group).await;
    assert_eq!((seen.seq, seen.author, seen.client_id), (left, lin.id, Some(id)));
    assert_eq!(seen.what, What::Left { user: lin.id });
    hers.say(group, "he left").await;
    for mut socket in [phone, laptop] {
        let before = socket.loses(group).await;
        assert_eq!(changes(&before, group), [&seen]);
        hears_nothing(&mut socket).await;
    }
    let row = mei.connect().await.list.into_iter().find(|row| row.id == group).unwrap();
    assert_eq!(row.members, 1);
}

/// Writes into the store past the actions, so that the bus is told what the test wants.
struct Unheard<'a> {
    server: &'a Server,
    author: UserId,
    group: ConversationId,
}

impl Unheard<'_> {
    fn by_the_maker(&self) -> NewChange {
        NewChange { author: self.author, client_id: new_id(), at: self.server.app.clock.now() }
    }

    async fn say(&self, text: &str) -> Change {
        let body = shared::text::Body::try_from(text).unwrap().into();
        self.server.app.store.post(self.by_the_maker(), self.group, body).await.unwrap().change.unwrap()
    }

    async fn remove(&self, user: UserId) -> Change {
        self.server.app.store.remove(self.by_the_maker(), self.group, user).await.unwrap().change.unwrap()
    }

    async fn add(&self, user: UserId) -> Change {
        self.server.app.store.add(self.by_the_maker(), self.group, user).await.unwrap().change.unwrap()
    }

    async fn tell(&self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            self.server.app.bus.publish(Event::Changed(change)).await;
        }
    }

    async fn tell_members(&self, users: &[&Person]) {
        let users = users.iter().map(|person| person.id).collect();
        self.server.app.bus.publish(Event::MembersChanged { conversation: self.group, users }).await;
    }
}

/// A group of two with a socket each, to be told of what happens there by hand.
async fn unheard<'a>(server: &'a Server, mei: &Person, lin: &Person) -> (Unheard<'a>, Socket, Socket) {
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[lin]).await;
    his.new_conversation().await;
    (Unheard { server, author: mei.id, group }, hers, his)
}

#[tokio::test]
async fn a_lost_word_about_who_is_in_it_lets_nothing_through() {
    let (server, mei, lin) = two_people().await;
    let (group, mut hers, mut his) = unheard(&server, &mei, &lin).await;
    let left = group.remove(lin.id).await;
    let after = [group.say("one").await, group.say("two").await];
    group.tell([left.clone()].into_iter().chain(after)).await;
    hers.sees(group.group, "two").await;
    assert_eq!(changes(&his.loses(group.group).await, group.group), [&left]);
    hears_nothing(&mut his).await;
}

#[tokio::test]
async fn a_leaving_that_nobody_tells_of_is_found_in_the_store_before_anything_after_it() {
    let (server, mei, lin) = two_people().await;
    let (group, mut hers, mut his) = unheard(&server, &mei, &lin).await;
    let left = group.remove(lin.id).await;
    let after = group.say("after").await;
    group.tell([after]).await;
    hers.sees(group.group, "after").await;
    assert_eq!(changes(&his.loses(group.group).await, group.group), [&left]);
    hears_nothing(&mut his).await;
}

#[tokio::test]
async fn whoever_is_far_behind_still_gets_all_that_was_said_before_they_left() {
    let (server, mei, lin) = two_people().await;
    let (group, _hers, mut his) = unheard(&server, &mei, &lin).await;
    // More than one read of the store brings, and none of it told of.
    for number in 0..450 {
        group.say(&number.to_string()).await;
    }
    let left = group.remove(lin.id).await;
    group.say("after").await;
    group.tell_members(&[&lin]).await;
    let heard = his.loses(group.group).await;
    let places: Vec<u64> = changes(&heard, group.group).iter().map(|change| change.seq.get()).collect();
    assert_eq!(places, (2..=left.seq.get()).collect::<Vec<_>>());
    hears_nothing(&mut his).await;
}

#[tokio::test]
async fn whoever_is_back_before_they_hear_that_they_were_out_is_in() {
    let (server, mei, lin) = two_people().await;
    let (group, mut hers, mut his) = unheard(&server, &mei, &lin).await;
    let (left, meanwhile, back) =
        (group.remove(lin.id).await, group.say("meanwhile").await, group.add(lin.id).await);
    group.tell([left.clone(), meanwhile, back.clone()]).await;
    assert_eq!(changes(&his.loses(group.group).await, group.group), [&left]);
    let row = his.new_conversation().await;
    assert_eq!((row.id, row.since), (group.group, back.seq));
    hers.say(group.group, "hello again").await;
    his.sees(group.group, "hello again").await;
    // Told in time that he is in it, he never was out.
    let (left, back) = (group.remove(lin.id).await, group.add(lin.id).await);
    group.tell_members(&[&lin]).await;
    group.tell([left.clone(), back.clone()]).await;
    assert_eq!((his.change(group.group).await, his.change(group.group).await), (left, back));
    assert!(!his.so_far().await.contains(&ServerFrame::Gone { conversation: group.group }));
}

/// Says so many things into a conversation from a socket of its own.
async fn talk(person: &Person, conversation: ConversationId, times: usize) {
    let mut socket = person.connect().await;
    for number in 0..times {
        socket.say(conversation, &number.to_string()).await;
    }
}

/// Asks for everything there is over and over until it is refused; answers the last place that came.
async fn pry(person: &Person, conversation: ConversationId, epoch: Option<shared::id::Epoch>) -> Seq {
    let mut last = Seq::ZERO;
    loop {
        let mut socket = Socket::hello(person, epoch, &[(conversation, seq(1))]).await;
        for frame in [
            ClientFrame::CatchUp { conversation, after: seq(0) },
            ClientFrame::Page { conversation, before: None, limit: 100 },
        ] {
            socket.send(&frame).await;
        }
        let heard = socket.so_far().await;
        for frame in &heard {
            last = match frame {
                ServerFrame::Changed { change } if change.conversation == conversation => {
                    last.max(change.seq)
                }
                ServerFrame::Page { as_of, .. } => last.max(*as_of),
                _ => last,
            };
        }
        if heard.iter().any(|frame| matches!(frame, ServerFrame::Refused { conversation: Some(_), .. })) {
            return last;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_racing_messages_none_after_the_removal_gets_through() {
    for _ in 0..3 {
        let (server, mei, lin) = two_people().await;
        let wen = server.sign_up("wen").await;
        let (mut hers, mut one, mut two) = (mei.connect().await, lin.connect().await, lin.connect().await);
        let group = hers.make_group(&[&lin, &wen]).await;
        let removing = async {
            // In the middle of it.
            while hers.change(group).await.seq < seq(30) {}
            hers.perform(new_id(), remove(group, lin.id)).await.unwrap().1
        };
        let ((), (), (), (), left, pried) = tokio::join!(
            talk(&mei, group, 25),
            talk(&wen, group, 25),
            talk(&mei, group, 25),
            talk(&wen, group, 25),
            removing,
            pry(&lin, group, None),
        );
        assert!(pried <= left, "{pried} came after {left}");
        for socket in [&mut one, &mut two] {
            let heard = socket.loses(group).await;
            let places: Vec<u64> = changes(&heard, group).iter().map(|change| change.seq.get()).collect();
            assert_eq!(places, (2..=left.get()).collect::<Vec<_>>());
            hears_nothing(socket).await;
        }
        while hers.change(group).await.seq < seq(102) {}
    }
}
