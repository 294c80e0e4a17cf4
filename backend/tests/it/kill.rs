//! `kill -9` in the middle of writing: what was acknowledged is there, and the log has no hole.

use std::collections::BTreeMap;

use shared::id::{ClientId, ConversationId, Seq};
use tokio_util::task::TaskTracker;

use crate::harness::program::{magpie, starts};
use crate::harness::socket::{Socket, new_id};
use crate::harness::{Person, lobby, seq, sign_up};
use shared::frame::{ClientFrame, Deed, ServerFrame};

type Acks = BTreeMap<ClientId, (ConversationId, Seq)>;

/// Talks as fast as it can until the connection breaks; says what was acknowledged.
async fn talk_until_cut(person: Person) -> Acks {
    use futures_util::{SinkExt as _, StreamExt as _};
    use tokio_tungstenite::tungstenite::Message;
    let mut socket = Socket::hello(&person, None, &[]).await;
    let mut acks = Acks::new();
    loop {
        let client_id = new_id();
        let deed = Deed::post(lobby(), "again".try_into().unwrap());
        let frame = serde_json::to_string(&ClientFrame::Do { client_id, deed }).unwrap();
        if socket.raw.send(Message::text(frame)).await.is_err() {
            return acks;
        }
        loop {
            let Some(Ok(message)) = socket.raw.next().await else { return acks };
            let Message::Text(text) = message else { continue };
            if let ServerFrame::Done { client_id: done, conversation, seq } =
                serde_json::from_str(&text).unwrap()
            {
                assert_eq!(done, client_id);
                acks.insert(client_id, (conversation, seq));
                break;
            }
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_before_a_kill_is_there_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let fast = ["--deeds-per-second", "100000", "--deed-burst", "100000"];
    let (mut child, address) = starts(magpie(folder.path()).args(fast)).await;
    let names = ["mei", "lin", "wen", "zoe"];
    let mut people = Vec::new();
    for name in names {
        people.push(sign_up(address, name).await);
    }
    let mut witness = people[0].connect().await;
    let tasks = TaskTracker::new();
    let talking: Vec<_> = people.iter().cloned().map(|person| tasks.spawn(talk_until_cut(person))).collect();
    // Well into it: hundreds are committed, some are under way.
    for _ in 0..300 {
        witness.change(lobby()).await;
    }
    child.kill().await.unwrap();
    let mut acks = Acks::new();
    for talk in talking {
        acks.extend(talk.await.unwrap());
    }
    assert!(acks.len() >= 290, "only {} acknowledged", acks.len());

    let (_child, address) = starts(magpie(folder.path()).args(fast)).await;
    let mei = Person { address, ..people[0].clone() };
    let mut socket = mei.connect().await;
    let (mut log, mut before) = (BTreeMap::new(), None);
    loop {
        let (from, _, entries) = socket.page(lobby(), before, 100).await;
        log.extend(entries.into_iter().map(|entry| (entry.seq.get(), entry.client_id)));
        if from == seq(1) {
            break;
        }
        before = Some(from);
    }
    assert_eq!(log.keys().copied().collect::<Vec<_>>(), (1..=log.len() as u64).collect::<Vec<_>>());
    for (client_id, (_, place)) in acks {
        assert_eq!(log.get(&place.get()), Some(&Some(client_id)));
    }
}
