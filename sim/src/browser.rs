//! What a browser does for its pages: opens and closes them, gives the lock, keeps what they want kept.

use std::collections::BTreeSet;

use shared::client::{Client, Part};
use shared::id::{ClientId, ConversationId};
use shared::tab::{self, Tab};

use crate::device::Page;
use crate::dice::Dice;
use crate::event::{Event, PageId};
use crate::world::World;

impl World {
    pub(crate) fn open_page(&mut self, device: usize) {
        let id = self.pages.len();
        self.pages.push(Page::new(id, device, Dice::of(self.plan.seed, 1_000 + id as u64)));
        self.trace.tell(self.queue.now(), || format!("page {id} of device {device} opens"));
        if self.devices[device].holder.is_none() {
            self.devices[device].holder = Some(id);
            self.queue.after(1, Event::Lock(id));
        } else {
            self.devices[device].waiting.push_back(id);
        }
        // A page that cannot be told yet has nothing that could break.
        let _ = self.tell(id, tab::Event::Enter);
    }

    /// A page is gone: its connection, its timers, its place in the queue for the lock.
    pub(crate) fn close_page(&mut self, id: PageId) {
        self.trace.tell(self.queue.now(), || format!("page {id} is closed"));
        let page = &mut self.pages[id];
        page.alive = false;
        // A page that is closed finishes what it began to write, one that crashes does not.
        page.crashed = page.dice.chance(50);
        page.timers.clear();
        if let Some(pipe) = page.pipe.take() {
            pipe.cut();
        }
        page.socket = None;
        let device = &mut self.devices[page.device];
        device.waiting.retain(|waiting| *waiting != id);
        if device.holder == Some(id) {
            device.holder = device.waiting.pop_front();
            if let Some(next) = device.holder {
                self.queue.after(1, Event::Lock(next));
            }
        }
    }

    pub(crate) fn keep(&mut self, page: PageId, conversation: ConversationId) {
        let Page { tab, device, keeping, alive, .. } = &mut self.pages[page];
        keeping.remove(&conversation);
        if !*alive {
            return;
        }
        let device = &mut self.devices[*device];
        let client: &Client = Tab::client(tab);
        let account = client.kept_account();
        if account.as_ref().map(|account| account.epoch)
            != device.account.as_ref().map(|account| account.epoch)
        {
            device.rooms.clear();
        }
        device.account = account;
        match client.kept_room(conversation) {
            Some(room) => drop(device.rooms.insert(conversation, room)),
            None => drop(device.rooms.remove(&conversation)),
        }
    }

    /// From now on, and soon, a device keeps what a page shows of this.
    pub(crate) fn changed(&mut self, page: PageId, part: Part) {
        let Part::Conversation(conversation) = part else { return };
        if self.pages[page].tab.is_leader() && self.pages[page].keeping.insert(conversation) {
            self.queue.after(300, Event::Keep(page, conversation));
        }
    }

    /// What devices still have of what was composed and is not in the log: failed in front of their person, or a draft.
    pub(crate) fn kept(&self) -> BTreeSet<ClientId> {
        let shown = self.pages.iter().filter(|page| page.alive);
        let shown = shown.flat_map(|page| page.tab.client().outbox().iter().map(|pending| pending.client_id));
        let drafts = self.devices.iter().flat_map(|device| device.drafts.iter().copied());
        shown.chain(drafts).collect()
    }
}
