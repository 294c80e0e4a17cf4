//! Someone who does not read for a while loses nothing and holds up nobody.

use crate::harness::{lobby, seq, two_people};

#[tokio::test]
async fn a_reader_that_stops_while_2000_messages_are_posted_gets_them_all() {
    let (_server, mei, lin) = two_people().await;
    let (mut hers, mut slow) = (mei.connect().await, lin.connect().await);
    let head = slow.list[0].head.get();
    // 8 MB: more than the sockets' buffers hold and far more than the tail.
    let padding = "慢".repeat(1_300);
    for number in 0..2_000 {
        hers.say(lobby(), &format!("{number} {padding}")).await;
    }
    for place in head + 1..=head + 2_000 {
        assert_eq!(slow.change(lobby()).await.seq, seq(place));
    }
    assert!(slow.so_far().await.is_empty());
}
