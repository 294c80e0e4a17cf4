//! One run: people at pages, servers, and what lies between them, until the plan is over and everything has settled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use backend::store::Disk;
use shared::client::Input;
use shared::tab;

use crate::device::{Device, Page};
use crate::dice::Dice;
use crate::event::{Event, PageId, Relief};
use crate::moment::Moment;
use crate::oracle::{Broken, Oracle, ensure};
use crate::pipe::Pipe;
use crate::plan::Plan;
use crate::queue::Queue;
use crate::server::{Exchange, Server, Site};
use crate::template::{BEGUN, DEVICES, Template, template};
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
    pub(crate) moment: Moment,
    pub(crate) dice: Dice,
    pub(crate) trace: Trace,
    /// When a server last started.
    pub(crate) started: u64,
    /// The last backup.
    pub(crate) backup: Option<Vec<u8>>,
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
            moment: Moment::default(),
            dice: Dice::of(seed, 2),
            trace,
            started: 0,
            backup: None,
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
                self.devices.push(Device::new(person, self.template.devices[person][device]));
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
            if !has_page && self.devices[device].signed_out.is_none() {
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
            self.is_of_the_moment()?;
            let broken = match self.is_settled() {
                Ok(()) => break,
                Err(broken) => broken,
            };
            let patience = if self.started + 1_000 >= healed { 2 * SETTLED } else { SETTLED };
            if self.queue.now() > healed + patience {
                return Err(broken);
            }
        }
        let epoch = self.site.epoch().map_err(|error| error.to_string())?;
        let is_now = |device: &&Device| device.account.as_ref().is_some_and(|account| account.epoch == epoch);
        for device in self.devices.iter().filter(is_now) {
            self.oracle.is_of_the_log(&device.rooms)?;
        }
        let late = self.pipes.iter().find(|pipe| pipe.is_late());
        ensure(late.is_none(), || "I9: a session that was over was written to".to_owned())?;
        self.oracle.verdict(&self.kept())
    }

    /// Whether all pages that are awake show what is so at this moment.
    fn is_of_the_moment(&self) -> Result<(), Broken> {
        let now = self.queue.now();
        let epoch = self.site.epoch().map_err(|error| error.to_string())?;
        for page in self.pages.iter().filter(|page| page.alive && !page.asleep) {
            let (client, clock) = (page.tab.client(), BEGUN.after(now + self.devices[page.device].skew));
            let is_now = client.kept_account().is_some_and(|account| account.epoch == epoch);
            self.moment.agrees(now, page.device, (clock, is_now), client, &self.site.disk)?;
        }
        Ok(())
    }

    fn is_settled(&mut self) -> Result<(), Broken> {
        self.oracle.read_again()?;
        for page in self.pages.iter().filter(|page| page.alive) {
            ensure(self.devices[page.device].signed_out.is_none(), || {
                format!("I9: device {} was signed out and does not know", page.device)
            })?;
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

    async fn happen(&mut self, event: Event) -> Result<(), Broken> {
        if let Some(page) = self.page_of(&event).filter(|page| self.pages[*page].asleep) {
            self.pages[page].missed.push(event);
            return Ok(());
        }
        match event {
            Event::Step(number) => {
                self.step(number)?;
                self.is_of_the_moment()?;
            }
            Event::Over(relief) => self.over(relief).await?,
            Event::Dial(page, call) => self.dial(page, call),
            Event::Opened(pipe) => self.opened(pipe)?,
            Event::Refused(page, call) => self.refused(page, call)?,
            Event::Up(pipe) => self.up(pipe),
            Event::Down(pipe) => self.down(pipe)?,
            Event::Left(pipe) => self.pipes[pipe].cut(),
            Event::Lost(pipe) => self.lost(pipe, None)?,
            Event::Timer(page, timer, armed) => {
                if self.pages[page].timers.get(&timer) == Some(&armed) {
                    self.pages[page].timers.remove(&timer);
                    self.tell(page, tab::Event::Client(Input::Fired(timer)))?;
                }
            }
            Event::Patience(page, armed) => {
                if self.pages[page].patience == armed {
                    self.tell(page, tab::Event::Fired)?;
                }
            }
            Event::Word(page, word) => self.tell(page, tab::Event::Heard(word))?,
            Event::Lock(page) => {
                if self.devices[self.pages[page].device].holder == Some(page) {
                    self.tell(page, tab::Event::Leads)?;
                }
            }
            Event::Unlock(page) => self.tell(page, tab::Event::Deposed)?,
            Event::Kept(device, page, pending) => self.has_kept(device, page, *pending)?,
            Event::Forgot(device, id) => self.has_forgotten(device, id),
            Event::Keep(page, conversation) => self.keep(page, conversation),
            Event::Loaded(page) => self.has_loaded(page)?,
            Event::Checked(page) => self.checked(page)?,
            Event::SignedOut(device) => self.is_signed_out(device)?,
            Event::Bus(server, told, news) => self.site.exchange.arrive(server, told, &news),
            Event::Crash(server) => {
                let down = self.dice.below(2_000);
                self.crash(server, down);
            }
        }
        Ok(())
    }

    async fn over(&mut self, relief: Relief) -> Result<(), Broken> {
        match relief {
            Relief::Room => self.site.full.store(false, Ordering::Relaxed),
            Relief::Start(server) => {
                if !self.servers[server].is_alive() {
                    self.servers[server] = self.site.start(server).await;
                    self.started = self.queue.now();
                }
            }
            Relief::Flow(pipe) => self.pipes[pipe].flow(),
            Relief::Thaw(page) => {
                self.pages[page].asleep = false;
                // In the order in which it missed them, before anything new.
                for event in std::mem::take(&mut self.pages[page].missed) {
                    Box::pin(self.happen(event)).await?;
                }
            }
        }
        Ok(())
    }

    /// To which page an event happens, if it sleeps through it when it sleeps.
    fn page_of(&self, event: &Event) -> Option<PageId> {
        match event {
            Event::Timer(page, ..)
            | Event::Patience(page, _)
            | Event::Word(page, _)
            | Event::Lock(page)
            | Event::Unlock(page)
            | Event::Keep(page, _)
            | Event::Loaded(page)
            | Event::Checked(page)
            | Event::Refused(page, _) => Some(*page),
            Event::Opened(pipe) | Event::Down(pipe) | Event::Lost(pipe) => Some(self.pipes[*pipe].page),
            _ => None,
        }
    }
}
