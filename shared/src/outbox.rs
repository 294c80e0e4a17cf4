//! What a person has done and the log does not yet hold: kept in order, sent one at a time for each conversation.
//!
//! A deed is written to storage before its first byte leaves ([`State::Writing`]), and stays here until the log shows
//! it. Only one deed of a conversation is in flight: with two, the first could be refused and its answer lost, and the
//! second would overtake it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::frame::Deed;
use crate::id::{ClientId, ConversationId, Seq, Timestamp};
use crate::plant::{Plant, is_planted};

/// One deed on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its identity for ever.
    pub client_id: ClientId,
    /// What to do.
    pub deed: Deed,
    /// When it was composed, by this device's clock; for display.
    pub composed_at: Timestamp,
    /// When the conversation it is meant for was made, if that is known: after a backup was put back, another one may
    /// have its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<Timestamp>,
    /// Its place among all deeds of this outbox: order as composed.
    pub order: u64,
    /// How far it got.
    pub state: State,
}

/// How far a deed got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum State {
    /// Being written to this device's storage.
    Writing,
    /// Stored here, not sent.
    Queued,
    /// Sent, not answered.
    Sending,
    /// In the log, whose change has not come yet.
    Sent {
        /// Where.
        conversation: ConversationId,
        /// At which place.
        seq: Seq,
    },
    /// Refused; waits for the person to retry, edit or discard it.
    Failed {
        /// Why.
        code: Code,
    },
}

/// All deeds on their way, oldest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outbox {
    pending: Vec<Pending>,
    next_order: u64,
    /// Lanes that a busy server put off, until the pause is over. A lane is a conversation, or all that make one.
    paused: Vec<Option<ConversationId>>,
    /// How often each deed met a fault of the server's own.
    faults: BTreeMap<ClientId, u8>,
}

/// A deed that meets so many faults of the server's own fails: something in it may be what breaks there.
const FAULTS: u8 = 5;

/// Most deeds that wait at once; the next one is refused with the text left in the composer.
pub const CAPACITY: usize = 5_000;

impl Outbox {
    /// Takes up what an earlier run left in storage.
    pub fn restore(&mut self, stored: Vec<Pending>) {
        for mut pending in stored {
            if self.pending.iter().any(|known| known.client_id == pending.client_id) {
                continue;
            }
            if !matches!(pending.state, State::Failed { .. }) {
                pending.state = State::Queued;
            }
            self.next_order = self.next_order.max(pending.order.saturating_add(1));
            self.pending.push(pending);
        }
        self.pending.sort_by_key(|pending| pending.order);
    }

    /// A new deed, to be written to storage; `None` when the outbox is full or knows this identity already.
    pub fn add(
        &mut self,
        client_id: ClientId,
        deed: Deed,
        now: Timestamp,
        made_at: Option<Timestamp>,
    ) -> Option<&Pending> {
        if !self.has_room() || self.get(client_id).is_some() {
            return None;
        }
        let order = self.next_order;
        self.next_order += 1;
        self.pending.push(Pending {
            client_id,
            deed,
            composed_at: now,
            made_at,
            order,
            state: State::Writing,
        });
        self.pending.last()
    }

    /// Storage holds it (or refused to, and the person was told): it may be sent.
    pub fn stored(&mut self, client_id: ClientId) {
        self.advance(client_id, |state| matches!(state, State::Writing), State::Queued);
    }

    /// Marks the next deed of each lane as sending and gives them, to be sent in this order.
    pub fn send_next(&mut self) -> Vec<(ClientId, Deed)> {
        let one_at_a_time = !is_planted(Plant::PipelinedSends);
        let mut busy = Vec::new();
        let mut ready = Vec::new();
        for pending in &mut self.pending {
            let lane = pending.deed.conversation();
            match pending.state {
                State::Failed { .. } | State::Sent { .. } => {}
                State::Queued if self.paused.contains(&lane) => busy.push(lane),
                State::Queued if !(one_at_a_time && busy.contains(&lane)) => {
                    pending.state = State::Sending;
                    busy.push(lane);
                    ready.push((pending.client_id, pending.deed.clone()));
                }
                State::Writing | State::Queued | State::Sending => busy.push(lane),
            }
        }
        ready
    }

    /// The connection is gone: what was in flight must be sent again, under the same identity.
    pub fn cut(&mut self) {
        self.paused.clear();
        for pending in &mut self.pending {
            if pending.state == State::Sending {
                pending.state = State::Queued;
            }
        }
    }

    /// The server says it is in the log. It stays until [`Outbox::shown`]. Answers whether that is news.
    pub fn done(&mut self, client_id: ClientId, conversation: ConversationId, seq: Seq) -> bool {
        self.advance(
            client_id,
            |state| !matches!(state, State::Sent { .. }),
            State::Sent { conversation, seq },
        )
    }

    /// The server did not do it, for good.
    pub fn failed(&mut self, client_id: ClientId, code: Code) -> Option<&Pending> {
        let in_flight = |state| matches!(state, State::Sending | State::Queued | State::Writing);
        self.advance(client_id, in_flight, State::Failed { code }).then(|| self.get(client_id)).flatten()
    }

    /// The server did not do it this time: its lane waits until [`Outbox::go_on`]. Answers `false` when it has met too
    /// many faults to be tried again by itself.
    pub fn pause(&mut self, client_id: ClientId, code: Code) -> bool {
        if code == Code::Internal {
            let faults = self.faults.entry(client_id).or_default();
            *faults += 1;
            if *faults >= FAULTS {
                self.faults.remove(&client_id);
                return false;
            }
        }
        self.advance(client_id, |state| state == State::Sending, State::Queued);
        if let Some(lane) = self.get(client_id).map(|pending| pending.deed.conversation()) {
            self.paused.push(lane);
        }
        true
    }

    /// The log may have forgotten what it said it held: that goes out again. Answers what changed.
    pub fn reset(&mut self) -> impl Iterator<Item = &Pending> {
        for pending in &mut self.pending {
            if matches!(pending.state, State::Sent { .. } | State::Sending) {
                pending.state = State::Writing;
            }
        }
        self.writing()
    }

    /// What was meant for conversations of which `is_another` says that they are not what they were: it is told their
    /// number and when they were made.
    pub fn misdirected(&self, is_another: impl Fn(ConversationId, Timestamp) -> bool) -> Vec<ClientId> {
        let misdirected = self.pending.iter().filter(|pending| {
            pending
                .deed
                .conversation()
                .zip(pending.made_at)
                .is_some_and(|(id, made_at)| is_another(id, made_at))
        });
        misdirected.map(|pending| pending.client_id).collect()
    }

    /// What is being written to storage, as far as is known.
    pub fn writing(&self) -> impl Iterator<Item = &Pending> {
        self.pending.iter().filter(|pending| pending.state == State::Writing)
    }

    /// Whether one more deed may wait.
    pub fn has_room(&self) -> bool {
        self.pending.len() < CAPACITY
    }

    /// The pause is over.
    pub fn go_on(&mut self) {
        self.paused.clear();
    }

    /// The person wants a failed deed tried again; it keeps its identity and its place.
    pub fn retry(&mut self, client_id: ClientId) -> Option<&Pending> {
        let failed = |state| matches!(state, State::Failed { .. });
        self.advance(client_id, failed, State::Writing).then(|| self.get(client_id)).flatten()
    }

    /// The person gives it up, or the log shows it. A deed in flight cannot be given up: it may be in the log already.
    pub fn discard(&mut self, client_id: ClientId) -> Option<Pending> {
        let at = self.pending.iter().position(|p| p.client_id == client_id && p.state != State::Sending)?;
        Some(self.pending.remove(at))
    }

    /// The log shows it: nothing is pending any more. Answers whether it was here.
    pub fn shown(&mut self, client_id: ClientId) -> bool {
        let before = self.pending.len();
        self.pending.retain(|pending| pending.client_id != client_id);
        self.pending.len() < before
    }

    /// Everything of `conversation` that the log holds up to `cursor` was shown.
    pub fn shown_up_to(&mut self, conversation: ConversationId, cursor: Seq) {
        self.pending.retain(|pending| {
            !matches!(pending.state, State::Sent { conversation: c, seq } if c == conversation && seq <= cursor)
        });
    }

    /// A conversation is no longer this person's: no change will come that shows what its log holds already.
    pub fn gone(&mut self, conversation: ConversationId) {
        self.pending.retain(
            |pending| !matches!(pending.state, State::Sent { conversation: c, .. } if c == conversation),
        );
    }

    /// One deed.
    pub fn get(&self, client_id: ClientId) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.client_id == client_id)
    }

    /// All deeds, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.pending.iter()
    }

    /// The deeds of one conversation, oldest first.
    pub fn of(&self, conversation: ConversationId) -> impl Iterator<Item = &Pending> {
        self.iter().filter(move |pending| pending.deed.conversation() == Some(conversation))
    }

    fn advance(&mut self, client_id: ClientId, from: impl Fn(State) -> bool, to: State) -> bool {
        match self.pending.iter_mut().find(|pending| pending.client_id == client_id) {
            Some(pending) if from(pending.state) => {
                pending.state = to;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp(0);

    fn id(number: u128) -> ClientId {
        ClientId(Uuid::from_u128(number))
    }

    fn say(conversation: u64, text: &str) -> Deed {
        Deed::Post { conversation: conversation.try_into().unwrap(), body: text.try_into().unwrap() }
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
}
