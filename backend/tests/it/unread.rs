//! Unread counts and the read marker.

use shared::model::UNREAD_COUNTED;

use crate::harness::{lobby, seq, two_people};

#[tokio::test]
async fn others_messages_count_until_they_are_read_and_ones_own_never() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    for text in ["one", "two", "three"] {
        hers.say(lobby(), text).await;
    }
    his.say(lobby(), "mine").await;
    let row = lin.connect().await.list[0].clone();
    assert_eq!((row.unread, row.head, row.read), (3, seq(6), seq(1)));
    assert_eq!(his.read_up_to(lobby(), seq(3)).await, (3, 2));
    assert_eq!(his.read_up_to(lobby(), seq(4)).await, (4, 1));
    assert_eq!(lin.connect().await.list[0].unread, 1);
    assert_eq!(mei.connect().await.list[0].unread, 1);
}

#[tokio::test]
async fn the_marker_only_moves_forward_and_never_past_the_head() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut his) = (mei.connect().await, lin.connect().await);
    for text in ["one", "two", "three"] {
        hers.say(lobby(), text).await;
    }
    assert_eq!(his.read_up_to(lobby(), seq(4)).await, (4, 1));
    assert_eq!(his.read_up_to(lobby(), seq(2)).await, (4, 1));
    assert_eq!(his.read_up_to(lobby(), seq(9_999)).await, (5, 0));
    hers.say(lobby(), "four").await;
    assert_eq!(lin.connect().await.list[0].unread, 1);
}

#[tokio::test]
async fn reading_on_one_device_is_told_to_the_other() {
    let (_server, mei, lin) = two_people().await;
    let (mut phone, mut laptop) = (lin.connect().await, lin.connect().await);
    mei.connect().await.say(lobby(), "hello").await;
    phone.sees(lobby(), "hello").await;
    assert_eq!(phone.read_up_to(lobby(), seq(3)).await, (3, 0));
    assert_eq!(laptop.marker().await, (3, 0));
}

#[tokio::test]
async fn unread_messages_are_counted_up_to_a_bound_and_no_further() {
    let (server, mei, lin) = two_people().await;
    let many = "WITH RECURSIVE n (seq) AS (SELECT 3 UNION ALL SELECT seq + 1 FROM n WHERE seq < 3002)
        INSERT INTO changes (conversation, seq, author, at, counts, payload)
            SELECT 1, seq, 1, 0, 1, '{\"kind\":\"posted\",\"body\":\"hi\"}' FROM n;
        UPDATE conversations SET head = 3002 WHERE id = 1";
    server.database().execute_batch(many).unwrap();
    let mut his = lin.connect().await;
    assert_eq!(his.list[0].unread, UNREAD_COUNTED);
    assert_eq!(his.read_up_to(lobby(), seq(1_000)).await, (1_000, UNREAD_COUNTED));
    assert_eq!(his.read_up_to(lobby(), seq(2_500)).await, (2_500, 502));
    assert_eq!(mei.connect().await.list[0].unread, 0);
}

#[tokio::test]
async fn a_marker_that_does_not_move_is_answered_while_nothing_can_be_written() {
    let (server, _mei, lin) = two_people().await;
    let mut his = lin.connect().await;
    assert_eq!(his.read_up_to(lobby(), seq(2)).await, (2, 0));
    let other = server.database();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(his.read_up_to(lobby(), seq(1)).await, (2, 0));
    assert_eq!(his.read_up_to(lobby(), seq(9)).await, (2, 0));
    other.execute_batch("ROLLBACK").unwrap();
}
