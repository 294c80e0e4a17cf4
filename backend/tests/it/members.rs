//! Bringing people in and taking them out: who may, and what everybody sees of it.

use shared::code::Code;
use shared::frame::{CONVERSATIONS, Deed, ServerFrame};
use shared::id::{ConversationId, UserId};
use shared::model::{Kind, What};

use crate::harness::socket::{Socket, new_id, says};
use crate::harness::{Server, lobby, seq, two_people};

fn add(conversation: ConversationId, user: UserId) -> Deed {
    Deed::Add { conversation, user }
}

fn remove(conversation: ConversationId, user: UserId) -> Deed {
    Deed::Remove { conversation, user }
}

#[tokio::test]
async fn whoever_is_brought_into_a_group_hears_of_it_at_once_and_sees_all_of_its_past() {
    let (server, mei, lin) = two_people().await;
    let wen = server.sign_up("wen").await;
    let (mut hers, mut his, mut newcomer) = (mei.connect().await, lin.connect().await, wen.connect().await);
    let group = hers.make_group(&[&lin]).await;
    hers.say(group, "before").await;
    // Any member may, not only who made it.
    assert_eq!(his.perform(new_id(), add(group, wen.id)).await, Ok((group, seq(3))));
    let row = newcomer.new_conversation().await;
    assert_eq!((row.id, row.kind, row.members, row.head, row.unread), (group, Kind::Group, 3, seq(3), 0));
    let (from, _, past) = newcomer.page(group, None, 50).await;
    assert!(from == seq(1) && says(&past[1].what, "before"));
    assert_eq!((past[2].author, &past[2].what), (lin.id, &What::Joined { user: wen.id }));
    assert_eq!(hers.sees(group, "before").await.seq, seq(2));
    let told = hers.change(group).await;
    assert_eq!((told.author, told.what), (lin.id, What::Joined { user: wen.id }));
    newcomer.say(group, "hello").await;
    hers.sees(group, "hello").await;
    assert_eq!(his.perform(new_id(), add(group, wen.id)).await, Ok((group, seq(4))), "is in it already");
    assert_eq!(hers.say(group, "and nothing in between").await, seq(5));
}

#[tokio::test]
async fn only_who_made_a_group_or_channel_takes_others_out() {
    let (server, mei, lin) = two_people().await;
    let wen = server.sign_up("wen").await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin, &wen]).await;
    for user in [wen.id, mei.id] {
        assert_eq!(his.perform(new_id(), remove(group, user)).await, Err(Code::NotAllowed));
    }
    let removed = hers.perform(new_id(), remove(group, wen.id)).await;
    assert_eq!(removed, Ok((group, seq(2))));
    let told = his.change(group).await;
    assert_eq!((told.author, told.what), (mei.id, What::Left { user: wen.id }));
    assert_eq!(hers.perform(new_id(), remove(group, wen.id)).await, removed, "has gone already");
    let row = lin.connect().await.list.into_iter().find(|row| row.id == group).unwrap();
    assert_eq!((row.members, row.head, row.unread), (2, seq(2), 0));

    let make = Deed::MakeChannel { title: "tea".try_into().unwrap() };
    let (channel, _) = hers.perform(new_id(), make).await.unwrap();
    his.perform(new_id(), Deed::Join { conversation: channel }).await.unwrap();
    assert_eq!(his.perform(new_id(), remove(channel, mei.id)).await, Err(Code::NotAllowed));
    assert_eq!(hers.perform(new_id(), remove(channel, lin.id)).await, Ok((channel, seq(3))));
    assert_eq!(his.perform(new_id(), Deed::Join { conversation: channel }).await, Ok((channel, seq(4))));
}

#[tokio::test]
async fn nobody_comes_or_goes_where_that_has_no_meaning() {
    let (server, mei, lin) = two_people().await;
    let wen = server.sign_up("wen").await;
    // She owns the server.
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let (direct, _) = hers.perform(new_id(), Deed::OpenDirect { with: lin.id }).await.unwrap();
    let make = Deed::MakeChannel { title: "tea".try_into().unwrap() };
    let (channel, _) = hers.perform(new_id(), make).await.unwrap();
    for deed in [
        Deed::Leave { conversation: lobby() },
        remove(lobby(), lin.id),
        remove(lobby(), mei.id),
        add(lobby(), wen.id),
        Deed::Leave { conversation: direct },
        remove(direct, lin.id),
        add(direct, wen.id),
        add(channel, wen.id),
    ] {
        assert_eq!(hers.perform(new_id(), deed.clone()).await, Err(Code::NotAllowed), "{deed:?}");
    }
    let group = hers.make_group(&[]).await;
    let nobody = 999_u64.try_into().unwrap();
    for deed in [add(group, nobody), remove(group, nobody), remove(group, wen.id)] {
        assert_eq!(hers.perform(new_id(), deed.clone()).await, Err(Code::NotFound), "{deed:?}");
    }
    // Strangers are not told that it is there.
    for deed in [add(group, lin.id), remove(group, mei.id), Deed::Leave { conversation: group }] {
        assert_eq!(his.perform(new_id(), deed.clone()).await, Err(Code::NotFound), "{deed:?}");
    }
    assert_eq!(hers.say(group, "nothing has happened").await, seq(2));
}

#[tokio::test]
async fn nobody_is_brought_into_more_conversations_than_a_welcome_names() {
    let (server, mei, lin) = two_people().await;
    server
        .database()
        .execute_batch(&format!(
            "WITH RECURSIVE n (id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM n WHERE id < {CONVERSATIONS})
             INSERT INTO conversations (id, kind, title, folded, made_at) SELECT id, 'channel', 'x', 'x', 1 FROM n;
             INSERT INTO members (conversation, user, joined_at) SELECT id, {}, 1 FROM conversations WHERE id > 1",
            lin.id
        ))
        .unwrap();
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[]).await;
    assert_eq!(hers.perform(new_id(), add(group, lin.id)).await, Err(Code::NotAllowed));
}

#[tokio::test]
async fn a_retry_gives_the_first_place_whatever_has_happened_since() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[]).await;
    let deeds =
        [(new_id(), add(group, lin.id)), (new_id(), remove(group, lin.id)), (new_id(), add(group, lin.id))];
    for (place, (id, deed)) in (2..).zip(deeds.clone()) {
        assert_eq!(hers.perform(id, deed).await, Ok((group, seq(place))));
    }
    let (said, leave) = (new_id(), new_id());
    let say = Deed::post(group, "bye".try_into().unwrap());
    assert_eq!(his.perform(said, say.clone()).await, Ok((group, seq(5))));
    for _ in 0..2 {
        assert_eq!(his.perform(leave, Deed::Leave { conversation: group }).await, Ok((group, seq(6))));
        assert_eq!(his.perform(said, say.clone()).await, Ok((group, seq(5))));
    }
    let again = Deed::Leave { conversation: group };
    assert_eq!(his.perform(new_id(), again).await, Err(Code::NotFound));
    for (place, (id, deed)) in (2..).zip(deeds) {
        assert_eq!(hers.perform(id, deed).await, Ok((group, seq(place))));
    }
    assert_eq!(hers.say(group, "nothing was done twice").await, seq(7));
}

#[tokio::test]
async fn whoever_comes_back_sees_what_was_said_meanwhile_and_finds_nothing_unread() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin]).await;
    his.new_conversation().await;
    hers.say(group, "before").await;
    hers.perform(new_id(), remove(group, lin.id)).await.unwrap();
    his.loses(group).await;
    hers.say(group, "meanwhile").await;
    hers.perform(new_id(), add(group, lin.id)).await.unwrap();
    let row = his.new_conversation().await;
    assert_eq!((row.head, row.since, row.unread, row.members), (seq(5), seq(5), 0, 2));
    let (_, _, entries) = his.page(group, None, 50).await;
    assert!(entries.len() == 5 && says(&entries[3].what, "meanwhile"));
    hers.say(group, "welcome back").await;
    his.sees(group, "welcome back").await;
    // A device that slept all the time goes on from where it was, past its own leaving and coming back.
    let mut phone = Socket::hello(&lin, hers.epoch, &[(group, seq(2))]).await;
    for place in 3..=6 {
        assert_eq!(phone.change(group).await.seq, seq(place));
    }
    assert!(!phone.so_far().await.iter().any(|frame| matches!(frame, ServerFrame::Gone { .. })));
}

#[tokio::test]
async fn the_maker_who_leaves_and_is_brought_back_has_still_made_it() {
    let (server, mei, lin) = two_people().await;
    let wen = server.sign_up("wen").await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let group = hers.make_group(&[&lin, &wen]).await;
    hers.perform(new_id(), Deed::Leave { conversation: group }).await.unwrap();
    assert_eq!(his.perform(new_id(), remove(group, wen.id)).await, Err(Code::NotAllowed));
    his.perform(new_id(), add(group, mei.id)).await.unwrap();
    assert_eq!(hers.perform(new_id(), remove(group, wen.id)).await, Ok((group, seq(4))));
}

#[tokio::test]
async fn who_made_a_conversation_before_that_was_noted_is_found_in_its_log() {
    let (server, mei, lin) = two_people().await;
    let group = lin.connect().await.make_group(&[&mei]).await;
    let folder = server.stop().await;
    let database = rusqlite::Connection::open(folder.path().join("magpie.db")).unwrap();
    database.execute_batch("UPDATE members SET role = 'member'").unwrap();
    database.execute_batch(include_str!("../../migrations/2_makers.sql")).unwrap();
    drop(database);
    let server = Server::on(folder, |_| {}).await;
    let (mut hers, mut his) = (mei.at(&server).connect().await, lin.at(&server).connect().await);
    assert_eq!(hers.perform(new_id(), remove(group, lin.id)).await, Err(Code::NotAllowed));
    assert_eq!(his.perform(new_id(), remove(group, mei.id)).await, Ok((group, seq(2))));
}
