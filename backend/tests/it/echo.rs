//! The connection test.

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

#[tokio::test]
async fn the_echo_has_the_same_bound_as_the_chat() {
    let server = Server::start().await;
    let mut socket = upgrade(server.address, "/echo", &[]).await.unwrap();
    let _ = socket.send(Message::binary(vec![7; 64 * 1024 + 1])).await;
    let closed = loop {
        match within(socket.next()).await {
            Some(Ok(Message::Close(frame))) => break frame.map(|frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => break None,
        }
    };
    assert_eq!(closed, Some(1009));
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
