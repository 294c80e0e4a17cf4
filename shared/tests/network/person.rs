//! A person at a client: the real core, with a cable that can be cut and a storage that answers late.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use shared::client::{Client, Effect, Input, Now, Stored, Timer};
use shared::frame::{ClientFrame, Deed, ServerFrame};
use shared::id::{ClientId, Timestamp, UserId};
use shared::model::What;
use shared::outbox::Pending;
use uuid::Uuid;

use crate::Dice;
use crate::server::{Server, lobby};

pub(crate) struct Person {
    id: UserId,
    client: Client,
    /// The socket the client opened last, and what travels on it both ways.
    socket: Option<u32>,
    open: bool,
    up: VecDeque<ClientFrame>,
    down: VecDeque<ServerFrame>,
    timers: BTreeSet<Timer>,
    /// What storage holds, and what it was asked to write and has not.
    stored: BTreeMap<ClientId, Pending>,
    writing: VecDeque<Pending>,
    composed: Vec<String>,
}

impl Person {
    pub(crate) fn new(number: u64) -> Self {
        Self {
            id: number.try_into().unwrap(),
            client: Client::default(),
            socket: None,
            open: false,
            up: VecDeque::new(),
            down: VecDeque::new(),
            timers: BTreeSet::new(),
            stored: BTreeMap::new(),
            writing: VecDeque::new(),
            composed: Vec::new(),
        }
    }

    pub(crate) fn id(&self) -> UserId {
        self.id
    }

    pub(crate) fn composed(&self) -> &[String] {
        &self.composed
    }

    pub(crate) fn waiting(&self) -> usize {
        self.client.outbox().iter().count()
    }

    pub(crate) fn unread(&self) -> u32 {
        self.client.room(lobby()).unwrap().unread()
    }

    /// Everything on the screen once all of the history is loaded, as (author, text).
    pub(crate) fn shown(&self) -> Vec<(UserId, String)> {
        let timeline = self.client.room(lobby()).unwrap().timeline();
        assert!(timeline.reaches_the_beginning());
        let text = |what: &What| match what {
            What::Posted { body } => Some(body.to_string()),
            _ => None,
        };
        timeline.entries().filter_map(|entry| Some((entry.author, text(&entry.what)?))).collect()
    }

    pub(crate) fn start(&mut self, clock: Timestamp, dice: &mut Dice) {
        self.tell(Input::Start, clock, dice);
    }

    pub(crate) fn say(&mut self, clock: Timestamp, dice: &mut Dice) {
        // A message is composed in an open conversation only.
        if self.client.room(lobby()).is_none() && self.id.get() != 1 {
            return;
        }
        let text = format!("{} says {}", self.id, self.composed.len());
        let client_id = ClientId(Uuid::from_u128(u128::from(dice.next()) << 64 | u128::from(dice.next())));
        let deed = Deed::Post { conversation: lobby(), body: text.as_str().try_into().unwrap() };
        self.composed.push(text);
        self.tell(Input::Do(client_id, deed), clock, dice);
    }

    pub(crate) fn read_all(&mut self, clock: Timestamp, dice: &mut Dice) {
        if let Some(cursor) = self.client.room(lobby()).map(|room| room.timeline().cursor()) {
            self.tell(Input::MarkRead(lobby(), cursor), clock, dice);
        }
    }

    /// Both directions lose what was still travelling; each side notices.
    pub(crate) fn cut_cable(&mut self, server: &mut Server, clock: Timestamp, dice: &mut Dice) {
        server.hang_up(self.id);
        self.unplug();
        if let Some(socket) = self.socket.take() {
            self.tell(Input::Lost(socket, None), clock, dice);
        }
    }

    /// The page is reloaded: everything in memory is gone, storage stays. Text that storage had not yet taken dies
    /// with the page unless the write was already under way, as in a browser that finishes its transactions.
    pub(crate) fn reload(&mut self, server: &mut Server, clock: Timestamp, dice: &mut Dice) {
        server.hang_up(self.id);
        self.unplug();
        self.socket = None;
        while let Some(pending) = self.writing.pop_front() {
            self.stored.insert(pending.client_id, pending);
        }
        self.client = Client::default();
        self.timers.clear();
        let stored = self.stored.values().cloned().collect();
        self.tell(Input::Restored(Box::new(Stored { pending: stored, ..Stored::default() })), clock, dice);
        self.tell(Input::Start, clock, dice);
    }

    pub(crate) fn forget_storage(&mut self) {
        self.stored.clear();
        self.writing.clear();
    }

    pub(crate) fn storage_answers(&mut self, clock: Timestamp, dice: &mut Dice) -> bool {
        let Some(pending) = self.writing.pop_front() else { return false };
        let client_id = pending.client_id;
        self.stored.insert(client_id, pending);
        self.tell(Input::Stored(client_id), clock, dice);
        true
    }

    /// One timer fires, any of those armed.
    pub(crate) fn time_passes(&mut self, clock: Timestamp, dice: &mut Dice) -> bool {
        let timers: Vec<Timer> = self.timers.iter().copied().collect();
        if timers.is_empty() {
            return false;
        }
        let timer = timers[dice.below(timers.len())];
        self.timers.remove(&timer);
        self.tell(Input::Fired(timer), clock, dice);
        true
    }

    /// The socket opens, or one frame arrives at one end.
    pub(crate) fn deliver_one(&mut self, server: &mut Server, clock: Timestamp, dice: &mut Dice) -> bool {
        let Some(socket) = self.socket else { return false };
        if !self.open {
            self.open = true;
            self.tell(Input::Opened(socket), clock, dice);
            return true;
        }
        if dice.below(2) == 0
            && let Some(frame) = self.up.pop_front()
        {
            let answers = server.take(self.id, frame, clock);
            self.down.extend(answers);
            return true;
        }
        if self.down.is_empty() {
            self.down.extend(server.news(self.id));
        }
        if let Some(frame) = self.down.pop_front() {
            self.tell(Input::Received(socket, Box::new(frame)), clock, dice);
            return true;
        }
        false
    }

    /// Without faults: everything arrives, storage answers, the next try is made, history is loaded to its beginning.
    pub(crate) fn settle(&mut self, server: &mut Server, clock: Timestamp, dice: &mut Dice) -> bool {
        let mut moved = false;
        while self.storage_answers(clock, dice)
            || self.deliver_one(server, clock, dice)
            || !self.up.is_empty()
        {
            moved = true;
        }
        if !self.client.link_state().is_live() {
            return self.time_passes(clock, dice);
        }
        for timer in [Timer::Outbox, Timer::Questions, Timer::Mending] {
            if self.timers.remove(&timer) {
                self.tell(Input::Fired(timer), clock, dice);
                moved = true;
            }
        }
        let begun = self.client.room(lobby()).is_some_and(|room| room.timeline().reaches_the_beginning());
        if !begun {
            self.tell(Input::Open(lobby()), clock, dice);
            self.tell(Input::LoadOlder(lobby()), clock, dice);
        }
        moved || !begun
    }

    fn unplug(&mut self) {
        self.open = false;
        self.up.clear();
        self.down.clear();
    }

    fn tell(&mut self, input: Input, clock: Timestamp, dice: &mut Dice) {
        let now = Now { at: clock, random: dice.next() };
        for effect in self.client.step(now, input) {
            match effect {
                Effect::Connect(socket) => {
                    self.unplug();
                    self.socket = Some(socket);
                }
                Effect::Disconnect => {
                    self.unplug();
                    self.socket = None;
                }
                Effect::Send(frame) => self.up.push_back(frame),
                Effect::Arm(timer, _) => drop(self.timers.insert(timer)),
                Effect::Keep(pending) => self.writing.push_back(pending),
                Effect::Forget(client_id) => {
                    self.writing.retain(|pending| pending.client_id != client_id);
                    self.stored.remove(&client_id);
                }
                Effect::Changed(_)
                | Effect::Done(..)
                | Effect::Refused(..)
                | Effect::CheckSession
                | Effect::SignedOut
                | Effect::Expired => {}
            }
        }
    }
}
