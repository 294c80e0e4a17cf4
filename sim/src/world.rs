//! One run: people at pages, servers, and what lies between them, until the plan is over and everything has settled.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::ws::Message;
use backend::store::Disk;
use shared::client::{Input, Part};
use shared::code::Close;
use shared::frame::ServerFrame;
use shared::id::ClientId;
use shared::plant::{Plant, is_planted};
use shared::tab::{self, Tab};

use crate::device::{Device, Page};
use crate::dice::Dice;
use crate::event::{Event, PageId, PipeId, Relief};
use crate::oracle::{Broken, Oracle};
use crate::pipe::Pipe;
use crate::plan::Plan;
use crate::queue::Queue;
use crate::server::{Exchange, Server, Site};
use crate::template::{DEVICES, Template, template};
use crate::trace::Trace;

/// Everything must be at the head within so many milliseconds after the last fault, and twice that after a start.
const SETTLED: u64 = 5_000;

/// A run.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) template: &'static Template,
    pub(crate) queue: Arc<Queue>,
    pub(crate) site: Arc<Site>,
    pub(crate) servers: Vec<Server>,
    pub(crate) devices: Vec<Device>,
    pub(crate) pages: Vec<Page>,
    pub(crate) pipes: Vec<Arc<Pipe>>,
    pub(crate) oracle: Oracle,
    pub(crate) dice: Dice,
    pub(crate) trace: Trace,
    /// When a server last started.
    pub(crate) started: u64,
}

/// Runs a plan; says what was seen as one number, or what does not hold.
pub(crate) async fn run(plan: &Plan, disk: Disk, trace: Trace) -> Result<u64, Broken> {
    let mut world = World::begin(plan, disk, trace).await;
    world.live().await?;
    world.heal();
    world.settle().await?;
    Ok(world.trace.sum())
}

impl World {
    async fn begin(plan: &Plan, disk: Disk, trace: Trace) -> Self {
        let (queue, disk, seed) = (Queue::new(), Arc::new(disk), plan.seed);
        let exchange = Exchange::new(&queue, Dice::of(seed, 3), plan.servers);
        let full = AtomicBool::new(false);
        let site =
            Arc::new(Site { queue: Arc::clone(&queue), disk: Arc::clone(&disk), full, exchange, seed });
        let mut servers = Vec::new();
        for number in 0..plan.servers {
            servers.push(site.start(number).await);
        }
        let template = template(plan.people);
        let mut world = Self {
            plan: plan.clone(),
            template,
            queue,
            site,
            servers,
            devices: Vec::new(),
            pages: Vec::new(),
            pipes: Vec::new(),
            oracle: Oracle::new(&disk),
            dice: Dice::of(seed, 2),
            trace,
            started: 0,
        };
        world.populate();
        for (number, step) in plan.steps.iter().enumerate() {
            world.queue.at(step.at, Event::Step(number));
        }
        world
    }

    /// Everyone has a page open on one device; some have a second device.
    fn populate(&mut self) {
        for person in 0..self.plan.people {
            let devices = if self.dice.chance(30) { DEVICES } else { 1 };
            for device in 0..devices {
                let (token, _) = self.template.devices[person][device];
                self.devices.push(Device::new(person, token));
                let pages = 1 + usize::from(self.dice.chance(25));
                for _ in 0..pages {
                    self.open_page(self.devices.len() - 1);
                }
            }
        }
    }

    async fn live(&mut self) -> Result<(), Broken> {
        let end = self.plan.end() + 1;
        while let Some(event) = self.queue.next(end).await {
            self.happen(event).await?;
            // Servers have their turn after each event, not only when time passes.
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// No more faults: servers run, connections move or are known to be gone, pages are awake and told to look.
    fn heal(&mut self) {
        self.site.full.store(false, Ordering::Relaxed);
        for server in 0..self.servers.len() {
            self.servers[server].spare();
            if !self.servers[server].is_alive() {
                self.queue.after(0, Event::Over(Relief::Start(server)));
            }
        }
        for pipe in 0..self.pipes.len() {
            if self.pipes[pipe].is_silent() {
                self.queue.after(0, Event::Lost(pipe));
            } else {
                self.queue.after(0, Event::Over(Relief::Flow(pipe)));
            }
        }
        for page in 0..self.pages.len() {
            self.queue.after(0, Event::Over(Relief::Thaw(page)));
        }
        for device in 0..self.devices.len() {
            let has_page = self.pages.iter().any(|page| page.alive && page.device == device);
            if !has_page {
                self.open_page(device);
            }
        }
    }

    async fn settle(&mut self) -> Result<(), Broken> {
        let healed = self.queue.now();
        let mut is_told = false;
        loop {
            let until = self.queue.now() + 100;
            while let Some(event) = self.queue.next(until).await {
                self.happen(event).await?;
                tokio::task::yield_now().await;
            }
            if !std::mem::replace(&mut is_told, true) {
                // The network is back: browsers tell their pages.
                for page in 0..self.pages.len() {
                    self.tell(page, tab::Event::Client(Input::Wake))?;
                }
                continue;
            }
            let broken = match self.is_settled() {
                Ok(()) => break,
                Err(broken) => broken,
            };
            let patience = if self.started + 1_000 >= healed { 2 * SETTLED } else { SETTLED };
            if self.queue.now() > healed + patience {
                return Err(broken);
            }
        }
        for device in &self.devices {
            self.oracle.is_of_the_log(&device.rooms)?;
        }
        self.oracle.verdict(&self.kept())
    }

    fn is_settled(&mut self) -> Result<(), Broken> {
        self.oracle.read_again()?;
        for page in self.pages.iter().filter(|page| page.alive) {
            let person = &self.template.people[self.devices[page.device].person];
            self.oracle.agrees(page.tab.client(), person.id).map_err(|broken| {
                let link = page.tab.client().link_state();
                format!(
                    "{broken} (page {}, {link:?})",
                    if page.tab.is_leader() { "that leads" } else { "that follows" }
                )
            })?;
        }
        Ok(())
    }

    /// What devices still have of what was composed and is not in the log: failed in front of their person, or a draft.
    fn kept(&self) -> BTreeSet<ClientId> {
        let shown = self.pages.iter().filter(|page| page.alive);
        let shown = shown.flat_map(|page| page.tab.client().outbox().iter().map(|pending| pending.client_id));
        let drafts = self.devices.iter().flat_map(|device| device.drafts.iter().copied());
        shown.chain(drafts).collect()
    }

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

    async fn happen(&mut self, event: Event) -> Result<(), Broken> {
        if let Some(page) = page_of(&event).filter(|page| self.pages[*page].asleep) {
            self.pages[page].missed.push(event);
            return Ok(());
        }
        match event {
            Event::Step(number) => {
                let deed = self.plan.steps[number].deed;
                self.trace.tell(self.queue.now(), || format!("{deed:?}"));
                self.step(number)?;
            }
            Event::Over(relief) => self.over(relief).await,
            Event::Dial(page, socket) => self.dial(page, socket),
            Event::Opened(pipe) => self.opened(pipe)?,
            Event::Refused(page, socket) if self.pages[page].socket == Some(socket) => {
                self.pages[page].socket = None;
                self.tell(page, tab::Event::Client(Input::Lost(socket, None)))?;
            }
            Event::Up(pipe) => {
                if let Some(text) = self.pipes[pipe].arrive() {
                    self.trace.note(self.queue.now(), pipe, &text);
                }
            }
            Event::Down(pipe) => self.down(pipe)?,
            Event::Left(pipe) => self.pipes[pipe].cut(),
            Event::Lost(pipe) => self.lost(pipe, None)?,
            Event::Timer(page, timer, armed) => {
                if self.pages[page].timers.get(&timer) == Some(&armed) {
                    self.pages[page].timers.remove(&timer);
                    self.tell(page, tab::Event::Client(Input::Fired(timer)))?;
                }
            }
            Event::Patience(page, armed) if self.pages[page].patience == armed => {
                self.tell(page, tab::Event::Fired)?;
            }
            Event::Refused(..) | Event::Patience(..) => {}
            Event::Word(page, word) => self.tell(page, tab::Event::Heard(word))?,
            Event::Lock(page) => {
                if self.devices[self.pages[page].device].holder == Some(page) {
                    self.tell(page, tab::Event::Leads)?;
                }
            }
            Event::Unlock(page) => self.tell(page, tab::Event::Deposed)?,
            Event::Kept(device, page, pending) => {
                if self.pages[page].crashed {
                    return Ok(());
                }
                let id = pending.client_id;
                self.trace
                    .tell(self.queue.now(), || format!("device {device} keeps {pending:?} of page {page}"));
                self.devices[device].drafts.remove(&id);
                if !is_planted(Plant::OutboxInMemory) {
                    self.devices[device].stored.insert(id, *pending);
                }
                self.tell(page, tab::Event::Client(Input::Stored(id)))?;
            }
            Event::Forgot(device, id) => {
                self.trace.tell(self.queue.now(), || format!("device {device} forgets {id}"));
                self.devices[device].stored.remove(&id);
            }
            Event::Keep(page, conversation) => self.keep(page, conversation),
            Event::Loaded(page) => {
                let stored = self.devices[self.pages[page].device].stored();
                self.tell(page, tab::Event::Client(Input::Restored(Box::new(stored))))?;
                self.tell(page, tab::Event::Client(Input::Start))?;
            }
            Event::Bus(server, news) => self.site.exchange.deliver(server, &news),
            Event::Crash(server) => {
                let down = self.dice.below(2_000);
                self.crash(server, down);
            }
        }
        Ok(())
    }

    async fn over(&mut self, relief: Relief) {
        match relief {
            Relief::Room => self.site.full.store(false, Ordering::Relaxed),
            Relief::Start(server) => {
                if !self.servers[server].is_alive() {
                    self.servers[server] = self.site.start(server).await;
                    self.started = self.queue.now();
                }
            }
            Relief::Flow(pipe) => self.pipes[pipe].stall(false),
            Relief::Thaw(page) => {
                self.pages[page].asleep = false;
                for event in std::mem::take(&mut self.pages[page].missed) {
                    self.queue.after(0, event);
                }
            }
        }
    }

    /// A server dies; what is connected to it is cut; it comes back.
    pub(crate) fn crash(&mut self, server: usize, down: u64) {
        self.servers[server].die();
        for id in 0..self.pipes.len() {
            let pipe = &self.pipes[id];
            if pipe.server == server && !pipe.is_cut() {
                pipe.cut();
                let later = self.dice.below(5);
                self.queue.after(later, Event::Refused(pipe.page, pipe.socket));
                self.queue.after(later, Event::Lost(id));
            }
        }
        self.queue.after(20 + down, Event::Over(Relief::Start(server)));
    }

    fn dial(&mut self, page: PageId, socket: u32) {
        if self.pages[page].socket != Some(socket) {
            return;
        }
        let server = usize::try_from(self.dice.below(self.servers.len() as u64)).unwrap_or(0);
        if !self.servers[server].is_alive() {
            self.queue.after(1, Event::Refused(page, socket));
            return;
        }
        let id = self.pipes.len();
        let dice = Dice::of(self.plan.seed, 100_000 + id as u64);
        let pipe = Pipe::new(id, page, socket, server, &self.queue, dice);
        self.pipes.push(Arc::clone(&pipe));
        let token = self.devices[self.pages[page].device].token;
        self.servers[server].dial(pipe, token, id);
    }

    fn opened(&mut self, id: PipeId) -> Result<(), Broken> {
        let pipe = Arc::clone(&self.pipes[id]);
        let page = &mut self.pages[pipe.page];
        if page.socket != Some(pipe.socket) || pipe.is_cut() {
            pipe.cut();
            return Ok(());
        }
        let (id, socket) = (pipe.page, pipe.socket);
        page.pipe = Some(pipe);
        self.tell(id, tab::Event::Client(Input::Opened(socket)))
    }

    fn down(&mut self, id: PipeId) -> Result<(), Broken> {
        let Some(message) = self.pipes[id].take() else { return Ok(()) };
        let text = match message {
            Message::Text(text) => text,
            Message::Close(frame) => {
                return self.lost(id, frame.and_then(|frame| Close::from_code(frame.code)));
            }
            _ => return Ok(()),
        };
        self.trace.note(self.queue.now(), id, &text);
        let (page, socket) = (self.pipes[id].page, self.pipes[id].socket);
        if self.pages[page].pipe.as_ref().is_none_or(|pipe| !Arc::ptr_eq(pipe, &self.pipes[id])) {
            return Ok(());
        }
        let frame: ServerFrame =
            serde_json::from_str(&text).map_err(|error| format!("{error}: {text:.80}"))?;
        let user = self.template.people[self.devices[self.pages[page].device].person].id;
        self.oracle.heard(id, user, &frame)?;
        self.tell(page, tab::Event::Client(Input::Received(socket, Box::new(frame))))
    }

    fn lost(&mut self, id: PipeId, close: Option<Close>) -> Result<(), Broken> {
        self.pipes[id].cut();
        let (page, socket) = (self.pipes[id].page, self.pipes[id].socket);
        let is_its = self.pages[page].pipe.as_ref().is_some_and(|pipe| Arc::ptr_eq(pipe, &self.pipes[id]));
        if !is_its {
            return Ok(());
        }
        self.pages[page].pipe = None;
        self.tell(page, tab::Event::Client(Input::Lost(socket, close)))
    }

    fn keep(&mut self, page: PageId, conversation: shared::id::ConversationId) {
        let Page { tab, device, keeping, alive, .. } = &mut self.pages[page];
        keeping.remove(&conversation);
        if !*alive {
            return;
        }
        let device = &mut self.devices[*device];
        let client: &shared::client::Client = Tab::client(tab);
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
}

/// To which page an event happens, if it sleeps through it when it sleeps.
fn page_of(event: &Event) -> Option<PageId> {
    match event {
        Event::Timer(page, ..)
        | Event::Patience(page, _)
        | Event::Word(page, _)
        | Event::Lock(page)
        | Event::Unlock(page)
        | Event::Keep(page, _)
        | Event::Loaded(page)
        | Event::Refused(page, _) => Some(*page),
        _ => None,
    }
}
