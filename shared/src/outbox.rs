//! What a person has done and the log does not yet hold: kept in order, sent one at a time for each conversation.
//!
//! A deed is written to storage before its first byte leaves ([`State::Writing`]), and stays here until the log shows
//! it. Only one deed of a conversation is in flight: with two, the first could be refused and its answer lost, and the
//! second would overtake it.

use std::collections::VecDeque;

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
    /// How often each deed that waits met a fault of the server's own.
    faults: Vec<(ClientId, u8)>,
    /// The last deeds that the log took in: not all leave an entry by which they would be known again.
    #[serde(default)]
    finished: VecDeque<ClientId>,
}

/// So many deeds that the log took in are remembered.
const FINISHED: usize = 256;

/// A deed that meets so many faults of the server's own fails: something in it may be what breaks there.
const FAULTS: u8 = 5;

/// Most deeds that wait at once; the next one is refused with the text left in the composer.
pub const CAPACITY: usize = 5_000;

impl Outbox {
    /// Takes up what an earlier run left in storage.
    pub fn restore(&mut self, stored: Vec<Pending>) {
        for mut pending in stored {
            if self.get(pending.client_id).is_some() {
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
                State::Queued if !(self.paused.contains(&lane) || one_at_a_time && busy.contains(&lane)) => {
                    pending.state = State::Sending;
                    busy.push(lane);
                    ready.push((pending.client_id, pending.deed.clone()));
                }
                // A lane stands here once: there are few lanes and may be many deeds.
                State::Writing | State::Queued | State::Sending if busy.contains(&lane) => {}
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
        self.forgive(client_id);
        let is_news = self.advance(
            client_id,
            |state| !matches!(state, State::Sent { .. }),
            State::Sent { conversation, seq },
        );
        if is_news {
            self.finished.truncate(FINISHED - 1);
            self.finished.push_front(client_id);
        }
        is_news
    }

    /// The server did not do it, for good.
    pub fn failed(&mut self, client_id: ClientId, code: Code) -> Option<&Pending> {
        self.forgive(client_id);
        let in_flight = |state| matches!(state, State::Sending | State::Queued | State::Writing);
        self.advance(client_id, in_flight, State::Failed { code }).then(|| self.get(client_id)).flatten()
    }

    /// The server did not do it this time: its lane waits until [`Outbox::go_on`]. Answers `false` when it has met too
    /// many faults to be tried again by itself.
    pub fn pause(&mut self, client_id: ClientId, code: Code) -> bool {
        if code == Code::Internal {
            let before =
                self.faults.iter().find(|(deed, _)| *deed == client_id).map_or(0, |(_, faults)| *faults);
            self.forgive(client_id);
            self.faults.push((client_id, before + 1));
            if before + 1 >= FAULTS {
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
        self.finished.clear();
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
        self.forgive(client_id);
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

    /// Whether a deed waits here, or was finished a short while ago.
    pub fn knows(&self, client_id: ClientId) -> bool {
        self.get(client_id).is_some() || self.finished.contains(&client_id)
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

    fn forgive(&mut self, client_id: ClientId) {
        self.faults.retain(|(deed, _)| *deed != client_id);
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
mod tests;
