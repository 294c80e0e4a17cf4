//! Whatever nonsense comes in, it is named, and the connection goes on.

use futures_util::SinkExt as _;
use shared::code::Code;
use shared::frame::{Deed, ServerFrame};
use tokio_tungstenite::tungstenite::Message;

use crate::harness::socket::{Socket, new_id, post};
use crate::harness::{Server, lobby};

#[tokio::test]
async fn every_bad_frame_gets_its_code_and_the_connection_still_works() {
    let server = Server::start().await;
    let mut mei = server.sign_up("mei").await.connect().await;
    for (frame, code) in [
        ("not json", Code::Malformed),
        ("{}", Code::Malformed),
        (r#"{"t":"dance"}"#, Code::UnknownKind),
        (r#"{"t":"hello","level":1}"#, Code::Malformed),
        (r#"{"t":"page","conversation":"one","limit":1}"#, Code::Malformed),
    ] {
        mei.send_text(frame).await;
        assert_eq!(mei.refused().await, code, "for {frame}");
    }
    for (body, code) in
        [("", Code::Empty), (" \n\u{3000}", Code::Empty), (&"字".repeat(4_001), Code::TooLong)]
    {
        let id = new_id();
        mei.send_text(&post(id, lobby(), body).to_string()).await;
        let refused = mei
            .wait_for(|frame| match frame {
                ServerFrame::Refused { client_id, code, .. } => Some((*client_id, *code)),
                _ => None,
            })
            .await;
        assert_eq!(refused, (Some(id), code));
    }
    mei.raw.send(Message::binary(vec![0, 159, 146, 150])).await.unwrap();
    assert_eq!(mei.refused().await, Code::Malformed);
    mei.say(lobby(), "still here").await;
    mei.sees(lobby(), "still here").await;
}

#[tokio::test]
async fn a_frame_larger_than_64_kib_ends_the_connection_and_says_so() {
    let server = Server::start().await;
    let mei = server.sign_up("mei").await;
    let mut socket = mei.connect().await;
    let _ = socket.raw.send(Message::text("x".repeat(64 * 1024 + 1))).await;
    assert_eq!(socket.closed().await, Some(1009));
    mei.connect().await.say(lobby(), "again").await;
}

#[tokio::test]
async fn nothing_is_done_before_the_hello() {
    let server = Server::start().await;
    let mei = server.sign_up("mei").await;
    let mut socket = Socket::open(&mei).await;
    let body = "too early".try_into().unwrap();
    let refused = socket.perform(new_id(), Deed::post(lobby(), body)).await;
    assert_eq!(refused, Err(Code::Malformed));
    socket.send_text(r#"{"t":"hello","level":1}"#).await;
    socket.wait_for(|frame| matches!(frame, ServerFrame::Welcome { .. }).then_some(())).await;
    let mut old = Socket::open(&mei).await;
    old.send_text(r#"{"t":"hello","level":0}"#).await;
    assert_eq!(old.closed().await, Some(4002));
}
