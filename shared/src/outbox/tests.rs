//! What the outbox keeps, sends, puts off and gives up.

use super::*;
use uuid::Uuid;

const NOW: Timestamp = Timestamp(0);

fn id(number: u128) -> ClientId {
    ClientId(Uuid::from_u128(number))
}

fn say(conversation: u64, text: &str) -> Deed {
    Deed::post(conversation.try_into().unwrap(), text.try_into().unwrap())
}

fn sent(outbox: &mut Outbox) -> Vec<ClientId> {
    outbox.send_next().into_iter().map(|(id, _)| id).collect()
}

fn with(deeds: &[(u128, u64)]) -> Outbox {
    let mut outbox = Outbox::default();
    for (number, conversation) in deeds {
        outbox.add(id(*number), say(*conversation, "hi"), NOW, None).unwrap();
        outbox.stored(id(*number));
    }
    outbox
}

#[test]
fn nothing_leaves_before_it_is_stored_and_a_later_one_never_overtakes() {
    let mut outbox = Outbox::default();
    outbox.add(id(1), say(1, "first"), NOW, None);
    outbox.add(id(2), say(1, "second"), NOW, None);
    outbox.stored(id(2));
    assert_eq!(sent(&mut outbox), []);
    outbox.stored(id(1));
    assert_eq!(sent(&mut outbox), [id(1)]);
}

#[test]
fn one_deed_is_in_flight_for_each_conversation() {
    let mut outbox = with(&[(1, 1), (2, 1), (3, 2)]);
    assert_eq!(sent(&mut outbox), [id(1), id(3)]);
    assert_eq!(sent(&mut outbox), []);
    outbox.done(id(1), 1.try_into().unwrap(), Seq::ZERO);
    assert_eq!(sent(&mut outbox), [id(2)]);
}

#[test]
fn a_cut_sends_again_what_was_in_flight_under_the_same_identity() {
    let mut outbox = with(&[(1, 1), (2, 1)]);
    assert_eq!(sent(&mut outbox), [id(1)]);
    outbox.cut();
    assert_eq!(sent(&mut outbox), [id(1)]);
}

#[test]
fn a_refused_message_waits_for_its_person_and_holds_nobody_up() {
    let mut outbox = with(&[(1, 1), (2, 1)]);
    sent(&mut outbox);
    outbox.failed(id(1), Code::NotAllowed);
    assert_eq!(sent(&mut outbox), [id(2)]);
    assert!(outbox.retry(id(1)).is_some());
    outbox.stored(id(1));
    outbox.done(id(2), 1.try_into().unwrap(), Seq::ZERO);
    assert_eq!(sent(&mut outbox), [id(1)]);
}

#[test]
fn a_busy_server_pauses_and_loses_nothing() {
    let mut outbox = with(&[(1, 1)]);
    sent(&mut outbox);
    assert!(outbox.pause(id(1), Code::Busy));
    assert_eq!(sent(&mut outbox), []);
    outbox.go_on();
    assert_eq!(sent(&mut outbox), [id(1)]);
}

#[test]
fn one_lane_waits_alone_and_a_deed_that_breaks_the_server_fails_in_the_end() {
    let mut outbox = with(&[(1, 1), (2, 2), (3, 2)]);
    assert_eq!(sent(&mut outbox), [id(1), id(2)]);
    outbox.pause(id(1), Code::Internal);
    outbox.done(id(2), 2.try_into().unwrap(), Seq::ZERO);
    assert_eq!(sent(&mut outbox), [id(3)]);
    for _ in 2..FAULTS {
        outbox.go_on();
        assert_eq!(sent(&mut outbox), [id(1)]);
        assert!(outbox.pause(id(1), Code::Internal));
    }
    outbox.go_on();
    assert_eq!(sent(&mut outbox), [id(1)]);
    assert!(!outbox.pause(id(1), Code::Internal));
    outbox.failed(id(1), Code::Internal);
    assert!(outbox.faults.is_empty(), "whoever tries it again begins anew");
}

#[test]
fn what_storage_kept_comes_back_in_order_and_failures_stay_failed() {
    let mut outbox = with(&[(1, 1), (2, 1), (3, 1)]);
    sent(&mut outbox);
    outbox.failed(id(1), Code::NotFound);
    let mut stored: Vec<Pending> = outbox.iter().cloned().collect();
    stored.reverse();
    let mut again = Outbox::default();
    again.restore(stored);
    assert_eq!(sent(&mut again), [id(2)]);
    assert_eq!(again.get(id(1)).unwrap().state, State::Failed { code: Code::NotFound });
}

#[test]
fn what_is_in_flight_cannot_be_discarded() {
    let mut outbox = with(&[(1, 1)]);
    sent(&mut outbox);
    assert!(outbox.discard(id(1)).is_none());
    outbox.cut();
    assert!(outbox.discard(id(1)).is_some());
}
