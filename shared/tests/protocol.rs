//! Keeps PROTOCOL.md true: each example in it is read by the real types and written back the same.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking")]

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::frame::{ClientFrame, Deed, ServerFrame};
use shared::http;
use shared::model::What;

const PAGE: &str = include_str!("../../PROTOCOL.md");

/// The JSON examples of one kind: those whose fence names it.
fn examples(kind: &str) -> Vec<Value> {
    let fence = format!("```json {kind}\n");
    let found = PAGE.split(&fence).skip(1).map(|rest| {
        let text = rest.split("```").next().unwrap();
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
    });
    found.collect()
}

fn check<T: DeserializeOwned + Serialize>(kind: &str) -> Vec<T> {
    let examples = examples(kind);
    assert!(!examples.is_empty(), "PROTOCOL.md has no example of {kind}");
    let read = |example: Value| {
        let value: T = serde_json::from_value(example.clone()).unwrap_or_else(|e| panic!("{e} in {example}"));
        assert_eq!(serde_json::to_value(&value).unwrap(), example, "comes back as it stands");
        value
    };
    examples.into_iter().map(read).collect()
}

#[test]
fn every_frame_of_the_client_has_a_true_example() {
    // A new kind does not compile here until it has a number, and fails until it has an example.
    let numbers = check::<ClientFrame>("client").into_iter().map(|frame| match frame {
        ClientFrame::Hello { .. } => 0,
        ClientFrame::Read { .. } => 1,
        ClientFrame::Page { .. } => 2,
        ClientFrame::CatchUp { .. } => 3,
        ClientFrame::People { .. } => 4,
        ClientFrame::Ping => 5,
        ClientFrame::Refresh { .. } => 14,
        ClientFrame::Watch { .. } => 29,
        ClientFrame::Typing { .. } => 30,
        ClientFrame::Got { .. } => 31,
        ClientFrame::Do { deed, .. } => match deed {
            Deed::Post { .. } => 6,
            Deed::MakeChannel { .. } => 7,
            Deed::MakeGroup { .. } => 8,
            Deed::OpenDirect { .. } => 9,
            Deed::Join { .. } => 10,
            Deed::Add { .. } => 11,
            Deed::Remove { .. } => 12,
            Deed::Leave { .. } => 13,
            Deed::Forward { .. } => 16,
            Deed::Edit { .. } => 17,
            Deed::Recall { .. } => 18,
            Deed::React { .. } => 19,
            Deed::Pin { .. } => 20,
            Deed::Vote { .. } => 21,
            Deed::Close { .. } => 22,
            Deed::AddLine { .. } => 23,
            Deed::DropLine { .. } => 24,
            Deed::Keep { .. } => 25,
            Deed::Schedule { .. } => 26,
            Deed::Unschedule { .. } => 27,
        },
        ClientFrame::Entries { .. } => 15,
        ClientFrame::Draft { .. } => 28,
    });
    assert_eq!(numbers.collect::<BTreeSet<_>>(), (0..=31).collect());
}

#[test]
fn every_frame_of_the_server_has_a_true_example() {
    let numbers = check::<ServerFrame>("server").into_iter().map(|frame| match frame {
        ServerFrame::Welcome { .. } => 0,
        ServerFrame::Skipped { .. } => 1,
        ServerFrame::Conversation { .. } => 2,
        ServerFrame::Done { .. } => 3,
        ServerFrame::Refused { .. } => 4,
        ServerFrame::Page { .. } => 5,
        ServerFrame::Read { .. } => 6,
        ServerFrame::People { .. } => 7,
        ServerFrame::Pong => 8,
        ServerFrame::Check { .. } => 14,
        ServerFrame::Typing { .. } => 26,
        ServerFrame::Receipts { .. } => 27,
        ServerFrame::Changed { change } => match change.what {
            What::Created { .. } => 9,
            What::Joined { .. } => 10,
            What::Posted(_) => 11,
            What::Left { .. } => 12,
            What::Edited { .. } => 16,
            What::Recalled { .. } => 17,
            What::Reacted { .. } => 18,
            What::Pinned { .. } => 19,
            What::Voted { .. } => 20,
            What::Closed { .. } => 21,
            What::Lined { .. } => 22,
            What::Unlined { .. } => 23,
            What::Unknown => panic!("an example of an unknown change"),
        },
        ServerFrame::Gone { .. } => 13,
        ServerFrame::Entries { .. } => 15,
        ServerFrame::Kept { .. } => 24,
        ServerFrame::Own { .. } => 25,
        ServerFrame::Unknown => panic!("an example of an unknown frame"),
    });
    assert_eq!(numbers.collect::<BTreeSet<_>>(), (0..=27).collect());
}

#[test]
fn every_body_over_http_has_a_true_example() {
    check::<http::Refusal>("refusal");
    check::<http::SignUp>("sign_up");
    check::<http::SignIn>("sign_in");
    check::<http::SignedIn>("signed_in");
    check::<http::Token>("token");
    check::<http::Server>("about");
    check::<http::People>("people");
    check::<http::Channels>("channels");
    check::<http::Versions>("versions");
    check::<http::Pins>("pins");
    check::<http::Replies>("replies");
    check::<http::Results>("results");
    check::<http::Moment>("moment");
    check::<http::Invitation>("invitation");
}

#[test]
fn every_code_stands_in_the_page() {
    let codes = PAGE.split("### Codes").nth(1).unwrap().split("###").next().unwrap();
    for code in codes.split('`').skip(1).step_by(2) {
        let read: shared::code::Code = serde_json::from_value(Value::String(code.to_owned())).unwrap();
        assert_ne!(read, shared::code::Code::Unknown, "{code} is a code");
    }
}
