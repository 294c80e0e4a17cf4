//! Paging back through what was said.

use shared::frame::{ClientFrame, ServerFrame};
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

#[tokio::test]
async fn a_page_of_long_messages_is_shorter_and_the_next_one_goes_on_where_it_ends() {
    let server = Server::start().await;
    let mut mei = server.sign_up("mei").await.connect().await;
    // Each of these characters takes six bytes of JSON.
    let long = "\u{1}".repeat(3_990);
    for number in 1..=25 {
        mei.say(lobby(), &format!("{number}{long}")).await;
    }
    let (mut places, mut before) = (Vec::new(), None);
    loop {
        let (from, _, entries) = mei.page(lobby(), before, 100).await;
        assert!(!entries.is_empty() && serde_json::to_string(&entries).unwrap().len() <= 256 * 1024);
        places.splice(0..0, entries.iter().map(|entry| entry.seq.get()));
        if from == seq(1) {
            break;
        }
        assert_eq!(from, entries[0].seq);
        before = Some(from);
    }
    assert_eq!(places, (1..=26).collect::<Vec<_>>());
}

#[tokio::test]
async fn whoever_asks_for_many_pages_before_reading_any_gets_them_all() {
    let server = Server::start().await;
    let mut mei = server.sign_up("mei").await.connect().await;
    let long = format!("x{}", "\u{1}".repeat(3_999));
    for _ in 0..11 {
        mei.say(lobby(), &long).await;
    }
    for _ in 0..60 {
        mei.send(&ClientFrame::Page { conversation: lobby(), before: None, limit: 100 }).await;
    }
    for _ in 0..60 {
        mei.wait_for(|frame| matches!(frame, ServerFrame::Page { .. }).then_some(())).await;
    }
}
