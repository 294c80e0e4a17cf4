//! What a client makes of each frame of the server.

use super::deeds::PAUSE;
use super::room::Told;
use super::{Client, Effect, MENDED, Now, Part, Room, Timer};
use crate::code::Code;
use crate::frame::{ClientFrame, Fault, ServerFrame};
use crate::id::{ConversationId, Epoch, UserId};
use crate::link;
use crate::message::Post;
use crate::model::{Change, Entry, Person, Summary, What};
use crate::timeline::Applied;

/// Names asked for because of one entry: a line that names hundreds shows only the first.
const NAMED: usize = 4;

/// A draft that was refused, say because its author is not there, is tried again after so many milliseconds.
const DRAFTED: u64 = 2_000;

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
            ServerFrame::Kept { client_id, version } => self.kept(client_id, version, effects),
            ServerFrame::Own { slots, version, anew, more } => {
                self.told_own(slots.into_vec(), version, (anew, more), effects);
            }
            ServerFrame::Refused { client_id: Some(client_id), code, retry_after, .. } => {
                self.refused(client_id, code, retry_after, effects);
            }
            ServerFrame::Refused { client_id: None, conversation, code, retry_after } => {
                let millis = retry_after.map_or(PAUSE, u64::from);
                if conversation.is_some_and(|id| self.mine.is_sending(id)) {
                    // It may have been the draft that was refused; whether for good shows when it is sent again.
                    effects.push(Effect::Arm(Timer::Questions, millis.max(DRAFTED)));
                }
                self.put_off(now, conversation.is_some(), code, millis, effects);
            }
            ServerFrame::Page { conversation, before: Some(before), from, as_of, entries } => {
                self.older(conversation, entries.into_vec(), effects, |room, entries| {
                    room.take_page(before, from, as_of, entries)
                });
            }
            ServerFrame::Entries { conversation, as_of, entries } => {
                self.older(conversation, entries.into_vec(), effects, |room, entries| {
                    room.take_entries(as_of, entries)
                });
            }
            ServerFrame::Read { conversation, seq: read, unread, mentions, as_of } => {
                if let Some(room) = self.rooms.get_mut(&conversation) {
                    room.told_read(Told { read, unread, mentions, as_of, is_stale: false });
                    effects.push(Effect::Changed(Part::List));
                }
            }
            ServerFrame::Typing { conversation, user } => self.types(now, conversation, user, effects),
            ServerFrame::Receipts { conversation, all, marks } => {
                self.take_receipts(conversation, all, marks.into_vec(), effects);
            }
            ServerFrame::People { people } => self.know(people.into_vec(), effects),
            ServerFrame::Check { conversation, as_of, read, print } => {
                let room = self.rooms.get_mut(&conversation);
                if room.is_some_and(|room| !room.agrees(as_of, read, print) && room.refresh()) {
                    effects.push(Effect::Send(ClientFrame::Refresh { conversation, fault: Fault::Differs }));
                }
            }
            ServerFrame::Page { .. } | ServerFrame::Pong | ServerFrame::Unknown => {}
        }
    }

    /// A question was refused, or the hello. What was asked stays unanswered until the pause is over, so that refusing
    /// does not become a loop.
    fn put_off(&mut self, now: Now, is_question: bool, code: Code, millis: u64, effects: &mut Vec<Effect>) {
        if is_question && code.is_passing() {
            effects.push(Effect::Arm(Timer::Questions, millis));
        } else if !is_question && code == Code::Busy {
            self.link(now, link::Event::Later(millis), effects);
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
            self.mine.forget();
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
        for (gone, _) in before {
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
        if self.lively.forget(id) {
            self.watch(id, effects);
        }
        effects.extend([Effect::Changed(Part::List), Effect::Changed(Part::Conversation(id))]);
    }

    /// What still waits to be sent there goes out and is refused, so that its person sees it fail.
    fn gone(&mut self, id: ConversationId, effects: &mut Vec<Effect>) {
        if self.rooms.remove(&id).is_some() {
            self.mine.give_up(id);
            self.outbox.gone(id);
            self.lively.forget(id);
            effects.extend([Effect::Changed(Part::List), Effect::Changed(Part::Conversation(id))]);
        }
    }

    fn changed(&mut self, change: Change, effects: &mut Vec<Effect>) {
        let (conversation, seq, author, client_id) =
            (change.conversation, change.seq, change.author, change.client_id);
        let named = named(author, &change.what);
        let (Some(me), Some(room)) = (&self.me, self.rooms.get_mut(&conversation)) else { return };
        let (me, before) = (me.id, room.timeline().cursor());
        match room.apply(&change) {
            Applied::New => {
                if change.what.counts() || change.what.passage().is_some() {
                    self.lively.said(conversation, &named, effects);
                }
                if let Some(client_id) = client_id.filter(|_| author == me) {
                    self.done(client_id, conversation, seq, effects);
                    self.outbox.shown(client_id);
                }
                self.outbox.shown_up_to(conversation, seq);
                self.miss(named);
                if self.is_worth_a_notification(conversation, seq) {
                    effects.push(Effect::Notify(conversation, seq));
                }
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

    /// Entries that were asked for came.
    fn older(
        &mut self,
        conversation: ConversationId,
        entries: Vec<Entry>,
        effects: &mut Vec<Effect>,
        take: impl FnOnce(&mut Room, Vec<Entry>) -> bool,
    ) {
        let names: Vec<UserId> = entries.iter().flat_map(|entry| named(entry.author, &entry.what)).collect();
        let Some(room) = self.rooms.get_mut(&conversation) else { return };
        if take(room, entries) {
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

    pub(super) fn miss(&mut self, ids: impl IntoIterator<Item = UserId>) {
        self.missing.extend(ids.into_iter().filter(|id| !self.people.contains_key(id)));
    }
}

fn named(author: UserId, what: &What) -> Vec<UserId> {
    let others: &[UserId] = match what {
        What::Created { people } => people,
        What::Joined { user } | What::Left { user } => std::slice::from_ref(user),
        What::Posted(Post { forwarded: Some(forwarded), .. }) => std::slice::from_ref(&forwarded.author),
        _ => &[],
    };
    std::iter::once(author).chain(others.iter().copied().take(NAMED)).collect()
}
