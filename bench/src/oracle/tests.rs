//! Each sort of fault is named, and nothing is where there is none.

use serde_json::json;
use shared::client::{Input, Now};
use shared::id::Timestamp;
use uuid::Uuid;

use super::*;

fn mei() -> UserId {
    1.try_into().unwrap()
}

fn here() -> ConversationId {
    1.try_into().unwrap()
}

fn deed(number: u128) -> ClientId {
    ClientId(Uuid::from_u128(number))
}

fn seq(number: u64) -> Seq {
    number.try_into().unwrap()
}

/// Mei composed 1, 2, 3 …, and these were acknowledged at these places.
fn oracle(composed: u128, acknowledged: &[(u128, u64)]) -> Oracle {
    let oracle = Oracle::default();
    for number in 1..=composed {
        oracle.composes(mei(), here(), deed(number));
    }
    for (number, place) in acknowledged {
        oracle.done(mei(), deed(*number), here(), seq(*place));
    }
    oracle
}

/// A log with these deeds at these places, whose bookkeeping says that it ends at `head`.
fn logs(places: &[(u64, u128)], head: u64) -> Logs {
    let mut logs = Logs::default();
    for (place, number) in places {
        logs.add(Change {
            conversation: here(),
            seq: seq(*place),
            at: Timestamp(0),
            author: mei(),
            client_id: Some(deed(*number)),
            what: What::said("hi".try_into().unwrap()),
        });
    }
    logs.end_at(here(), seq(head));
    logs
}

fn check(oracle: &Oracle, logs: &Logs, lost: usize, doubled: usize, holes: u64, faults: usize) {
    let verdict = oracle.at_the_end(logs);
    let found = (verdict.lost, verdict.doubled, verdict.holes, verdict.faults.len());
    assert_eq!(found, (lost, doubled, holes, faults), "{verdict:?}");
    assert_eq!(verdict.is_clean(), found == (0, 0, 0, 0));
}

#[test]
fn a_log_with_all_that_was_acknowledged_is_clean() {
    check(&oracle(3, &[(1, 1), (2, 2), (3, 3)]), &logs(&[(1, 1), (2, 2), (3, 3)], 3), 0, 0, 0, 0);
    check(&oracle(2, &[(1, 1)]), &logs(&[(1, 1), (2, 2)], 2), 0, 0, 0, 0);
}

#[test]
fn what_was_acknowledged_and_is_missing_or_elsewhere_is_lost() {
    check(&oracle(2, &[(1, 1), (2, 2)]), &logs(&[(1, 1)], 1), 1, 0, 0, 0);
    check(&oracle(2, &[(1, 2), (2, 2)]), &logs(&[(1, 1), (2, 2)], 2), 1, 0, 0, 0);
}

#[test]
fn what_was_composed_and_never_came_is_lost_only_at_the_end() {
    let oracle = oracle(2, &[(1, 1)]);
    check(&oracle, &logs(&[(1, 1)], 1), 1, 0, 0, 0);
    assert!(oracle.so_far(&logs(&[(1, 1)], 1)).is_clean());
}

#[test]
fn a_deed_done_twice_a_hole_a_short_log_and_another_order_are_found() {
    check(&oracle(1, &[(1, 2)]), &logs(&[(1, 1), (2, 1)], 2), 0, 1, 0, 1);
    check(&oracle(2, &[(1, 1), (2, 4)]), &logs(&[(1, 1), (4, 2)], 4), 0, 0, 2, 0);
    check(&oracle(1, &[(1, 1)]), &logs(&[(1, 1)], 3), 0, 0, 2, 0);
    check(&oracle(2, &[(1, 2), (2, 1)]), &logs(&[(1, 2), (2, 1)], 2), 0, 0, 0, 1);
}

#[test]
fn a_refusal_is_a_fault() {
    let oracle = oracle(1, &[]);
    oracle.refused(mei(), deed(1), Code::NotAllowed);
    check(&oracle, &logs(&[], 0), 1, 0, 0, 1);
}

/// Mei's client, which has this deed as the first and only change.
fn client(number: u128) -> Client {
    let me = json!({ "id": 1, "name": "mei", "display": "Mei", "role": "member" });
    let row = json!({
        "id": 1, "kind": "channel", "members": 1, "made_at": 0, "head": 0, "read": 0, "unread": 0, "since": 0,
    });
    let said = json!({
        "conversation": 1, "seq": 1, "at": 0, "author": 1, "client_id": deed(number),
        "what": { "kind": "posted", "body": "hi" },
    });
    let epoch = Uuid::nil();
    let frames = [
        json!({
            "t": "welcome", "level": 1, "epoch": epoch, "now": 0, "me": me, "conversations": [row], "people": [],
        }),
        json!({ "t": "changed", "change": said }),
    ];
    let mut client = Client::default();
    let heard = |frame| Input::Received(1, Box::new(serde_json::from_value(frame).unwrap()));
    for input in [Input::Start, Input::Opened(1)].into_iter().chain(frames.map(heard)) {
        client.step(Now { at: Timestamp(0), random: 0 }, input);
    }
    client
}

#[test]
fn a_client_that_lacks_something_or_shows_something_else_is_found() {
    assert_eq!(compare(&client(1), &logs(&[(1, 1)], 1)), [""; 0]);
    assert_eq!(compare(&client(1), &logs(&[(1, 1), (2, 2)], 2)).len(), 2);
    assert_eq!(compare(&client(2), &logs(&[(1, 1)], 1)).len(), 1);
    assert_eq!(compare(&Client::default(), &logs(&[], 0)).len(), 0);
}
