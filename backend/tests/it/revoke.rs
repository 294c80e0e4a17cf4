//! Signing out ends sockets at once.

use backend::actions::accounts;

use crate::harness::socket::{Socket, upgrade};
use crate::harness::{PASSWORD, Person, lobby, seq, two_people, within};
use serde_json::json;
use shared::frame::ServerFrame;

#[tokio::test]
async fn signing_out_closes_the_sockets_of_this_device_and_no_other() {
    let (server, mei, _) = two_people().await;
    let reply = server.post("/api/sessions", json!({ "name": "mei", "password": PASSWORD })).await;
    let phone = Person::of(server.address, &reply);
    let (one, two, mut other) = (phone.connect().await, phone.connect().await, mei.connect().await);
    let asked = std::time::Instant::now();
    assert_eq!(phone.ask("DELETE", "/api/session").await.status, 204);
    assert_eq!((one.closed().await, two.closed().await), (Some(4001), Some(4001)));
    assert!(asked.elapsed().as_secs_f32() < 1.0, "it took {:?}", asked.elapsed());
    assert!(other.so_far().await.is_empty());
    let origin = format!("http://{}", server.address);
    let headers =
        [("cookie", phone.cookie.as_str()), ("origin", &origin), ("sec-websocket-protocol", "magpie.v1")];
    assert_eq!(upgrade(server.address, "/ws", &headers).await.err(), Some(401));
}

#[tokio::test]
async fn a_person_may_have_twenty_sockets_and_the_next_is_told_to_come_later() {
    let (_server, mei, _) = two_people().await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(mei.connect().await);
    }
    let one_more = Socket::open(&mei).await;
    assert_eq!(one_more.closed().await, Some(1013));
}

#[tokio::test]
async fn signing_out_also_closes_a_socket_that_has_not_said_hello() {
    let (_server, mei, _) = two_people().await;
    let mut silent = Socket::open(&mei).await;
    // An answer shows that the socket has its seat; a bad frame gets one before the hello, too.
    silent.send_text("?").await;
    silent.refused().await;
    assert_eq!(mei.ask("DELETE", "/api/session").await.status, 204);
    assert_eq!(silent.closed().await, Some(4001));
}

#[tokio::test]
async fn whoever_hangs_up_while_signing_out_leaves_no_socket_open() {
    let (server, mei, _) = two_people().await;
    let mut socket = mei.connect().await;
    socket.so_far().await;
    let me: shared::http::SignedIn = mei.ask("GET", "/api/session").await.json();
    // The request has begun, and nobody waits for its answer any more.
    let mut leaving = Box::pin(accounts::sign_out(&server.app, me.session));
    assert!(futures_util::poll!(&mut leaving).is_pending());
    drop(leaving);
    assert_eq!(socket.closed().await, Some(4001));
}

#[tokio::test]
async fn signing_out_ends_a_large_catch_up_in_the_middle() {
    let (server, mei, lin) = two_people().await;
    // What the server does by itself goes on.
    let idle = server.app.tasks.len();
    let epoch = mei.connect().await.epoch;
    // 12 MB: more than the sockets' buffers hold.
    let many = "WITH RECURSIVE n (seq) AS (SELECT 3 UNION ALL SELECT seq + 1 FROM n WHERE seq < 1002)
        INSERT INTO changes (conversation, seq, author, at, counts, payload)
            SELECT 1, seq, 1, 0, 1,
                '{\"kind\":\"posted\",\"body\":\"' || replace(printf('%4000s', ''), ' ', '慢') || '\"}' FROM n;
        UPDATE conversations SET head = 1002 WHERE id = 1";
    server.database().execute_batch(many).unwrap();
    let mut his = Socket::hello(&lin, epoch, &[(lobby(), seq(2))]).await;
    assert_eq!(his.change(lobby()).await.seq, seq(3));
    assert_eq!(lin.ask("DELETE", "/api/session").await.status, 204);
    // Nothing is read meanwhile: the server does not wait for that.
    within(async {
        while server.app.tasks.len() > idle {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut changes = 1;
    while let Ok(frame) = his.read().await {
        changes += usize::from(matches!(frame, ServerFrame::Changed { .. }));
    }
    assert!(changes < 1_000, "all {changes} came");
}
