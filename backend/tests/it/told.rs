//! What a message said before, what is pinned, and what was replied in a thread: asked for over HTTP, by those who may see it.

use shared::frame::Deed;
use shared::http::{Pins, Replies, TOLD, Versions};
use shared::id::{ConversationId, Seq};

use crate::harness::socket::{Socket, new_id};
use crate::harness::{Person, seq, two_people};

async fn edit(socket: &mut Socket, conversation: ConversationId, target: Seq, text: &str) {
    let deed = Deed::Edit { conversation, target, body: text.try_into().unwrap() };
    socket.perform(new_id(), deed).await.unwrap();
}

async fn texts(person: &Person, conversation: ConversationId, target: Seq) -> Vec<String> {
    let path = format!("/api/conversations/{conversation}/messages/{target}/versions");
    let versions: Versions = person.ask("GET", &path).await.json();
    versions.versions.iter().map(|version| version.body.to_string()).collect()
}

#[tokio::test]
async fn everyone_in_a_conversation_sees_what_an_edited_message_said_before() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[&lin]).await;
    let said = hers.say(group, "at six").await;
    assert_eq!(texts(&lin, group, said).await, ["at six"]);
    edit(&mut hers, group, said, "at seven").await;
    let heart =
        Deed::React { conversation: group, target: said, emoji: "❤️".try_into().unwrap(), on: true };
    hers.perform(new_id(), heart).await.unwrap();
    edit(&mut hers, group, said, "at eight").await;
    assert_eq!(texts(&lin, group, said).await, ["at six", "at seven", "at eight"]);
}

#[tokio::test]
async fn of_very_many_texts_the_newest_are_told() {
    let (_server, mei, _) = two_people().await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[]).await;
    let said = hers.say(group, "0").await;
    for number in 1..=TOLD + 1 {
        edit(&mut hers, group, said, &number.to_string()).await;
    }
    let expected: Vec<String> = (2..=TOLD + 1).map(|number| number.to_string()).collect();
    assert_eq!(texts(&mei, group, said).await, expected);
}

#[tokio::test]
async fn what_was_taken_back_or_is_no_message_has_no_texts() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[&lin]).await;
    let said = hers.say(group, "a slip").await;
    hers.perform(new_id(), Deed::Recall { conversation: group, target: said }).await.unwrap();
    for place in [said.to_string(), "1".into(), "3".into(), "99".into(), "x".into()] {
        let path = format!("/api/conversations/{group}/messages/{place}/versions");
        assert_eq!(mei.ask("GET", &path).await.refusal(), (404, "not_found".into()), "{place}");
    }
}

#[tokio::test]
async fn pins_are_told_with_what_became_of_them_the_newest_message_first() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[&lin]).await;
    let (first, second) = (hers.say(group, "rules").await, hers.say(group, "address").await);
    let pin = |target, on| Deed::Pin { conversation: group, target, on };
    for (target, on) in [(second, true), (first, true)] {
        hers.perform(new_id(), pin(target, on)).await.unwrap();
    }
    edit(&mut hers, group, first, "the rules").await;
    let path = format!("/api/conversations/{group}/pins");
    let pinned = async || -> Vec<(Seq, String)> {
        let pins: Pins = lin.ask("GET", &path).await.json();
        let told = pins.entries.iter().map(|entry| (entry.seq, entry.message().unwrap().body.to_string()));
        told.collect()
    };
    assert_eq!(pinned().await, [(second, "address".to_owned()), (first, "the rules".to_owned())]);
    hers.perform(new_id(), pin(second, false)).await.unwrap();
    hers.perform(new_id(), Deed::Recall { conversation: group, target: first }).await.unwrap();
    assert_eq!(pinned().await, []);
    assert_eq!(mei.ask("GET", "/api/conversations/x/pins").await.refusal(), (404, "not_found".into()));
    assert_eq!(seq(2), first);
}

async fn reply(socket: &mut Socket, conversation: ConversationId, thread: Seq, text: &str) -> Seq {
    let body = text.try_into().unwrap();
    let deed = Deed::Post { conversation, body, reply: None, thread: Some(thread), card: None };
    socket.perform(new_id(), deed).await.unwrap().1
}

async fn replies(person: &Person, path: &str) -> (Option<Seq>, Vec<String>, bool) {
    let told: Replies = person.ask("GET", path).await.json();
    let said = told.entries.iter().map(|entry| match entry.message() {
        Some(post) => post.body.to_string(),
        None => "-".to_owned(),
    });
    (told.first.as_ref().map(|first| first.seq), said.collect(), told.more)
}

#[tokio::test]
async fn the_replies_in_a_thread_are_told_in_pieces_and_as_they_are_now() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[&lin]).await;
    let root = hers.say(group, "lunch?").await;
    let first = reply(&mut hers, group, root, "0").await;
    hers.say(group, "something else").await;
    let mut last = first;
    for number in 1..=TOLD {
        last = reply(&mut hers, group, root, &number.to_string()).await;
    }
    edit(&mut hers, group, last, "the last").await;
    let path = format!("/api/conversations/{group}/threads/{root}");
    let (of, said, more) = replies(&lin, &path).await;
    assert_eq!((of, said.len(), more), (Some(root), TOLD, true));
    assert_eq!((said[0].as_str(), said[TOLD - 1].as_str()), ("1", "the last"));
    let earlier = format!("{path}?before={}", first.get() + 1);
    assert_eq!(replies(&lin, &earlier).await, (Some(root), vec!["0".to_owned()], false));
    hers.perform(new_id(), Deed::Recall { conversation: group, target: first }).await.unwrap();
    assert_eq!(replies(&lin, &earlier).await, (Some(root), vec!["-".to_owned()], false));
}

#[tokio::test]
async fn where_no_message_is_there_is_no_thread() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[&lin]).await;
    let said = hers.say(group, "hello").await;
    let none = replies(&lin, &format!("/api/conversations/{group}/threads/{said}")).await;
    assert_eq!(none, (Some(said), vec![], false));
    for place in ["1", "99", "x", "0"] {
        let path = format!("/api/conversations/{group}/threads/{place}");
        assert_eq!(lin.ask("GET", &path).await.refusal(), (404, "not_found".into()), "{place}");
    }
    let path = format!("/api/conversations/{group}/threads/{said}?before=x");
    assert_eq!(lin.ask("GET", &path).await.refusal(), (400, "malformed".into()));
}

#[tokio::test]
async fn a_newcomer_sees_of_a_thread_what_they_may_see() {
    let (server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[&lin]).await;
    let root = hers.say(group, "before you came").await;
    reply(&mut hers, group, root, "this too").await;
    let seen = reply(&mut hers, group, root, "welcome").await;
    let sql = "UPDATE members SET visible_from = ?3 WHERE conversation = ?1 AND user = ?2";
    let numbers = [group.get(), lin.id.get(), seen.get()].map(u64::cast_signed);
    server.database().execute(sql, numbers).unwrap();
    let path = format!("/api/conversations/{group}/threads/{root}");
    assert_eq!(replies(&lin, &path).await, (None, vec!["welcome".to_owned()], false));
    assert_eq!(replies(&mei, &path).await.1.len(), 2);
}
