//! Who is not in a conversation learns nothing of it, not even that it exists.

use shared::code::Code;
use shared::frame::{ClientFrame, Deed, ServerFrame};
use shared::id::ConversationId;

use crate::harness::socket::{Socket, new_id};
use crate::harness::{conversation, seq, two_people};

/// Everything that can be asked of a conversation is answered as if it were not there.
pub(crate) async fn refuses_all(stranger: &mut Socket, conversation: ConversationId) {
    let post = Deed::post(conversation, "let me in".try_into().unwrap());
    assert_eq!(stranger.perform(new_id(), post).await, Err(Code::NotFound));
    for frame in [
        ClientFrame::Page { conversation, before: None, limit: 10 },
        ClientFrame::Read { conversation, seq: seq(1) },
        ClientFrame::CatchUp { conversation, after: seq(0) },
    ] {
        stranger.send(&frame).await;
        let refused = stranger
            .wait_for(|frame| match frame {
                ServerFrame::Refused { client_id: None, conversation, code, .. } => {
                    Some((*conversation, *code))
                }
                _ => None,
            })
            .await;
        assert_eq!(refused, (Some(conversation), Code::NotFound), "{frame:?}");
    }
}

#[tokio::test]
async fn a_stranger_to_a_group_is_told_the_same_as_of_one_that_is_not_there() {
    let (server, mei, lin) = two_people().await;
    let wen = server.sign_up("wen").await;
    let mut stranger = wen.connect().await;
    let mut hers = mei.connect().await;
    let make = Deed::MakeGroup { title: "x".try_into().unwrap(), people: vec![lin.id].try_into().unwrap() };
    let (group, _) = hers.perform(new_id(), make).await.unwrap();
    refuses_all(&mut stranger, group).await;
    refuses_all(&mut stranger, conversation(999)).await;
    for place in [group, conversation(999)] {
        let join = Deed::Join { conversation: place };
        assert_eq!(stranger.perform(new_id(), join).await, Err(Code::NotFound));
    }
    for place in [group, conversation(999)] {
        for question in ["members", "pins", "messages/1/versions", "threads/1"] {
            let reply = wen.ask("GET", &format!("/api/conversations/{place}/{question}")).await;
            assert_eq!(reply.refusal(), (404, "not_found".into()), "{question}");
        }
    }
    hers.say(group, "between us").await;
    hers.sees(group, "between us").await;
    assert!(stranger.so_far().await.is_empty());
}

#[tokio::test]
async fn a_member_sees_who_else_is_in_the_group() {
    let (_server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let make = Deed::MakeGroup { title: "x".try_into().unwrap(), people: vec![lin.id].try_into().unwrap() };
    let (group, _) = hers.perform(new_id(), make).await.unwrap();
    let reply = lin.ask("GET", &format!("/api/conversations/{group}/members")).await;
    let members: shared::http::People = reply.json();
    let ids: Vec<_> = members.people.iter().map(|person| person.id).collect();
    assert_eq!((reply.status, ids.len(), members.more), (200, 2, false));
    assert!(ids.contains(&mei.id) && ids.contains(&lin.id));
    for nothing in ["x", "%ff", "0"] {
        let nobody = lin.ask("GET", &format!("/api/conversations/{nothing}/members")).await;
        assert_eq!(nobody.refusal(), (404, "not_found".into()));
    }
}

#[tokio::test]
async fn what_came_before_a_newcomer_may_see_is_skipped_and_not_counted() {
    let (server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let make = Deed::MakeGroup { title: "x".try_into().unwrap(), people: vec![lin.id].try_into().unwrap() };
    let (group, _) = hers.perform(new_id(), make).await.unwrap();
    for text in ["hidden", "hidden too", "seen"] {
        hers.say(group, text).await;
    }
    let sql = "UPDATE members SET visible_from = 4 WHERE conversation = ?1 AND user = ?2";
    server.database().execute(sql, (group.get().cast_signed(), lin.id.get().cast_signed())).unwrap();
    let mut his = Socket::hello(&lin, hers.epoch, &[(group, seq(1))]).await;
    let row = his.list.iter().find(|row| row.id == group).unwrap();
    assert_eq!((row.unread, row.last.as_ref().map(|last| last.seq)), (1, Some(seq(4))));
    let skipped = his
        .wait_for(|frame| match frame {
            ServerFrame::Skipped { to, .. } => Some(*to),
            _ => None,
        })
        .await;
    assert_eq!(skipped, seq(3));
    assert_eq!(his.change(group).await.seq, seq(4));
    let (from, _, entries) = his.page(group, None, 50).await;
    assert_eq!((from, entries.len()), (seq(1), 1));
}
