//! Signing up, in and out, inviting, finding people.

use serde_json::{Value, json};
use shared::http::Registration;

use crate::harness::{PASSWORD, Person, Server, http, two_people};

fn wanted(name: &str) -> Value {
    json!({ "name": name, "display": name, "password": PASSWORD })
}

#[tokio::test]
async fn the_first_account_owns_the_server_and_the_next_does_not() {
    let server = Server::start().await;
    assert_eq!(server.get("/api/server").await.json::<Value>()["owned"], false);
    let first = server.post("/api/accounts", wanted("Mei")).await;
    assert_eq!(first.status, 201);
    assert_eq!(first.json::<Value>()["me"]["role"], "owner");
    assert_eq!(first.json::<Value>()["me"]["name"], "mei");
    let second = server.post("/api/accounts", wanted("lin")).await;
    assert_eq!(second.json::<Value>()["me"]["role"], "member");
    assert_eq!(server.get("/api/server").await.json::<Value>()["owned"], true);
}

#[tokio::test]
async fn a_sign_up_that_breaks_a_rule_names_the_field() {
    let server = Server::start().await;
    server.sign_up("mei").await;
    let check = async |body: Value, status: u16, code: &str, field: Value| {
        let reply = server.post("/api/accounts", body).await;
        assert_eq!(reply.refusal(), (status, code.to_owned()));
        assert_eq!(reply.json::<Value>()["field"], field);
    };
    check(wanted("MEI"), 409, "name_taken", json!("name")).await;
    for everybody in ["everyone", "All", "here", "所有人", "在线"] {
        check(wanted(everybody), 409, "name_taken", json!("name")).await;
    }
    check(wanted("a"), 422, "too_short", json!("name")).await;
    check(wanted("two words"), 422, "bad_character", json!("name")).await;
    check(json!({ "name": "lin", "display": " ", "password": PASSWORD }), 422, "empty", json!("display"))
        .await;
    check(
        json!({ "name": "lin", "display": "Lin", "password": "short" }),
        422,
        "too_short",
        json!("password"),
    )
    .await;
    check(json!({ "name": "lin" }), 400, "malformed", Value::Null).await;
}

#[tokio::test]
async fn only_json_is_taken_and_only_so_much_of_it() {
    let server = Server::start().await;
    let check = async |headers: &[(&str, &str)], body: String, expected: u16| {
        let reply = http::send_bytes(server.address, "POST", "/api/accounts", headers, body).await;
        assert_eq!(reply.status, expected, "{headers:?}");
    };
    let good = wanted("mei").to_string();
    check(&[("content-type", "text/plain")], good.clone(), 415).await;
    check(&[("content-type", "application/x-www-form-urlencoded")], good.clone(), 415).await;
    check(&[], good.clone(), 415).await;
    check(&[("content-type", "application/json"), ("content-encoding", "gzip")], good.clone(), 415).await;
    check(&[("content-type", "application/json")], "x".repeat(70_000), 413).await;
    check(&[("content-type", "application/json")], "nonsense".to_owned(), 400).await;
    check(&[("content-type", "application/json; charset=utf-8")], good, 201).await;
}

#[tokio::test]
async fn an_invitation_lets_exactly_one_account_in() {
    let server = Server::with(|config| config.registration = Registration::Invitation).await;
    let owner = server.sign_up("mei").await;
    assert_eq!(
        server.post("/api/accounts", wanted("lin")).await.refusal(),
        (403, "invitation_needed".into())
    );
    let code = owner.ask("POST", "/api/invitations").await.json::<Value>()["code"].clone();
    let invited = |name: &str| {
        let mut body = wanted(name);
        body["invitation"] = code.clone();
        body
    };
    let lin = server.post("/api/accounts", invited("lin")).await;
    assert_eq!(lin.status, 201);
    assert_eq!(
        server.post("/api/accounts", invited("wen")).await.refusal(),
        (403, "invitation_needed".into())
    );
    let lin = Person::of(server.address, &lin);
    assert_eq!(lin.ask("POST", "/api/invitations").await.refusal(), (403, "not_allowed".into()));
}

#[tokio::test]
async fn a_taken_name_does_not_use_an_invitation_up() {
    let server = Server::with(|config| config.registration = Registration::Invitation).await;
    let owner = server.sign_up("mei").await;
    let code = owner.ask("POST", "/api/invitations").await.json::<Value>()["code"].clone();
    for (name, status) in [("mei", 409), ("lin", 201)] {
        let mut body = wanted(name);
        body["invitation"] = code.clone();
        assert_eq!(server.post("/api/accounts", body).await.status, status);
    }
}

#[tokio::test]
async fn a_closed_server_takes_its_owner_and_nobody_else() {
    let server = Server::with(|config| config.registration = Registration::Closed).await;
    assert_eq!(server.post("/api/accounts", wanted("mei")).await.status, 201);
    assert_eq!(
        server.post("/api/accounts", wanted("lin")).await.refusal(),
        (403, "registration_closed".into())
    );
}

#[tokio::test]
async fn signing_in_takes_the_right_password_and_signing_out_ends_the_session() {
    let server = Server::start().await;
    server.sign_up("mei").await;
    let wrong = json!({ "name": "mei", "password": "battery staple" });
    assert_eq!(server.post("/api/sessions", wrong).await.refusal(), (401, "wrong_credentials".into()));
    let nobody = json!({ "name": "nobody", "password": "battery staple" });
    assert_eq!(server.post("/api/sessions", nobody).await.refusal(), (401, "wrong_credentials".into()));
    let reply = server.post("/api/sessions", json!({ "name": "Mei", "password": PASSWORD })).await;
    assert_eq!(reply.status, 201);
    let mei = Person::of(server.address, &reply);
    assert_eq!(mei.ask("GET", "/api/session").await.status, 200);
    let bye = mei.ask("DELETE", "/api/session").await;
    assert_eq!(bye.status, 204);
    assert!(bye.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(mei.ask("GET", "/api/session").await.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn five_wrong_passwords_bar_the_name_from_this_address_for_a_while() {
    let server = Server::start().await;
    let wrong = json!({ "name": "mei", "password": "battery staple" });
    for _ in 0..5 {
        assert_eq!(server.post("/api/sessions", wrong.clone()).await.status, 401);
    }
    let barred = server.post("/api/sessions", wrong).await;
    assert_eq!(barred.refusal(), (429, "too_fast".into()));
    assert!(barred.json::<Value>()["retry_after"].as_u64().unwrap() > 600);
}

#[tokio::test]
async fn fifty_wrong_passwords_bar_an_address_whatever_the_names_and_right_ones_count_for_nothing() {
    let server = Server::start().await;
    server.sign_up("mei").await;
    let right = json!({ "name": "mei", "password": PASSWORD });
    let wrong = |name: &str| json!({ "name": name, "password": "battery staple" });
    let (here, now) = (std::net::IpAddr::from([127, 0, 0, 1]).into(), server.app.clock.now());
    // Each would be hashed, which takes a while: most are noted without.
    for _ in 0..48 {
        server.app.sign_ins_in_all.begin(here, now).unwrap();
    }
    for (wanted, expected) in [
        (right.clone(), 201),
        (wrong("lin"), 401),
        (right.clone(), 201),
        (wrong("wen"), 401),
        (right, 429),
        (wrong("zoe"), 429),
    ] {
        assert_eq!(server.post("/api/sessions", wanted.clone()).await.status, expected, "{wanted}");
    }
}

#[tokio::test]
async fn a_program_signs_in_with_a_token_and_the_database_holds_none() {
    let server = Server::start().await;
    let mei = server.sign_up("mei").await;
    let reply = server.post("/api/tokens", json!({ "name": "mei", "password": PASSWORD })).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.header("set-cookie"), "");
    let token = reply.json::<Value>()["token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let me = http::send(server.address, "GET", "/api/session", &[("authorization", &bearer)], None).await;
    assert_eq!(me.status, 200);
    let secrets = [token.as_str(), mei.cookie.split_once('=').unwrap().1, PASSWORD];
    for entry in std::fs::read_dir(server.folder()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in secrets {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
        }
    }
}

#[tokio::test]
async fn cookies_keep_to_themselves() {
    let check = async |secure: bool, expected: &[&str]| {
        let server = Server::with(|config| config.secure_cookies = secure).await;
        let reply = server.post("/api/accounts", wanted("mei")).await;
        let cookie = reply.header("set-cookie");
        for part in expected {
            assert!(cookie.contains(part), "{cookie} lacks {part}");
        }
        assert_eq!(cookie.contains("Secure"), secure);
        assert!(!cookie.contains("Domain"));
    };
    let always = ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"];
    check(false, &[&always[..], &["magpie="]].concat()).await;
    check(true, &[&always[..], &["__Host-magpie="]].concat()).await;
}

#[tokio::test]
async fn people_and_channels_are_found_by_any_part_of_their_names() {
    let (server, mei, _) = two_people().await;
    let zoe = json!({ "name": "zoe", "display": "Zoë 100%_Ünder", "password": PASSWORD });
    server.post("/api/accounts", zoe).await;
    let check = async |path: &str, list: &str, key: &str, expected: &[&str]| {
        let found = mei.ask("GET", path).await.json::<Value>();
        let names: Vec<_> =
            found[list].as_array().unwrap().iter().map(|item| item[key].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{path}");
    };
    check("/api/people", "people", "name", &["mei", "zoe", "林雯"]).await;
    check("/api/people?q=EI", "people", "name", &["mei"]).await;
    check("/api/people?q=%C3%BCnder", "people", "name", &["zoe"]).await;
    check("/api/people?q=%25_", "people", "name", &["zoe"]).await;
    check("/api/people?q=%E6%9E%97", "people", "name", &["林雯"]).await;
    check("/api/people?q=lw", "people", "name", &["林雯"]).await;
    check("/api/people?q=linw", "people", "name", &["林雯"]).await;
    check("/api/people?q=under", "people", "name", &["zoe"]).await;
    check("/api/people?q=zd", "people", "name", &[]).await;
    check("/api/channels?q=lobby", "channels", "title", &["大厅 Lobby"]).await;
    check("/api/channels?q=dating", "channels", "title", &["大厅 Lobby"]).await;
    check("/api/channels?q=nothing", "channels", "title", &[]).await;
    assert_eq!(server.get("/api/people").await.refusal(), (401, "signed_out".into()));
}

#[tokio::test]
async fn whoever_signs_up_and_whoever_looks_hears_how_names_are_read() {
    let (server, mei, lin) = two_people().await;
    let signed_in = lin.ask("GET", "/api/session").await.json::<Value>();
    assert_eq!(signed_in["me"]["sound"], "lin wen");
    let wanted = json!({ "name": "bank", "display": "行长 Bo", "password": PASSWORD });
    let signed_up = server.post("/api/accounts", wanted).await.json::<Value>();
    assert_eq!(signed_up["me"]["sound"], "xing|hang|heng zhang|chang");
    let found = mei.ask("GET", "/api/people?q=mei").await.json::<Value>();
    assert_eq!(found["people"][0].get("sound"), None);
    let lobby = mei.connect().await.list[0].clone();
    assert_eq!(lobby.sound.unwrap().as_str(), "da|dai|tai ting");
}

#[tokio::test]
async fn whoever_is_signed_in_stays_so_when_nothing_can_be_written() {
    let server = Server::start().await;
    let mei = server.sign_up("mei").await;
    let full = "UPDATE sessions SET seen_at = seen_at - 7200000;
        CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT RAISE (ABORT, 'the disk is full'); END";
    server.database().execute_batch(full).unwrap();
    assert_eq!(mei.ask("GET", "/api/session").await.status, 200);
    mei.connect().await;
}

#[tokio::test]
async fn wrong_passwords_that_come_all_at_once_do_not_slip_through() {
    let server = Server::start().await;
    let wrong = json!({ "name": "mei", "password": "battery staple" });
    let tries = std::iter::repeat_with(|| server.post("/api/sessions", wrong.clone())).take(12);
    let answers = futures_util::future::join_all(tries).await;
    let barred = answers.iter().filter(|reply| reply.status == 429).count();
    assert_eq!(barred, 7);
}

#[tokio::test]
async fn an_address_makes_only_so_many_accounts_and_one_that_was_refused_does_not_count() {
    let server = Server::with(|config| config.accounts_per_hour = 2).await;
    for (name, status) in [("mei", 201), ("mei", 409), ("lin", 201), ("wen", 429), ("lin", 429)] {
        assert_eq!(server.post("/api/accounts", wanted(name)).await.status, status, "{name}");
    }
    let barred = server.post("/api/accounts", wanted("wen")).await;
    assert_eq!(barred.refusal(), (429, "too_fast".into()));
    assert!(barred.json::<Value>()["retry_after"].as_u64().unwrap() > 3_000);
}
