//! A copy of a conversation that differs from the store's is noticed and made right; one that does not is left alone.

use std::time::{Duration, Instant};

use shared::client::Input;
use shared::frame::{ClientFrame, Deed, Fault, ServerFrame};
use shared::id::ConversationId;
use shared::model;

use crate::harness::device::Device;
use crate::harness::socket::{Socket, new_id};
use crate::harness::{Person, Server, lobby, within};

/// A server that has clients compare what they hold all the time, and three people on it.
async fn checking() -> (Server, [Person; 3]) {
    let server = Server::with(|config| config.check_every = Duration::from_millis(2)).await;
    let people = [server.sign_up("mei").await, server.sign_up("lin").await, server.sign_up("wen").await];
    (server, people)
}

/// A group of all three with something said in it, and a device of the second that holds it.
async fn a_group(people: &[Person; 3]) -> (Socket, ConversationId, Device) {
    let [mei, lin, wen] = people;
    let mut hers = mei.connect().await;
    let group = hers.make_group(&[lin, wen]).await;
    let mut his = Device::start(lin).await;
    let said = hers.say(group, "hello").await;
    his.until(|client| client.room(group).is_some_and(|room| room.timeline().cursor() == said)).await;
    (hers, group, his)
}

impl Device {
    /// What this comes to here, if the device can compare it.
    fn compares(&self, frame: &ServerFrame, conversation: ConversationId) -> Option<bool> {
        match frame {
            ServerFrame::Check { conversation: of, as_of, read, print } if *of == conversation => {
                let room = self.room(conversation);
                let here = model::print(
                    room.timeline().cursor(),
                    room.read(),
                    room.unread(),
                    room.mentions(),
                    room.summary().members,
                );
                (room.timeline().cursor() == *as_of && room.read() == *read).then_some(here == *print)
            }
            _ => None,
        }
    }

    /// Hears on until a check of this conversation agrees.
    async fn agrees(&mut self, conversation: ConversationId) {
        let agrees = async {
            loop {
                let frame = self.hear().await;
                if self.compares(&frame, conversation) == Some(true) {
                    return;
                }
            }
        };
        within(agrees).await;
    }

    fn refreshes(&self) -> usize {
        self.said.iter().filter(|frame| matches!(frame, ClientFrame::Refresh { .. })).count()
    }
}

#[tokio::test]
async fn whatever_goes_on_a_copy_that_follows_it_is_left_alone() {
    let (_server, people) = checking().await;
    let wen = people[2].id;
    let (mut hers, group, mut his) = a_group(&people).await;
    for number in 0..30 {
        let deed = match number % 6 {
            2 => Deed::Remove { conversation: group, user: wen },
            5 => Deed::Add { conversation: group, user: wen },
            _ => Deed::post(group, number.to_string().try_into().unwrap()),
        };
        let (_, place) = hers.perform(new_id(), deed).await.unwrap();
        hers.say(lobby(), "and here").await;
        his.until(|client| client.room(group).unwrap().timeline().cursor() == place).await;
        if number % 4 == 3 {
            his.tell(Input::MarkRead(group, place)).await;
        }
        if number % 3 == 0 {
            his.agrees(group).await;
            his.agrees(lobby()).await;
        }
    }
    his.agrees(group).await;
    assert_eq!((his.refreshes(), his.room(group).summary().members), (0, 3));
}

/// Changes something behind the server's back; the device notices, and once it has asked anew it agrees again.
async fn check_mended(damage: &str, members: u32, unread: u32) {
    let (server, people) = checking().await;
    let (_hers, group, mut his) = a_group(&people).await;
    his.agrees(group).await;
    assert_eq!((his.room(group).summary().members, his.room(group).unread()), (3, 1));
    let changed = server.database().execute(damage, [group.to_string(), people[2].id.to_string()]).unwrap();
    assert_eq!(changed, 1, "{damage}");
    his.until(|client| {
        client.room(group).is_some_and(|room| room.summary().members == members && room.unread() == unread)
    })
    .await;
    his.agrees(group).await;
    let refresh = ClientFrame::Refresh { conversation: group, fault: Fault::Differs };
    assert!(his.said.contains(&refresh) && his.refreshes() == 1, "{:?}", his.said);
}

#[tokio::test]
async fn a_number_of_members_that_is_wrong_is_noticed_and_mended() {
    Box::pin(check_mended("DELETE FROM members WHERE conversation = ?1 AND user = ?2", 2, 1)).await;
}

#[tokio::test]
async fn a_number_of_unread_messages_that_is_wrong_is_noticed_and_mended() {
    Box::pin(check_mended(
        "UPDATE changes SET counts = 0 WHERE conversation = ?1 AND counts = 1 AND ?2 > 0",
        3,
        0,
    ))
    .await;
}

#[tokio::test]
async fn a_marker_that_moved_without_a_word_is_told() {
    let (server, people) = checking().await;
    let (_hers, group, mut his) = a_group(&people).await;
    let head = his.room(group).timeline().cursor();
    let moved = "UPDATE members SET read = ?2 WHERE conversation = ?1 AND user = ?3";
    server
        .database()
        .execute(moved, [group.to_string(), head.to_string(), people[1].id.to_string()])
        .unwrap();
    his.until(|client| client.room(group).unwrap().unread() == 0).await;
    his.agrees(group).await;
    assert_eq!((his.refreshes(), his.room(group).read()), (0, head));
}

#[tokio::test]
async fn a_client_of_the_first_level_hears_of_no_check() {
    let (_server, people) = checking().await;
    let mut old = Socket::open(&people[0]).await;
    old.send_text(r#"{"t":"hello","level":1,"cursors":[]}"#).await;
    let mut new = Device::start(&people[0]).await;
    for _ in 0..3 {
        new.agrees(lobby()).await;
    }
    let heard = old.so_far().await;
    assert!(matches!(heard[..], [ServerFrame::Welcome { .. }]), "{heard:?}");
}

#[tokio::test]
async fn who_finds_fault_over_and_over_is_heard_twice_a_second() {
    let (_server, people) = checking().await;
    let mut socket = people[0].connect().await;
    let begun = Instant::now();
    for _ in 0..22 {
        socket.send(&ClientFrame::Refresh { conversation: lobby(), fault: Fault::Differs }).await;
    }
    socket.send(&ClientFrame::Ping).await;
    socket.wait_for(|frame| matches!(frame, ServerFrame::Pong).then_some(())).await;
    assert!(begun.elapsed() > Duration::from_millis(900), "it took {:?}", begun.elapsed());
}
