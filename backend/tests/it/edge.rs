//! The outer wall: origins, headers, unknown paths, large and slow heads.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::socket::upgrade;
use crate::harness::{PASSWORD, Server, http, within};
use serde_json::{Value, json};
use shared::code::Code;
use shared::http::Refusal;

#[tokio::test]
async fn a_socket_opens_for_our_own_page_and_for_no_other() {
    let server = Server::start().await;
    let mei = server.sign_up("mei").await;
    let host = server.address;
    let own = format!("http://{host}");
    let check = async |origin: &str, expected: Option<u16>| {
        let headers =
            [("cookie", mei.cookie.as_str()), ("origin", origin), ("sec-websocket-protocol", "magpie.v1")];
        assert_eq!(upgrade(host, "/ws", &headers).await.err(), expected, "for {origin}");
        let echo = upgrade(host, "/echo", &[("origin", origin)]).await.err();
        assert_eq!(echo, expected, "for {origin}");
    };
    check(&own, None).await;
    for origin in [
        "null",
        "https://evil.example",
        &format!("http://{host}.evil.example"),
        &format!("http://evil.{host}"),
        &format!("ftp://{host}"),
        &format!("HTTP://{host}"),
        &format!("{own}/"),
        &format!("{own}."),
        &host.to_string(),
        "http://127.0.0.1",
        "http://localhost:1",
        "file://",
    ] {
        check(origin, Some(403)).await;
    }
}

#[tokio::test]
async fn a_socket_without_an_origin_needs_a_token_and_none_speaks_another_subprotocol() {
    let server = Server::start().await;
    let mei = server.sign_up("mei").await;
    let token = server.post("/api/tokens", json!({ "name": "mei", "password": PASSWORD })).await;
    let bearer = format!("Bearer {}", token.json::<Value>()["token"].as_str().unwrap());
    let level = ("sec-websocket-protocol", "magpie.v1");
    let check = async |headers: &[(&'static str, &str)], expected: Option<u16>| {
        assert_eq!(upgrade(server.address, "/ws", headers).await.err(), expected, "for {headers:?}");
    };
    check(&[level, ("authorization", &bearer)], None).await;
    check(&[level, ("cookie", &mei.cookie)], Some(403)).await;
    check(&[level], Some(401)).await;
    check(&[level, ("authorization", "Bearer nonsense")], Some(401)).await;
    check(&[("authorization", &bearer)], None).await;
    let other = ("sec-websocket-protocol", "graphql-ws");
    check(&[other, ("authorization", &bearer)], Some(400)).await;
    let token = bearer.trim_start_matches("Bearer ");
    let in_url = upgrade(server.address, &format!("/ws?token={token}"), &[level]).await;
    assert_eq!(in_url.err(), Some(401));
}

#[tokio::test]
async fn a_page_elsewhere_changes_nothing() {
    let server = Server::start().await;
    let body = json!({ "name": "mei", "display": "Mei", "password": PASSWORD });
    let check = async |headers: &[(&str, &str)], expected: (u16, &str)| {
        let reply = http::send(server.address, "POST", "/api/accounts", headers, Some(body.clone())).await;
        assert_eq!(reply.refusal(), (expected.0, expected.1.to_owned()), "for {headers:?}");
    };
    check(&[("origin", "https://evil.example")], (403, "bad_origin")).await;
    check(&[("origin", "null")], (403, "bad_origin")).await;
    check(&[("sec-fetch-site", "cross-site")], (403, "bad_origin")).await;
    check(&[("sec-fetch-site", "same-site")], (403, "bad_origin")).await;
    let own = format!("http://{}", server.address);
    let reply =
        http::send(server.address, "POST", "/api/accounts", &[("origin", &own)], Some(body.clone())).await;
    assert_eq!(reply.status, 201);
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_browsers_careful() {
    let server = Server::start().await;
    let mei = server.sign_up("mei").await;
    for path in [
        "/",
        "/health",
        "/api/server",
        "/api/session",
        "/api/people",
        "/api/nothing",
        "/ws",
        "/echo",
        "/x.js",
    ] {
        let reply = mei.ask("GET", path).await;
        for (name, expected) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), expected, "{name} of {path}");
        }
        let policy = reply.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        let caching = reply.header("cache-control");
        assert!(caching == "no-store" || (path == "/" && caching == "no-cache"), "{path}: {caching}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_json() {
    let server = Server::start().await;
    for path in ["/api/nothing", "/api", "/files/x", "/favicon.nothing"] {
        assert_eq!(server.get(path).await.refusal(), (404, "not_found".into()), "{path}");
    }
    let reply = http::send(server.address, "DELETE", "/api/people", &[], None).await;
    assert_eq!(reply.refusal(), (405, "malformed".into()));
    let health = server.get("/health").await;
    assert_eq!((health.status, health.json::<Value>()["status"].clone()), (200, json!("ok")));
}

#[tokio::test]
async fn any_address_a_person_may_type_shows_the_page_or_how_to_build_it() {
    let server = Server::start().await;
    for path in ["/", "/c/7", "/settings", "/index.html"] {
        let reply = http::send(server.address, "GET", path, &[("accept", "text/html,*/*;q=0.8")], None).await;
        assert!(matches!(reply.status, 200 | 503), "{path}: {}", reply.status);
        assert!(reply.text().to_lowercase().contains("<!doctype html>"));
        assert!(!reply.text().contains("{{__TRUNK NONCE__}}"));
    }
}

async fn raw(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    // The server may hang up in the middle: that is what is tested.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = within(stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::start().await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(20_000));
    assert!(raw(&server, long.as_bytes()).await.starts_with("HTTP/1.1 431"));
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(65));
    assert!(raw(&server, many.as_bytes()).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn who_comes_when_all_places_are_taken_is_told_so() {
    let server = Server::with(|config| config.connections_per_address = 2).await;
    let one = TcpStream::connect(server.address).await.unwrap();
    let two = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let refused = raw(&server, b"").await;
    let (head, body) = refused.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 503") && head.ends_with(&format!("content-length: {}", body.len())));
    assert_eq!(serde_json::from_str::<Refusal>(body).unwrap().code, Code::Busy);
    drop((one, two));
    let until_there_is_room = async { while !raw(&server, request).await.starts_with("HTTP/1.1 200") {} };
    within(until_there_is_room).await;
}
