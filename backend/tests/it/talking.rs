//! Two people talk: in the Lobby, in a group, directly.

use shared::code::Code;
use shared::frame::{CONVERSATIONS, Deed};
use shared::model::{Kind, What};

use crate::harness::socket::{Socket, new_id};
use crate::harness::{Server, conversation, lobby, seq, two_people};

#[tokio::test]
async fn what_one_says_in_the_lobby_the_other_sees_in_the_same_place() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let lobby_row = hers.list[0].clone();
    assert_eq!((lobby_row.id, lobby_row.kind, lobby_row.members), (lobby(), Kind::Channel, 2));
    assert_eq!(lobby_row.title.unwrap().as_str(), "大厅 Lobby");
    let said = hers.say(lobby(), "你好，世界 👩‍👩‍👧‍👦").await;
    let seen = his.sees(lobby(), "你好，世界 👩‍👩‍👧‍👦").await;
    assert_eq!((seen.seq, seen.author), (said, mei.id));
    assert_eq!(hers.sees(lobby(), "你好，世界 👩‍👩‍👧‍👦").await, seen);
}

#[tokio::test]
async fn whoever_signs_up_later_is_seen_to_join_the_lobby() {
    let server = Server::start().await;
    let mut hers = server.sign_up("mei").await.connect().await;
    let lin = server.sign_up("lin").await;
    assert_eq!(hers.change(lobby()).await.what, What::Joined { user: lin.id });
}

#[tokio::test]
async fn a_group_appears_with_those_who_were_chosen_and_with_nobody_else() {
    let (server, mei, lin) = two_people().await;
    let wen = server.sign_up("wen").await;
    let (mut hers, mut his, mut strange) = (mei.connect().await, lin.connect().await, wen.connect().await);
    let make = Deed::MakeGroup {
        title: "周五火锅 Hotpot".try_into().unwrap(),
        people: vec![lin.id].try_into().unwrap(),
    };
    let (group, first) = hers.perform(new_id(), make).await.unwrap();
    assert_eq!(first, seq(1));
    for summary in [hers.new_conversation().await, his.new_conversation().await] {
        assert_eq!((summary.id, summary.kind, summary.members), (group, Kind::Group, 2));
        assert_eq!(summary.since, summary.head);
    }
    his.say(group, "几点？").await;
    hers.sees(group, "几点？").await;
    let (_, _, entries) = hers.page(group, None, 10).await;
    assert_eq!(entries[0].what, What::Created { people: vec![mei.id, lin.id].try_into().unwrap() });
    assert!(strange.so_far().await.is_empty());
}

#[tokio::test]
async fn two_people_have_one_direct_conversation_whoever_opens_it() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let (direct, _) = hers.perform(new_id(), Deed::OpenDirect { with: lin.id }).await.unwrap();
    assert_eq!(hers.new_conversation().await.with, Some(lin.id));
    let summary = his.new_conversation().await;
    assert_eq!(
        (summary.id, summary.kind, summary.with, summary.title),
        (direct, Kind::Direct, Some(mei.id), None)
    );
    hers.say(direct, "secret").await;
    his.sees(direct, "secret").await;
    let again = his.perform(new_id(), Deed::OpenDirect { with: mei.id }).await.unwrap();
    assert_eq!(again, (direct, seq(2)));
    let (notes, _) = hers.perform(new_id(), Deed::OpenDirect { with: mei.id }).await.unwrap();
    assert_ne!(notes, direct);
    assert_eq!(hers.new_conversation().await.with, Some(mei.id));
    hers.say(notes, "buy tea").await;
    assert!(his.so_far().await.is_empty());
}

#[tokio::test]
async fn a_channel_can_be_joined_by_anyone_and_shows_all_of_its_past() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let make = Deed::MakeChannel { title: "tea".try_into().unwrap() };
    let (channel, _) = hers.perform(new_id(), make).await.unwrap();
    hers.say(channel, "anyone?").await;
    let joined = his.perform(new_id(), Deed::Join { conversation: channel }).await.unwrap();
    assert_eq!(joined, (channel, seq(3)));
    let summary = his.new_conversation().await;
    assert_eq!((summary.members, summary.unread), (2, 0));
    assert_eq!(his.page(channel, None, 50).await.2.len(), 3);
    assert_eq!(hers.sees(channel, "anyone?").await.seq, seq(2));
    assert_eq!(hers.change(channel).await.what, What::Joined { user: lin.id });
    his.say(channel, "me!").await;
    hers.sees(channel, "me!").await;
    assert_eq!(his.perform(new_id(), Deed::Join { conversation: channel }).await, Ok((channel, seq(4))));
}

#[tokio::test]
async fn a_group_with_someone_who_does_not_exist_is_not_made_at_all() {
    let (_server, mei, _) = two_people().await;
    let mut hers = mei.connect().await;
    let nobody = 999_u64.try_into().unwrap();
    let make = Deed::MakeGroup { title: "x".try_into().unwrap(), people: vec![nobody].try_into().unwrap() };
    assert_eq!(hers.perform(new_id(), make).await, Err(Code::NotFound));
    assert_eq!(hers.perform(new_id(), Deed::OpenDirect { with: nobody }).await, Err(Code::NotFound));
    assert_eq!(mei.connect().await.list.len(), 1);
}

#[tokio::test]
async fn a_retry_after_a_reconnect_finds_the_first_try_and_adds_nothing() {
    let (server, mei, lin) = two_people().await;
    let mut his = lin.connect().await;
    let id = new_id();
    let post = |text: &str| Deed::post(lobby(), text.try_into().unwrap());
    let first = mei.connect().await.perform(id, post("once")).await.unwrap();
    let mut hers = mei.connect().await;
    assert_eq!(hers.perform(id, post("once")).await, Ok(first));
    assert_eq!(hers.perform(id, post("other words")).await, Ok(first));
    hers.say(lobby(), "done").await;
    his.sees(lobby(), "once").await;
    assert_eq!(his.change(lobby()).await.seq, seq(first.1.get() + 1));
    let rows: u32 = server
        .database()
        .query_row("SELECT count(*) FROM changes WHERE counts = 1", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 2);
}

#[tokio::test]
async fn two_people_may_use_the_same_id_without_knowing() {
    let (_server, mei, lin) = two_people().await;
    let id = new_id();
    let post = |text: &str| Deed::post(lobby(), text.try_into().unwrap());
    let hers = mei.connect().await.perform(id, post("hers")).await.unwrap();
    let his = lin.connect().await.perform(id, post("his")).await.unwrap();
    assert_ne!(hers, his);
}

#[tokio::test]
async fn making_twice_with_one_id_makes_one() {
    let (_server, mei, _) = two_people().await;
    let mut hers = mei.connect().await;
    let id = new_id();
    let make = || Deed::MakeChannel { title: "tea".try_into().unwrap() };
    let first = hers.perform(id, make()).await.unwrap();
    assert_eq!(hers.perform(id, make()).await, Ok(first));
    assert_eq!(mei.connect().await.list.len(), 2);
}

#[tokio::test]
async fn what_found_the_thing_done_is_answered_the_same_way_for_ever() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let (direct, _) = hers.perform(new_id(), Deed::OpenDirect { with: lin.id }).await.unwrap();
    let (open, join) = (new_id(), new_id());
    let opened = his.perform(open, Deed::OpenDirect { with: mei.id }).await.unwrap();
    let joined = his.perform(join, Deed::Join { conversation: lobby() }).await.unwrap();
    for number in 0..3 {
        hers.say(direct, &number.to_string()).await;
        hers.say(lobby(), &number.to_string()).await;
    }
    assert_eq!(his.perform(open, Deed::OpenDirect { with: mei.id }).await, Ok(opened));
    assert_eq!(his.perform(join, Deed::Join { conversation: lobby() }).await, Ok(joined));
}

#[tokio::test]
async fn text_of_any_script_comes_back_as_sent_at_its_full_length() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    for piece in ["字", "א", "ش", "न", "a", "🎉", "\u{1}", "e\u{301}", "  \n"] {
        let text: String = "x".chars().chain(piece.chars().cycle()).take(4_000).collect();
        hers.say(lobby(), &text).await;
        his.sees(lobby(), &text).await;
    }
}

#[tokio::test]
async fn a_hundred_at_once_from_many_sockets_get_places_without_a_hole_and_all_see_one_order() {
    let (_server, mei, lin) = two_people().await;
    let mut witness = mei.connect().await;
    let first = witness.list[0].head.get() + 1;
    let talk = async |person: &crate::harness::Person| {
        let mut socket: Socket = person.connect().await;
        for number in 0..25 {
            socket.say(lobby(), &format!("{number}")).await;
        }
    };
    tokio::join!(talk(&mei), talk(&lin), talk(&mei), talk(&lin));
    for number in first..first + 100 {
        assert_eq!(witness.change(lobby()).await.seq.get(), number);
    }
    assert_eq!(witness.page(conversation(1), None, 1).await.1.get(), first + 99);
}

#[tokio::test]
async fn whoever_is_in_as_many_conversations_as_a_welcome_names_comes_into_no_more() {
    let (server, mei, lin) = two_people().await;
    server
        .database()
        .execute_batch(&format!(
            "WITH RECURSIVE n (id) AS (SELECT 2 UNION ALL SELECT id + 1 FROM n WHERE id < {CONVERSATIONS})
             INSERT INTO conversations (id, kind, title, folded, made_at) SELECT id, 'channel', 'x', 'x', 1 FROM n;
             INSERT INTO members (conversation, user, joined_at) SELECT id, {}, 1 FROM conversations WHERE id > 1;
             INSERT INTO conversations (kind, title, folded, made_at) VALUES ('channel', 'y', 'y', 1)",
            lin.id
        ))
        .unwrap();
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    assert_eq!(his.list.len(), CONVERSATIONS);
    let join = Deed::Join { conversation: conversation(CONVERSATIONS as u64 + 1) };
    assert_eq!(his.perform(new_id(), join.clone()).await, Err(Code::NotAllowed));
    let open = Deed::OpenDirect { with: lin.id };
    assert_eq!(hers.perform(new_id(), open).await, Err(Code::NotAllowed));
    assert!(hers.perform(new_id(), join).await.is_ok());
    his.say(lobby(), "still here").await;
}
