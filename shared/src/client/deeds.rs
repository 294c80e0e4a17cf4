//! What a person does, from the moment it is composed until the log shows it or it is refused.

use super::{Client, Effect, Now, Part, Timer};
use crate::code::Code;
use crate::frame::Deed;
use crate::id::{ClientId, ConversationId, Seq};

/// Milliseconds to wait when a busy server does not say how long.
pub(super) const PAUSE: u64 = 1_000;

impl Client {
    pub(super) fn compose(&mut self, now: Now, client_id: ClientId, deed: Deed, effects: &mut Vec<Effect>) {
        if self.knows(client_id, &deed) {
            // Two pages may both have said so.
            return;
        }
        let conversation = deed.conversation();
        self.lively.stopped();
        let room = conversation.and_then(|id| self.rooms.get(&id));
        let made_at = room.map(|room| room.summary().made_at);
        match self.outbox.add(client_id, deed, now.at, made_at) {
            Some(pending) => effects.push(Effect::Keep(pending.clone())),
            None => effects.push(Effect::Refused(client_id, Code::TooLarge)),
        }
        Self::shown(conversation, effects);
    }

    pub(super) fn retry(&mut self, client_id: ClientId, effects: &mut Vec<Effect>) {
        if let Some(pending) = self.outbox.retry(client_id) {
            let conversation = pending.deed.conversation();
            effects.push(Effect::Keep(pending.clone()));
            Self::shown(conversation, effects);
        }
    }

    pub(super) fn discard(&mut self, client_id: ClientId, effects: &mut Vec<Effect>) {
        if let Some(pending) = self.outbox.discard(client_id) {
            effects.push(Effect::Forget(client_id));
            Self::shown(pending.deed.conversation(), effects);
        }
    }

    pub(super) fn done(
        &mut self,
        client_id: ClientId,
        conversation: ConversationId,
        seq: Seq,
        effects: &mut Vec<Effect>,
    ) {
        // Both the answer and the change say so; the first one counts.
        if !self.outbox.done(client_id, conversation, seq) {
            return;
        }
        effects.push(Effect::Forget(client_id));
        effects.push(Effect::Done(client_id, conversation, seq));
        // What shows in a timeline waits there for the change; a deed that makes or joins a conversation does not.
        let waits = self.outbox.get(client_id).is_some_and(|pending| {
            pending.deed.is_shown()
                && self.rooms.get(&conversation).is_some_and(|room| room.timeline().cursor() < seq)
        });
        if !waits {
            self.outbox.shown(client_id);
        }
        Self::shown(Some(conversation), effects);
    }

    pub(super) fn refused(
        &mut self,
        client_id: ClientId,
        code: Code,
        retry_after: Option<u32>,
        effects: &mut Vec<Effect>,
    ) {
        if code.is_passing() && self.outbox.pause(client_id, code) {
            effects.push(Effect::Arm(Timer::Outbox, retry_after.map_or(PAUSE, u64::from)));
            return;
        }
        if let Some(pending) = self.outbox.failed(client_id, code) {
            let conversation = pending.deed.conversation();
            // What was typed waits for its person; any other deed is told of once, where it was asked for.
            if pending.deed.is_typed() {
                effects.push(Effect::Keep(pending.clone()));
            } else {
                self.outbox.shown(client_id);
                effects.push(Effect::Forget(client_id));
            }
            effects.push(Effect::Refused(client_id, code));
            Self::shown(conversation, effects);
        }
    }

    pub(super) fn shown(conversation: Option<ConversationId>, effects: &mut Vec<Effect>) {
        if let Some(id) = conversation {
            effects.push(Effect::Changed(Part::Conversation(id)));
        }
        effects.extend([Effect::Changed(Part::List), Effect::Changed(Part::Own)]);
    }
}
