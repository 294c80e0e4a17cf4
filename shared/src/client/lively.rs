//! What is of the moment: who types, which conversation is looked at, and what has come and the server is to be told of.

use super::{Client, Effect, Now, Part, Room, Timer};
use crate::frame::ClientFrame;
use crate::id::{ConversationId, Seq, Timestamp, UserId};
use crate::model::List;
use crate::own::Own;
use crate::receipt::{GOT, Mark, Reach};
use crate::sorted::Map;

/// Whoever was heard to type is shown for so many milliseconds, and no longer without hearing it again.
pub const TYPING_SHOWN: u64 = 6_000;
/// That somebody types is said once in so many milliseconds, however fast they type.
const TYPING_SAID: u64 = 3_000;
/// What has come is told together, so many milliseconds after the first of it.
const GOT_TOLD: u64 = 1_000;

/// The state of the moment, which ends with the connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Lively {
    /// Who types, and when that was last heard.
    types: Map<(ConversationId, UserId), Timestamp>,
    /// Where this person types, and when the server was last told.
    said: Option<(ConversationId, Timestamp)>,
    /// The conversation that this connection was last told to be looked at.
    watched: Option<ConversationId>,
    /// Whether the timer runs that tells what has come.
    is_telling: bool,
}

impl Lively {
    /// These people said or did something there: they no longer type it.
    pub(super) fn said(&mut self, id: ConversationId, who: &[UserId], effects: &mut Vec<Effect>) {
        let before = self.types.len();
        self.types.retain(|(room, user), _| *room != id || !who.contains(user));
        if self.types.len() != before {
            effects.push(Effect::Changed(Part::Typing(id)));
        }
    }

    /// What this person typed is sent: whatever they type next is news.
    pub(super) fn stopped(&mut self) {
        self.said = None;
    }

    /// Nothing of this conversation counts any more. Answers whether it was looked at.
    pub(super) fn forget(&mut self, id: ConversationId) -> bool {
        self.types.retain(|(room, _), _| *room != id);
        self.watched.take_if(|watched| *watched == id).is_some()
    }
}

fn is_shown(heard: Timestamp, now: Timestamp) -> bool {
    // A clock that was turned back does not make it last longer.
    heard <= now && now.since(heard) < TYPING_SHOWN
}

impl Client {
    /// Who else types in a conversation at this moment. It ends by itself, so ask again within a second.
    /// Who does not tell others is not told.
    pub fn typists(&self, id: ConversationId, now: Timestamp) -> Vec<UserId> {
        if !self.typing() {
            return Vec::new();
        }
        let here =
            self.lively.types.iter().filter(|((room, _), heard)| *room == id && is_shown(**heard, now));
        here.map(|((_, user), _)| *user).collect()
    }

    pub(super) fn types(&mut self, now: Now, id: ConversationId, user: UserId, effects: &mut Vec<Effect>) {
        if !self.rooms.contains_key(&id) || self.me.as_ref().is_none_or(|me| me.id == user) {
            return;
        }
        self.lively.types.retain(|_, heard| is_shown(*heard, now.at));
        self.lively.types.insert((id, user), now.at);
        self.miss([user]);
        effects.push(Effect::Changed(Part::Typing(id)));
    }

    pub(super) fn type_on(&mut self, now: Now, id: ConversationId, effects: &mut Vec<Effect>) {
        let is_said = self
            .lively
            .said
            .is_some_and(|(room, at)| room == id && at <= now.at && now.at.since(at) < TYPING_SAID);
        // Nobody else is there to be told.
        let is_heard = self.rooms.get(&id).is_some_and(|room| room.summary().members > 1);
        if is_heard && !is_said && self.typing() && self.link.is_live() {
            self.lively.said = Some((id, now.at));
            effects.push(Effect::Send(ClientFrame::Typing { conversation: id }));
        }
    }

    /// How far the others in a conversation are, of those who tell. Who does not tell others is not told.
    pub fn marks(&self, id: ConversationId) -> impl Iterator<Item = &Mark> {
        self.rooms.get(&id).filter(|_| self.receipts()).into_iter().flat_map(Room::marks)
    }

    /// How far a message of this person's has come.
    pub fn reach(&self, id: ConversationId, seq: Seq) -> Reach {
        let room = self.rooms.get(&id).filter(|_| self.receipts());
        room.map_or(Reach::Sent, |room| room.reach(seq))
    }

    /// This person tells others, or does not any more: what they look at is told anew.
    pub(super) fn turned(&mut self, own: &Own, effects: &mut Vec<Effect>) {
        if let Own::Receipts { .. } = own
            && let Some(id) = self.lively.watched.take()
        {
            self.watch(id, effects);
            effects.extend([Effect::Changed(Part::Conversation(id)), Effect::Changed(Part::List)]);
        }
    }

    pub(super) fn watch(&mut self, id: ConversationId, effects: &mut Vec<Effect>) {
        if self.link.is_live() && self.rooms.contains_key(&id) && self.lively.watched != Some(id) {
            self.lively.watched = Some(id);
            effects.push(Effect::Send(ClientFrame::Watch { conversation: id }));
        }
    }

    pub(super) fn take_receipts(
        &mut self,
        id: ConversationId,
        all: bool,
        marks: Vec<Mark>,
        effects: &mut Vec<Effect>,
    ) {
        if self.rooms.get_mut(&id).is_some_and(|room| room.take_receipts(all, marks)) {
            effects.extend([Effect::Changed(Part::Conversation(id)), Effect::Changed(Part::List)]);
        }
    }

    /// Something has come that its authors may like to know of.
    pub(super) fn plan_got(&mut self, effects: &mut Vec<Effect>) {
        if !self.lively.is_telling && self.rooms.values().any(Room::owes_receipt) && self.receipts() {
            self.lively.is_telling = true;
            effects.push(Effect::Arm(Timer::Got, GOT_TOLD));
        }
    }

    pub(super) fn tell_got(&mut self, effects: &mut Vec<Effect>) {
        self.lively.is_telling = false;
        if !self.link.is_live() || !self.receipts() {
            return;
        }
        let owing = self.rooms.iter_mut().filter(|(_, room)| room.owes_receipt()).take(GOT);
        let places: Vec<_> = owing.map(|(id, room)| (*id, room.pay_receipt())).collect();
        if !places.is_empty() {
            effects.push(Effect::Send(ClientFrame::Got { places: List::first(places) }));
        }
    }
}
