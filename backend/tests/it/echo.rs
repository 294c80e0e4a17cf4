//! The connection test.

use std::net::IpAddr;

use backend::session::{ECHO_BYTES, ECHOES, ECHOES_EACH};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::harness::socket::upgrade;
use crate::harness::{Server, within};

async fn comes_back(socket: &mut WebSocketStream<TcpStream>, message: Message) {
    within(socket.send(message.clone())).await.unwrap();
    assert!(within(socket.next()).await.unwrap().unwrap() == message, "it came back changed");
}

#[tokio::test]
async fn text_and_binary_come_back_whole_and_unchanged() {
    let server = Server::start().await;
    let mut socket = upgrade(server.address, "/echo", &[]).await.unwrap();
    for message in [
        Message::text("hello"),
        Message::text(""),
        Message::text("你好 שלום 👩‍👩‍👧‍👦"),
        Message::binary(vec![0, 255, 128, 10]),
        Message::binary(Vec::new()),
        Message::binary((0..=255).cycle().take(64 * 1024).collect::<Vec<u8>>()),
        Message::text("x".repeat(64 * 1024)),
    ] {
        comes_back(&mut socket, message).await;
    }
}

#[tokio::test]
async fn a_message_in_fragments_comes_back_as_one() {
    let server = Server::start().await;
    let mut socket = upgrade(server.address, "/echo", &[]).await.unwrap();
    let fragments = [
        ("你".as_bytes(), OpCode::Data(Data::Text), false),
        (b" and ", OpCode::Data(Data::Continue), false),
        (b"me", OpCode::Data(Data::Continue), true),
    ];
    for (bytes, code, last) in fragments {
        socket.send(Message::Frame(Frame::message(bytes, code, last))).await.unwrap();
    }
    assert_eq!(within(socket.next()).await.unwrap().unwrap(), Message::text("你 and me"));
}

/// With which code the server closes.
async fn closed(mut socket: WebSocketStream<TcpStream>) -> Option<u16> {
    loop {
        match within(socket.next()).await {
            Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

#[tokio::test]
async fn sixteen_mebibytes_come_back_and_one_byte_more_does_not() {
    let server = Server::start().await;
    let mut socket = upgrade(server.address, "/echo", &[]).await.unwrap();
    comes_back(&mut socket, Message::binary(vec![7; ECHO_BYTES])).await;
    let _ = socket.send(Message::binary(vec![7; ECHO_BYTES + 1])).await;
    assert_eq!(closed(socket).await, Some(1009));
}

#[tokio::test]
async fn a_text_that_is_none_is_named() {
    let server = Server::start().await;
    let mut socket = upgrade(server.address, "/echo", &[]).await.unwrap();
    let half = Frame::message(&b"\xe4\xbd"[..], OpCode::Data(Data::Text), true);
    socket.send(Message::Frame(half)).await.unwrap();
    assert_eq!(closed(socket).await, Some(1007));
}

#[tokio::test]
async fn few_are_echoed_at_once_and_who_goes_makes_room() {
    let server = Server::start().await;
    let mut sockets = Vec::new();
    for _ in 0..ECHOES_EACH {
        sockets.push(upgrade(server.address, "/echo", &[]).await.unwrap());
    }
    // Nobody alone takes every place: the others find some.
    assert_eq!(upgrade(server.address, "/echo", &[]).await.err(), Some(503));
    let elsewhere = IpAddr::from([10, 0, 0, 1]).into();
    let others: Vec<_> = (ECHOES_EACH..ECHOES).map(|_| server.app.echoes.take(elsewhere).unwrap()).collect();
    assert!(!others.is_empty() && server.app.echoes.take(elsewhere).is_none());
    drop(others);
    let mut gone = sockets.pop().unwrap();
    within(gone.close(None)).await.unwrap();
    while within(gone.next()).await.is_some() {}
    let mut next = upgrade(server.address, "/echo", &[]).await.unwrap();
    comes_back(&mut next, Message::text("my turn")).await;
}

#[tokio::test]
async fn who_says_goodbye_is_answered() {
    let server = Server::start().await;
    let mut socket = upgrade(server.address, "/echo", &[]).await.unwrap();
    within(socket.close(None)).await.unwrap();
    while let Some(heard) = within(socket.next()).await {
        assert!(heard.unwrap().is_close(), "the connection broke instead");
    }
}
