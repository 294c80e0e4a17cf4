//! Paging back through what was said.

use shared::id::Seq;
use shared::model::What;

use crate::harness::socket::says;
use crate::harness::{Server, lobby, seq};

#[tokio::test]
async fn paging_back_through_250_messages_finds_each_once_and_in_order() {
    let server = Server::start().await;
    let mut mei = server.sign_up("mei").await.connect().await;
    for number in 1..=250 {
        mei.say(lobby(), &number.to_string()).await;
    }
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let (from, as_of, entries) = mei.page(lobby(), before, 40).await;
        assert_eq!(as_of, seq(251));
        assert!(
            entries.len() <= 40 && entries.iter().all(|entry| before.is_none_or(|before| entry.seq < before))
        );
        pages.push(entries);
        if from == seq(1) {
            break;
        }
        before = Some(from);
    }
    let all: Vec<_> = pages.into_iter().rev().flatten().collect();
    assert_eq!(all.iter().map(|entry| entry.seq.get()).collect::<Vec<_>>(), (1..=251).collect::<Vec<_>>());
    assert!((1..=250).all(|number| says(&all[number].what, &number.to_string())));
}

#[tokio::test]
async fn a_page_is_never_longer_than_its_bound_nor_empty_by_request() {
    let server = Server::start().await;
    let mut mei = server.sign_up("mei").await.connect().await;
    for number in 0..120 {
        mei.say(lobby(), &number.to_string()).await;
    }
    assert_eq!(mei.page(lobby(), None, u16::MAX).await.2.len(), 100);
    assert_eq!(mei.page(lobby(), None, 0).await.2.len(), 1);
    let (from, _, entries) = mei.page(lobby(), Some(Seq::ZERO.next()), 10).await;
    assert_eq!((from, entries.len()), (seq(1), 0));
}

#[tokio::test]
async fn a_change_that_cannot_be_read_keeps_its_place_and_hides_nothing_else() {
    let server = Server::start().await;
    let person = server.sign_up("mei").await;
    let mut mei = person.connect().await;
    let before = mei.list[0].head;
    for text in ["one", "two", "three"] {
        mei.say(lobby(), text).await;
    }
    let damage = "UPDATE changes SET payload = '{\"kind\":\"juggled\"' WHERE payload LIKE '%two%'";
    assert_eq!(server.database().execute(damage, []).unwrap(), 1);
    let (_, _, entries) = mei.page(lobby(), None, 3).await;
    assert!(
        says(&entries[0].what, "one") && entries[1].what == What::Unknown && says(&entries[2].what, "three")
    );
    let mut resumed = crate::harness::socket::Socket::hello(&person, mei.epoch, &[(lobby(), before)]).await;
    assert!(says(&resumed.change(lobby()).await.what, "one"));
    assert_eq!(resumed.change(lobby()).await.what, What::Unknown);
    assert!(says(&resumed.change(lobby()).await.what, "three"));
}
