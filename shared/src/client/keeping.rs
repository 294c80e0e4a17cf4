//! What outlives a page: what a device keeps, and what the next page, or the next tab, takes up.

use super::{Account, Client, Effect, Mine, Part, Room, Stored};
use crate::frame::Deed;
use crate::id::{ClientId, ConversationId};
use crate::link;
use crate::outbox::Pending;

impl Client {
    /// What a device keeps of a conversation, to open it without a network.
    pub fn kept_room(&self, id: ConversationId) -> Option<Room> {
        self.rooms.get(&id).map(Room::kept)
    }

    /// What a device keeps of this person's own state; `None` before the first welcome.
    pub fn kept_mine(&self) -> Option<Mine> {
        self.epoch.is_some().then(|| self.mine.kept())
    }

    /// Who is signed in, and with whom they talk; `None` before the first welcome.
    pub fn kept_account(&self) -> Option<Account> {
        let people = self.people.values().cloned().collect();
        Some(Account { epoch: self.epoch?, me: self.me.clone()?, people })
    }

    /// Everything that is shown, for a page that shows it anew.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let rooms = self.rooms.keys().map(|id| Part::Conversation(*id));
        [Part::Link, Part::People, Part::List, Part::Own].into_iter().chain(rooms).collect()
    }

    pub(super) fn restored(&mut self, stored: Stored, effects: &mut Vec<Effect>) {
        let Stored { pending, account, rooms, mine } = stored;
        // Whoever was welcomed already knows better.
        if self.epoch.is_none() {
            self.mine = mine;
            if account.is_none() {
                // The session ran out: only what was typed counts.
                self.mine.forget();
            }
        }
        if let Some(Account { epoch, me, people }) = account.filter(|_| self.epoch.is_none()) {
            let rooms = rooms.into_iter().filter(|room| room.is_of(me.id));
            self.rooms.clear();
            self.rooms.extend(rooms.map(|room| (room.summary().id, room)));
            self.people.clear();
            self.people.extend(people.into_iter().map(|person| (person.id, person)));
            self.epoch = Some(epoch);
            self.me = Some(me);
        }
        let (done, pending): (Vec<Pending>, Vec<Pending>) = pending
            .into_iter()
            .partition(|pending: &Pending| self.is_in_log(pending.client_id, &pending.deed));
        effects.extend(done.into_iter().map(|pending| Effect::Forget(pending.client_id)));
        self.outbox.restore(pending);
        self.drop_sent_drafts();
        effects.extend(self.parts().into_iter().map(Effect::Changed));
    }

    /// Whether a deed waits here or is among the changes that are here.
    pub(crate) fn knows(&self, client_id: ClientId, deed: &Deed) -> bool {
        self.outbox.knows(client_id) || self.is_in_log(client_id, deed)
    }

    /// Whether a deed of this person's is among the changes that are here. Where it would be is mostly known: only what
    /// makes a conversation may be in any.
    fn is_in_log(&self, client_id: ClientId, deed: &Deed) -> bool {
        let me = self.me.as_ref().map(|me| me.id);
        let is_in = |room: &Room| {
            let mut entries = room.timeline().entries();
            entries.any(|entry| entry.client_id == Some(client_id) && Some(entry.author) == me)
        };
        match deed.conversation() {
            Some(conversation) => self.rooms.get(&conversation).is_some_and(is_in),
            None => self.rooms.values().any(is_in),
        }
    }

    pub(super) fn take_over(&mut self, now: super::Now, effects: &mut Vec<Effect>) {
        if self.link != link::State::Stopped(link::Stop::NotStarted) {
            // Whether the other page was live or not, this one has no socket.
            self.cut();
            self.link(now, link::Event::TakeOver, effects);
            effects.push(Effect::Changed(Part::Link));
        }
        effects.extend(self.outbox.writing().cloned().map(Effect::Keep));
    }
}
