//! When more come at once than can be welcomed, some wait and some are told when to come back.

use std::time::{Duration, Instant};

use shared::code::{Close, Code};
use shared::frame::{ClientFrame, LEVEL, ServerFrame};

use crate::harness::Server;
use crate::harness::socket::Socket;

fn hello() -> ClientFrame {
    ClientFrame::Hello { level: LEVEL, epoch: None, cursors: Vec::new().try_into().unwrap(), own: None }
}

#[tokio::test]
async fn who_would_wait_too_long_is_told_when_to_come_back() {
    let server =
        Server::with(|config| (config.hellos_at_once, config.hello_wait) = (1, Duration::ZERO)).await;
    let mei = server.sign_up("mei").await;
    let mut there = mei.connect().await;
    let turn = server.app.rush.hello().await.unwrap();
    let mut socket = Socket::open(&mei).await;
    socket.send(&hello()).await;
    let refused = socket.read().await.unwrap();
    let ServerFrame::Refused { client_id: None, conversation: None, code: Code::Busy, retry_after } = refused
    else {
        panic!("{refused:?}")
    };
    assert!(retry_after.is_some_and(|millis| (1_000..=30_000).contains(&millis)), "{retry_after:?}");
    assert_eq!(socket.closed().await, Some(Close::TryLater.code()));
    assert!(there.so_far().await.is_empty(), "who is there already is not disturbed");
    drop(turn);
    mei.connect().await;
}

#[tokio::test]
async fn who_need_not_wait_long_waits_in_line() {
    let server = Server::with(|config| config.hellos_at_once = 1).await;
    let mei = server.sign_up("mei").await;
    let turn = server.app.rush.hello().await.unwrap();
    let mut sockets = Vec::new();
    for _ in 0..3 {
        let mut socket = Socket::open(&mei).await;
        socket.send(&hello()).await;
        sockets.push(socket);
    }
    drop(turn);
    for mut socket in sockets {
        assert!(matches!(socket.read().await, Ok(ServerFrame::Welcome { .. })));
    }
}

#[tokio::test]
async fn the_server_stops_while_somebody_waits_in_line() {
    let server = Server::with(|config| config.hellos_at_once = 1).await;
    let mei = server.sign_up("mei").await;
    let app = server.app.clone();
    let _turn = app.rush.hello().await.unwrap();
    let mut socket = Socket::open(&mei).await;
    socket.send(&hello()).await;
    let stopping = server.stop();
    let (code, _folder) = tokio::join!(socket.closed(), stopping);
    assert_eq!(code, Some(Close::Restarting.code()));
}

#[tokio::test]
async fn one_person_who_comes_over_and_over_is_welcomed_twice_a_second() {
    let server = Server::start().await;
    let mei = server.sign_up("mei").await;
    let begun = Instant::now();
    for _ in 0..40 {
        server.app.hellos.turn(mei.id).await;
    }
    // Whoever else comes does not wait for her.
    server.sign_up("lin").await.connect().await;
    mei.connect().await;
    mei.connect().await;
    assert!(begun.elapsed() > Duration::from_millis(900), "it took {:?}", begun.elapsed());
}
