//! The page of counts.
#![cfg(feature = "metrics")]

use std::collections::BTreeMap;
use std::sync::Arc;

use backend::meter::Page;
use serde_json::json;
use shared::frame::{ClientFrame, Deed, Fault};

use crate::harness::http::send;
use crate::harness::socket::new_id;
use crate::harness::{Server, conversation, lobby};

/// What the page says, by name and labels.
async fn counts(page: std::net::SocketAddr) -> (BTreeMap<String, f64>, String) {
    let reply = send(page, "GET", "/metrics", &[], None).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, "text/plain; version=0.0.4; charset=utf-8")
    );
    let text = reply.text();
    let lines = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
    (lines.map(|(name, count)| (name.to_owned(), count.parse().unwrap())).collect(), text)
}

#[tokio::test]
async fn what_happens_is_counted_and_nobody_is_named() {
    let page = Page::open("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = page.address().unwrap();
    let server = Server::start().await;
    server.app.tasks.spawn(page.run(Arc::clone(&server.app)));
    let mei = server.sign_up("mei").await;
    let wrong = json!({ "name": "mei", "password": "wrong horse" });
    assert_eq!(server.post("/api/sessions", wrong).await.status, 401);
    let mut hers = mei.connect().await;
    let (id, deed) = (new_id(), Deed::post(lobby(), "secret words".try_into().unwrap()));
    assert_eq!(hers.perform(id, deed.clone()).await, hers.perform(id, deed).await);
    let nowhere = Deed::post(conversation(99), "x".try_into().unwrap());
    hers.perform(new_id(), nowhere).await.unwrap_err();
    hers.send(&ClientFrame::Refresh { conversation: lobby(), fault: Fault::Differs }).await;
    hers.new_conversation().await;
    let (counts, text) = counts(address).await;
    let check =
        |name: &str, expected: f64| assert_eq!(counts.get(name), Some(&expected), "{name} in\n{text}");
    check("magpie_sockets", 1.0);
    check("magpie_deeds_total{outcome=\"stored\"}", 1.0);
    check("magpie_deeds_total{outcome=\"found\"}", 1.0);
    check("magpie_deeds_total{outcome=\"refused\"}", 1.0);
    check("magpie_changes_total", 2.0);
    check("magpie_catch_ups_total{from=\"tail\"}", 1.0);
    check("magpie_refusals_total{code=\"wrong_credentials\"}", 1.0);
    check("magpie_refusals_total{code=\"not_found\"}", 1.0);
    check("magpie_wrong_copies_total{fault=\"differs\"}", 1.0);
    check("magpie_sign_ins_failed_total", 1.0);
    assert!(counts["magpie_connections"] >= 1.0 && counts["magpie_commit_seconds_count"] >= 3.0, "{text}");
    assert!(counts["magpie_commit_jobs_bucket{le=\"+Inf\"}"] >= 3.0, "{text}");
    assert!(!text.contains("mei") && !text.contains("secret") && !text.contains("127.0.0.1"), "{text}");
}
