//! What is of the moment: who types, who is there, and how far others have come.

use shared::frame::{ClientFrame, Deed, ServerFrame};
use shared::id::{ConversationId, Seq, UserId};
use shared::model::List;
use shared::own::Setting;
use shared::receipt::Mark;

use crate::harness::socket::{Socket, new_id};
use crate::harness::{Person, lobby, seq, two_people};

impl Socket {
    async fn types(&mut self, conversation: ConversationId) {
        self.send(&ClientFrame::Typing { conversation }).await;
    }

    /// The next one who types there.
    async fn typist(&mut self, conversation: ConversationId) -> UserId {
        self.wait_for(|frame| match frame {
            ServerFrame::Typing { conversation: there, user } if *there == conversation => Some(*user),
            _ => None,
        })
        .await
    }

    /// Looks at a conversation; answers how far all the others are.
    async fn watch(&mut self, conversation: ConversationId) -> Vec<Mark> {
        self.send(&ClientFrame::Watch { conversation }).await;
        self.wait_for(|frame| match frame {
            ServerFrame::Receipts { conversation: there, all: true, marks } if *there == conversation => {
                Some(marks.to_vec())
            }
            _ => None,
        })
        .await
    }

    async fn got(&mut self, conversation: ConversationId, place: Seq) {
        self.send(&ClientFrame::Got { places: List::first([(conversation, place)]) }).await;
    }

    /// Waits until somebody is as far as that.
    async fn hears(&mut self, mark: Mark) {
        self.wait_for(|frame| match frame {
            ServerFrame::Receipts { all: false, marks, .. } => marks.contains(&mark).then_some(()),
            _ => None,
        })
        .await;
    }

    async fn open_direct(&mut self, with: &Person) -> ConversationId {
        self.perform(new_id(), Deed::OpenDirect { with: with.id }).await.unwrap().0
    }
}

fn mark(person: &Person, got: Seq, read: Seq) -> Mark {
    Mark { user: person.id, got, read }
}

fn is_lively(frame: &ServerFrame) -> bool {
    matches!(frame, ServerFrame::Typing { .. } | ServerFrame::Receipts { .. })
}

/// Waits until what was noted before is told, or will never be: what is noted last, in the newest conversation, is told
/// last.
async fn settled(hers: &mut Socket, his: &mut Socket, lin: &Person) {
    let witness = hers.open_direct(lin).await;
    hers.watch(witness).await;
    his.got(witness, seq(1)).await;
    hers.wait_for(|frame| match frame {
        ServerFrame::Receipts { conversation, all: false, .. } if *conversation == witness => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn whoever_types_is_told_to_the_others_and_to_no_device_of_their_own() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut tablet, mut his) = (mei.connect().await, mei.connect().await, lin.connect().await);
    hers.types(lobby()).await;
    assert_eq!(his.typist(lobby()).await, mei.id);
    his.types(lobby()).await;
    assert_eq!(tablet.typist(lobby()).await, lin.id);
    let came: Vec<_> = tablet.so_far().await.into_iter().filter(is_lively).collect();
    assert!(came.is_empty(), "{came:?}");
}

#[tokio::test]
async fn nobody_outside_is_told_who_types_and_nobody_outside_can_type() {
    let (server, mei, lin) = two_people().await;
    let wei = server.sign_up("wei").await;
    let (mut hers, mut his, mut theirs) = (mei.connect().await, lin.connect().await, wei.connect().await);
    let group = hers.make_group(&[&lin]).await;
    his.new_conversation().await;
    theirs.types(group).await;
    theirs.send(&ClientFrame::Watch { conversation: group }).await;
    assert_eq!(theirs.refused().await, shared::code::Code::NotFound);
    assert_eq!(theirs.refused().await, shared::code::Code::NotFound);
    hers.types(group).await;
    assert_eq!(his.typist(group).await, mei.id);
    assert!(!theirs.so_far().await.iter().any(is_lively));
}

#[tokio::test]
async fn typing_is_told_before_the_message_it_ends_in() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    for round in 0..20 {
        hers.types(lobby()).await;
        hers.say(lobby(), &round.to_string()).await;
        his.sees(lobby(), &round.to_string()).await;
        let left: Vec<_> = his.so_far().await.into_iter().filter(is_lively).collect();
        assert_eq!(left.len(), 1, "it was told, and once, in round {round}");
    }
}

#[tokio::test]
async fn an_author_hears_of_what_was_got_and_read_while_they_look() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let direct = hers.open_direct(&lin).await;
    assert_eq!(hers.watch(direct).await, [mark(&lin, seq(0), seq(0))]);
    his.new_conversation().await;
    let said = hers.say(direct, "hello").await;
    his.got(direct, said).await;
    hers.hears(mark(&lin, said, seq(0))).await;
    his.read_up_to(direct, said).await;
    hers.hears(mark(&lin, said, said)).await;
    // Who looks again, and who looks for the first time, is told the same.
    assert_eq!(hers.watch(direct).await, [mark(&lin, said, said)]);
    assert_eq!(mei.connect().await.watch(direct).await, [mark(&lin, said, said)]);
    assert_eq!(his.watch(direct).await, [mark(&mei, seq(0), seq(0))]);
}

#[tokio::test]
async fn a_mark_never_moves_back_never_lies_beyond_the_head_and_outlives_the_server() {
    let (server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let direct = hers.open_direct(&lin).await;
    hers.watch(direct).await;
    let said = hers.say(direct, "hello").await;
    his.got(direct, seq(9_999)).await;
    hers.hears(mark(&lin, said, seq(0))).await;
    his.got(direct, seq(1)).await;
    hers.hears(mark(&lin, said, seq(0))).await;
    assert_eq!(hers.watch(direct).await, [mark(&lin, said, seq(0))]);
    let server = server.restart().await;
    assert_eq!(mei.at(&server).connect().await.watch(direct).await, [mark(&lin, said, seq(0))]);
}

#[tokio::test]
async fn nothing_is_told_of_whoever_was_removed_nor_to_them() {
    let (server, mei, lin) = two_people().await;
    let wei = server.sign_up("wei").await;
    let (mut hers, mut his, mut theirs) = (mei.connect().await, lin.connect().await, wei.connect().await);
    let group = hers.make_group(&[&lin, &wei]).await;
    theirs.new_conversation().await;
    assert_eq!(hers.watch(group).await.len(), 2);
    assert_eq!(theirs.watch(group).await.len(), 2);
    let said = hers.say(group, "hello").await;
    hers.perform(new_id(), Deed::Remove { conversation: group, user: wei.id }).await.unwrap();
    theirs.loses(group).await;
    theirs.got(group, said).await;
    his.got(group, said).await;
    hers.hears(mark(&lin, said, seq(0))).await;
    assert_eq!(hers.watch(group).await, [mark(&lin, said, seq(0))]);
    settled(&mut hers, &mut his, &lin).await;
    assert!(!theirs.so_far().await.iter().any(is_lively));
    theirs.types(group).await;
    assert_eq!(theirs.refused().await, shared::code::Code::NotFound);
}

#[tokio::test]
async fn channels_and_large_groups_have_no_receipts() {
    let (server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    assert!(hers.watch(lobby()).await.is_empty());
    let group = hers.make_group(&[&lin]).await;
    let many = format!(
        "WITH RECURSIVE n (id) AS (SELECT 1001 UNION ALL SELECT id + 1 FROM n WHERE id < 1099)
         INSERT INTO users (id, name, display, folded, role, password, made_at)
            SELECT id, 'u' || id, 'u', 'u', 'member', '', 0 FROM n;
         INSERT INTO members (conversation, user, joined_at) SELECT {group}, id, 0 FROM users WHERE id > 1000"
    );
    server.database().execute_batch(&many).unwrap();
    assert!(hers.watch(group).await.is_empty(), "101 are in it");
    let said = hers.say(lobby(), "hello").await;
    his.got(lobby(), said).await;
    his.got(group, seq(1)).await;
    his.read_up_to(lobby(), said).await;
    settled(&mut hers, &mut his, &lin).await;
    assert!(!hers.so_far().await.iter().any(is_lively));
    let noted: u32 = server
        .database()
        .query_row(
            "SELECT count(*) FROM members WHERE got > 0 AND conversation IN (1, ?)",
            [group.get().cast_signed()],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(noted, 0, "and nothing is kept");
}

#[tokio::test]
async fn only_the_last_eight_conversations_are_looked_at() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let mut groups = Vec::new();
    for _ in 0..9 {
        groups.push(hers.make_group(&[&lin]).await);
    }
    for group in &groups {
        hers.watch(*group).await;
    }
    for group in &groups {
        his.got(*group, seq(1)).await;
    }
    // The newest is told last.
    hers.wait_for(|frame| match frame {
        ServerFrame::Receipts { conversation, all: false, .. } if *conversation == groups[8] => Some(()),
        _ => None,
    })
    .await;
    let told = hers.so_far().await.into_iter().filter_map(|frame| match frame {
        ServerFrame::Receipts { conversation, .. } => Some(conversation),
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), groups[1..8]);
}

#[tokio::test]
async fn those_who_are_connected_are_known_to_be_there() {
    let (server, mei, lin) = two_people().await;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[&lin]).await;
    let online = || server.app.hub.online(group).into_iter().collect::<Vec<_>>();
    assert_eq!(online(), [mei.id]);
    let mut his = lin.connect().await;
    assert_eq!(online(), [mei.id, lin.id]);
    hers.perform(new_id(), Deed::Remove { conversation: group, user: lin.id }).await.unwrap();
    his.loses(group).await;
    assert_eq!(online(), [mei.id]);
    hers.raw.close(None).await.unwrap();
    hers.closed().await;
    crate::harness::within(async {
        while !online().is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Sets what others are told, and waits until that holds.
async fn keep(socket: &mut Socket, own: Setting) {
    let id = new_id();
    socket.send(&ClientFrame::Do { client_id: id, deed: Deed::Keep { own } }).await;
    socket
        .wait_for(|frame| match frame {
            ServerFrame::Kept { client_id, .. } if *client_id == id => Some(()),
            _ => None,
        })
        .await;
}

#[tokio::test]
async fn whoever_turns_receipts_off_sends_none_and_sees_none() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    let direct = hers.open_direct(&lin).await;
    keep(&mut his, Setting::receipts(false)).await;
    assert!(hers.watch(direct).await.is_empty(), "he does not tell");
    assert!(his.watch(direct).await.is_empty(), "so he is not told");
    let said = hers.say(direct, "hello").await;
    his.got(direct, said).await;
    his.read_up_to(direct, said).await;
    let answer = his.say(direct, "hi").await;
    hers.got(direct, answer).await;
    settled_by(&mut hers, &mut his, &mei, &lin).await;
    assert!(!hers.so_far().await.iter().any(is_lively));
    assert!(!his.so_far().await.iter().any(is_lively));
    // Turned on again, what was read meanwhile is told, and what was got is not known.
    keep(&mut his, Setting::receipts(true)).await;
    assert_eq!(hers.watch(direct).await, [mark(&lin, said, said)]);
    assert_eq!(his.watch(direct).await, [mark(&mei, answer, seq(0))]);
    assert_eq!(lin.connect().await.watch(direct).await, [mark(&mei, answer, seq(0))]);
}

/// Waits until what both noted before is told, or will never be, where he tells nobody: in a group with a third.
async fn settled_by(hers: &mut Socket, his: &mut Socket, mei: &Person, lin: &Person) {
    let witness = crate::harness::sign_up(mei.address, "witness").await;
    let mut theirs = witness.connect().await;
    let group = theirs.make_group(&[mei, lin]).await;
    theirs.watch(group).await;
    his.got(group, seq(1)).await;
    hers.got(group, seq(1)).await;
    theirs.hears(mark(mei, seq(1), seq(0))).await;
}

#[tokio::test]
async fn whoever_turns_typing_off_does_not_tell_and_is_not_told() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    keep(&mut his, Setting::typing(false)).await;
    hers.types(lobby()).await;
    his.types(lobby()).await;
    // Their answers show that what they typed before was heard.
    let (mut came, his_first) = (hers.so_far().await, his.so_far().await);
    came.extend(hers.so_far().await);
    came.extend(his_first.into_iter().chain(his.so_far().await));
    assert!(!came.iter().any(is_lively), "{came:?}");
    keep(&mut his, Setting::typing(true)).await;
    his.types(lobby()).await;
    assert_eq!(hers.typist(lobby()).await, lin.id);
    hers.types(lobby()).await;
    assert_eq!(his.typist(lobby()).await, mei.id);
}
