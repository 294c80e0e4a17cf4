//! What a browser does for its pages: opens and closes them, gives the lock, keeps what they want kept.

use std::collections::BTreeSet;

use shared::client::{Input, Part};
use shared::id::{ClientId, ConversationId, Epoch};
use shared::outbox::Pending;
use shared::plant::{Plant, is_planted};
use shared::tab;
use uuid::Uuid;

use crate::device::Page;
use crate::dice::Dice;
use crate::event::{Event, PageId};
use crate::oracle::{Broken, ensure};
use crate::server::Server;
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
        page.call = None;
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
        let client = tab.client();
        let account = client.kept_account();
        if account.as_ref().map(|account| account.epoch)
            != device.account.as_ref().map(|account| account.epoch)
        {
            device.rooms.clear();
        }
        device.account = account;
        device.mine = client.kept_mine().unwrap_or_default();
        match client.kept_room(conversation) {
            Some(room) => drop(device.rooms.insert(conversation, room)),
            None => drop(device.rooms.remove(&conversation)),
        }
    }

    /// Storage has written a deed, unless the page crashed before it had.
    pub(crate) fn has_kept(&mut self, device: usize, page: PageId, pending: Pending) -> Result<(), Broken> {
        if self.pages[page].crashed {
            return Ok(());
        }
        let id = pending.client_id;
        self.trace.tell(self.queue.now(), || format!("device {device} keeps {pending:?} of page {page}"));
        self.devices[device].drafts.remove(&id);
        if !is_planted(Plant::OutboxInMemory) {
            self.devices[device].stored.insert(id, pending);
        }
        self.tell(page, tab::Event::Client(Input::Stored(id)))
    }

    pub(crate) fn has_forgotten(&mut self, device: usize, id: ClientId) {
        self.trace.tell(self.queue.now(), || format!("device {device} forgets {id}"));
        self.devices[device].stored.remove(&id);
    }

    /// A page that begins to lead has read what is there.
    pub(crate) fn has_loaded(&mut self, page: PageId) -> Result<(), Broken> {
        let stored = self.devices[self.pages[page].device].stored();
        self.tell(page, tab::Event::Client(Input::Restored(Box::new(stored))))?;
        self.tell(page, tab::Event::Client(Input::Start))
    }

    /// From now on, and soon, a device keeps what a page shows of this.
    pub(crate) fn changed(&mut self, page: PageId, part: Part) {
        let conversation = match part {
            Part::Conversation(conversation) => conversation,
            // What is one's own is kept in the same moment as a conversation is.
            Part::Own => match self.pages[page].tab.client().list().first() {
                Some(room) => room.summary().id,
                None => return,
            },
            _ => return,
        };
        if self.pages[page].tab.is_leader() && self.pages[page].keeping.insert(conversation) {
            self.queue.after(300, Event::Keep(page, conversation));
        }
    }

    /// What devices still have of what was composed and is not in the log: failed in front of their person, or a draft.
    pub(crate) fn kept(&self) -> BTreeSet<ClientId> {
        let shown = self.pages.iter().filter(|page| page.alive);
        let shown = shown.flat_map(|page| page.tab.client().outbox().iter().map(|pending| pending.client_id));
        let drafts = self.devices.iter().flat_map(|device| device.drafts.iter().copied());
        // What nobody's page shows because nobody is signed in waits on the device.
        let devices = self.devices.iter().filter(|device| device.signed_out.is_some());
        let waiting = devices.flat_map(|device| device.stored.keys().copied());
        shown.chain(drafts).chain(waiting).collect()
    }

    /// A server has ended a device's session: what is open for it closes soon.
    pub(crate) fn is_signed_out(&mut self, device: usize) -> Result<(), Broken> {
        self.devices[device].was_signed_out = true;
        // A backup that was put back in the same moment has the session again.
        if !self.session_is_over(device)? {
            return Ok(());
        }
        self.devices[device].signed_out.get_or_insert(self.queue.now());
        // Another server may have to look for itself.
        let within = if self.servers.len() > 1 { 31_000 } else { 1_000 };
        for pipe in self.pipes.iter().filter(|pipe| self.pages[pipe.page].device == device) {
            pipe.is_over_at(self.queue.now() + within);
        }
        Ok(())
    }

    /// A page's session is over: it shows the sign-in page. Whoever was signed out leaves nothing on the device.
    pub(crate) fn signed_out(&mut self, id: PageId, is_wiped: bool) -> Result<(), Broken> {
        let device = self.pages[id].device;
        let is_over = self.session_is_over(device)? || self.devices[device].was_signed_out;
        ensure(is_over, || format!("device {device} was signed out by nobody"))?;
        self.devices[device].signed_out.get_or_insert(self.queue.now());
        self.close_page(id);
        let outbox = self.pages[id].tab.client().outbox().iter().map(|pending| pending.client_id);
        let device = &mut self.devices[device];
        let known: Vec<ClientId> =
            outbox.chain(device.drafts.iter().copied()).chain(device.stored.keys().copied()).collect();
        // What waited there is gone with the session, or waits for the next one.
        self.oracle.settled.extend(known);
        if is_wiped {
            device.stored.clear();
            device.rooms.clear();
            device.drafts.clear();
            device.account = None;
        }
        Ok(())
    }

    /// Whether a page's session still stands, as HTTP would tell it.
    pub(crate) fn checked(&mut self, id: PageId) -> Result<(), Broken> {
        let is_answered = self.servers.iter().any(Server::is_alive);
        if is_answered && self.session_is_over(self.pages[id].device)? {
            self.tell(id, tab::Event::Client(Input::Expired))?;
        }
        Ok(())
    }

    fn session_is_over(&self, device: usize) -> Result<bool, Broken> {
        let session = i64::try_from(self.devices[device].session.get()).unwrap_or(i64::MAX);
        let stands: Result<bool, _> = self.site.disk.look(|c| {
            c.query_row("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?)", [session], |row| row.get(0))
        });
        stands.map(|stands| !stands).map_err(|error| error.to_string())
    }

    /// All servers die, and start on a backup.
    pub(crate) fn restore(&mut self, dice: &mut Dice) -> Result<(), Broken> {
        let Some(bytes) = self.backup.take() else { return Ok(()) };
        self.site.exchange.fall_still();
        for server in 0..self.servers.len() {
            self.crash(server, dice.below(1_000));
        }
        let epoch = Epoch(Uuid::from_u128(u128::from(dice.next()) << 64 | u128::from(dice.next())));
        self.site.disk.restore(&bytes, epoch).map_err(|error| error.to_string())?;
        for device in 0..self.devices.len() {
            if !self.session_is_over(device)? {
                self.devices[device].signed_out = None;
            }
        }
        self.oracle.restored()
    }
}
