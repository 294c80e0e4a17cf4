//! What a client makes of each frame of the server.

use super::{Client, Effect, MENDED, Now, Part, Room, Timer};
use crate::code::Code;
use crate::frame::{ClientFrame, Deed, Fault, ServerFrame};
use crate::id::{ClientId, ConversationId, Epoch, Seq, UserId};
use crate::link;
use crate::model::{Change, Entry, Person, Summary, What};
use crate::timeline::Applied;

/// Milliseconds to wait when a busy server does not say how long.
const PAUSE: u64 = 1_000;
/// Names asked for because of one entry: a line that names hundreds shows only the first.
const NAMED: usize = 4;

impl Client {
    pub(super) fn receive(&mut self, now: Now, frame: ServerFrame, effects: &mut Vec<Effect>) {
        if !matches!(frame, ServerFrame::Welcome { .. }) {
            self.link(now, link::Event::Heard, effects);
        }
        match frame {
            ServerFrame::Welcome { epoch, me, conversations, people, .. } => {
                self.link(now, link::Event::Welcomed, effects);
                self.welcome(epoch, me, conversations.into_vec(), people.into_vec(), effects);
            }
            ServerFrame::Changed { change } => self.changed(change, effects),
            ServerFrame::Skipped { conversation, to } => {
                if let Some(room) = self.rooms.get_mut(&conversation) {
                    room.skip(to);
                }
            }
            ServerFrame::Conversation { summary } => self.joined(summary, effects),
            ServerFrame::Gone { conversation } => self.gone(conversation, effects),
            ServerFrame::Done { client_id, conversation, seq } => {
                self.done(client_id, conversation, seq, effects);
            }
            ServerFrame::Refused { client_id: Some(client_id), code, retry_after, .. } => {
                self.refused(client_id, code, retry_after, effects);
            }
            ServerFrame::Refused { conversation: Some(_), code, retry_after, .. } if code.is_passing() => {
                // What was asked stays unanswered until then, so that refusing does not become a loop.
                effects.push(Effect::Arm(Timer::Questions, retry_after.map_or(PAUSE, u64::from)));
            }
            ServerFrame::Page { conversation, before: Some(before), from, entries, .. } => {
                let entries = entries.into_vec();
                self.page(conversation, before, from, entries, effects);
            }
            ServerFrame::Read { conversation, seq, unread, as_of } => {
                if let Some(room) = self.rooms.get_mut(&conversation) {
                    room.told_read(seq, unread, as_of);
                    effects.push(Effect::Changed(Part::List));
                }
            }
            ServerFrame::People { people } => self.know(people.into_vec(), effects),
            ServerFrame::Check { conversation, as_of, read, print } => {
                if self
                    .rooms
                    .get_mut(&conversation)
                    .is_some_and(|room| !room.agrees(as_of, read, print) && room.refresh())
                {
                    effects.push(Effect::Send(ClientFrame::Refresh { conversation, fault: Fault::Differs }));
                }
            }
            ServerFrame::Refused { client_id: None, conversation: None, code: Code::Busy, retry_after } => {
                let millis = retry_after.map_or(PAUSE, u64::from);
                self.link(now, link::Event::Later(millis), effects);
            }
            ServerFrame::Refused { .. }
            | ServerFrame::Page { .. }
            | ServerFrame::Pong
            | ServerFrame::Unknown => {}
        }
    }

    fn welcome(
        &mut self,
        epoch: Epoch,
        me: Person,
        conversations: Vec<Summary>,
        people: Vec<Person>,
        effects: &mut Vec<Effect>,
    ) {
        if self.epoch != Some(epoch) {
            // Another incarnation: its seqs mean something else. What this one may lack is sent to it.
            self.rooms.clear();
            effects.extend(self.outbox.reset().cloned().map(Effect::Keep));
        }
        self.redirect(self.epoch != Some(epoch), &conversations, effects);
        self.epoch = Some(epoch);
        let my_id = me.id;
        self.people.insert(my_id, me.clone());
        self.me = Some(me);
        let mut before = std::mem::take(&mut self.rooms);
        for summary in conversations {
            let id = summary.id;
            let room = match before.remove(&id) {
                Some(mut room) => {
                    room.resume(summary);
                    room
                }
                None => Room::new(summary, my_id),
            };
            self.outbox.shown_up_to(id, room.timeline().cursor());
            self.names_of_summary(&room);
            self.rooms.insert(id, room);
            effects.push(Effect::Changed(Part::Conversation(id)));
        }
        for gone in before.into_keys() {
            self.outbox.gone(gone);
            effects.push(Effect::Changed(Part::Conversation(gone)));
        }
        effects.push(Effect::Changed(Part::List));
        self.know(people, effects);
    }

    /// What was meant for a conversation does not go to another one that has got its number since; after a backup was
    /// put back, nor to one that is not there any more. It waits for its person.
    fn redirect(&mut self, is_restored: bool, conversations: &[Summary], effects: &mut Vec<Effect>) {
        let misdirected = self.outbox.misdirected(|id, made_at| {
            let now = conversations.iter().find(|now| now.id == id);
            now.map_or(is_restored, |now| now.made_at != made_at)
        });
        for client_id in misdirected {
            self.refused(client_id, Code::NotFound, None, effects);
        }
    }

    fn joined(&mut self, summary: Summary, effects: &mut Vec<Effect>) {
        let Some(me) = &self.me else { return };
        let id = summary.id;
        let room = match self.rooms.remove(&id) {
            Some(mut room) => {
                room.resume(summary);
                room
            }
            None => Room::new(summary, me.id),
        };
        self.names_of_summary(&room);
        self.rooms.insert(id, room);
        effects.extend([Effect::Changed(Part::List), Effect::Changed(Part::Conversation(id))]);
    }

    /// What still waits to be sent there goes out and is refused, so that its person sees it fail.
    fn gone(&mut self, id: ConversationId, effects: &mut Vec<Effect>) {
        if self.rooms.remove(&id).is_some() {
            self.outbox.gone(id);
            effects.extend([Effect::Changed(Part::List), Effect::Changed(Part::Conversation(id))]);
        }
    }

    fn changed(&mut self, change: Change, effects: &mut Vec<Effect>) {
        let (conversation, seq, author, client_id) =
            (change.conversation, change.seq, change.author, change.client_id);
        let named = named(author, &change.what);
        let (Some(me), Some(room)) = (&self.me, self.rooms.get_mut(&conversation)) else { return };
        let (me, before) = (me.id, room.timeline().cursor());
        match room.apply(change) {
            Applied::New => {
                if let Some(client_id) = client_id.filter(|_| author == me) {
                    self.done(client_id, conversation, seq, effects);
                    self.outbox.shown(client_id);
                }
                self.outbox.shown_up_to(conversation, seq);
                self.miss(named);
                effects
                    .extend([Effect::Changed(Part::Conversation(conversation)), Effect::Changed(Part::List)]);
            }
            Applied::Duplicate => {}
            Applied::Gap => {
                if room.mend() {
                    effects.push(Effect::Send(ClientFrame::CatchUp { conversation, after: before }));
                    effects.push(Effect::Arm(Timer::Mending, MENDED));
                }
            }
        }
    }

    fn done(
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
        // A deed that makes or joins a conversation shows no row of its own that would wait for the change.
        let is_row = self.outbox.get(client_id).is_some_and(|pending| {
            matches!(pending.deed, Deed::Post { .. })
                && self.rooms.get(&conversation).is_some_and(|room| room.timeline().cursor() < seq)
        });
        if !is_row {
            self.outbox.shown(client_id);
        }
        Self::shown(Some(conversation), effects);
    }

    fn refused(
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
            // A message waits for its person under its bubble; any other deed is told of once, where it was asked for.
            if matches!(pending.deed, Deed::Post { .. }) {
                effects.push(Effect::Keep(pending.clone()));
            } else {
                self.outbox.shown(client_id);
                effects.push(Effect::Forget(client_id));
            }
            effects.push(Effect::Refused(client_id, code));
            Self::shown(conversation, effects);
        }
    }

    fn page(
        &mut self,
        conversation: ConversationId,
        before: Seq,
        from: Seq,
        entries: Vec<Entry>,
        effects: &mut Vec<Effect>,
    ) {
        let names: Vec<UserId> = entries.iter().flat_map(|entry| named(entry.author, &entry.what)).collect();
        let Some(room) = self.rooms.get_mut(&conversation) else { return };
        if room.take_page(before, from, entries) {
            self.miss(names);
            effects.push(Effect::Changed(Part::Conversation(conversation)));
        }
    }

    fn know(&mut self, people: Vec<Person>, effects: &mut Vec<Effect>) {
        for person in people {
            self.missing.remove(&person.id);
            if self.me.as_ref().is_some_and(|me| me.id == person.id) {
                self.me = Some(person.clone());
            }
            self.people.insert(person.id, person);
        }
        effects.push(Effect::Changed(Part::People));
    }

    fn names_of_summary(&mut self, room: &Room) {
        let with = room.summary().with;
        let last = room.last().map(|last| last.author);
        self.miss(with.into_iter().chain(last));
    }

    fn miss(&mut self, ids: impl IntoIterator<Item = UserId>) {
        self.missing.extend(ids.into_iter().filter(|id| !self.people.contains_key(id)));
    }
}

fn named(author: UserId, what: &What) -> Vec<UserId> {
    let others: &[UserId] = match what {
        What::Created { people } => people,
        What::Joined { user } | What::Left { user } => std::slice::from_ref(user),
        What::Posted { .. } | What::Unknown => &[],
    };
    std::iter::once(author).chain(others.iter().copied().take(NAMED)).collect()
}
