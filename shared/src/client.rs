//! The client without a browser: it is told what happened, and says what to do.
//!
//! [`Client::step`] takes an [`Input`] and answers with [`Effect`]s. The web page, the tests, and whatever else speaks
//! to the server perform those effects; the decisions are all here. No clock, no randomness: both are handed in.

mod deeds;
mod keeping;
mod lively;
mod own;
mod receive;
mod room;
mod told;
mod windows;

use serde::{Deserialize, Serialize};

pub use lively::TYPING_SHOWN;
pub use own::{Desk, Later, Mine};
pub use room::{End, LIVE, Quote, Room, Viewer};
pub use told::{Account, Effect, Input, Now, Part, Socket, Stored, Timer};

use crate::frame::{CURSORS, ClientFrame, Fault, LEVEL, PEOPLE};
use crate::id::{ConversationId, Epoch, Seq, Timestamp, UserId};
use crate::link;
use crate::model::{List, Person};
use crate::outbox::Outbox;
use crate::sorted::{Map, Set};
use lively::Lively;
use room::Mend;

/// What was missing and asked for should come within so many milliseconds.
const MENDED: u64 = 10_000;

/// The whole state of a client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Client {
    link: link::State,
    socket: Socket,
    epoch: Option<Epoch>,
    me: Option<Person>,
    people: Map<UserId, Person>,
    /// Names asked for on this connection.
    #[serde(skip)]
    asked: Set<UserId>,
    /// Names that are shown and not known.
    missing: Set<UserId>,
    rooms: Map<ConversationId, Room>,
    outbox: Outbox,
    /// What is of the moment: no other page and no later connection needs it.
    #[serde(skip)]
    lively: Lively,
    mine: Mine,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            link: link::State::Stopped(link::Stop::NotStarted),
            socket: 0,
            epoch: None,
            me: None,
            people: Map::new(),
            asked: Set::new(),
            missing: Set::new(),
            rooms: Map::new(),
            outbox: Outbox::default(),
            lively: Lively::default(),
            mine: Mine::default(),
        }
    }
}

impl Client {
    /// Takes what happened; answers what to do.
    pub fn step(&mut self, now: Now, input: Input) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Start => self.link(now, link::Event::Start, &mut effects),
            Input::Restored(stored) => self.restored(*stored, &mut effects),
            Input::TakeOver => self.take_over(now, &mut effects),
            Input::Opened(socket) if socket == self.socket => {
                self.link(now, link::Event::Opened, &mut effects);
            }
            Input::Received(socket, frame) if socket == self.socket => {
                self.receive(now, *frame, &mut effects);
            }
            Input::Lost(socket, close) if socket == self.socket => {
                self.link(now, link::Event::Lost(close), &mut effects);
            }
            Input::Opened(_) | Input::Received(..) | Input::Lost(..) => {}
            Input::Fired(Timer::Link(timer)) => self.link(now, link::Event::Fired(timer), &mut effects),
            Input::Fired(Timer::Outbox) => self.outbox.go_on(),
            Input::Fired(Timer::Questions) => self.ask_again(&mut effects),
            Input::Fired(Timer::Mending) => self.mend_again(&mut effects),
            Input::Fired(Timer::Got) => self.tell_got(&mut effects),
            Input::Wake => self.link(now, link::Event::Wake, &mut effects),
            Input::SignOut => self.link(now, link::Event::SignOut, &mut effects),
            Input::Expired => self.link(now, link::Event::Expired, &mut effects),
            Input::Stored(client_id) => self.outbox.stored(client_id),
            Input::Do(client_id, deed) => self.compose(now, client_id, deed, &mut effects),
            Input::Retry(client_id) => self.retry(client_id, &mut effects),
            Input::Discard(client_id) => self.discard(client_id, &mut effects),
            Input::Open(id) => self.open(id),
            Input::LoadOlder(id) => self.load_older(id, &mut effects),
            Input::Quote(id, seqs) => self.quote(id, seqs),
            Input::MarkRead(id, seq) => self.mark_read(id, seq, &mut effects),
            Input::Watch(id) => self.watch(id, &mut effects),
            Input::Type(id) => self.type_on(now, id, &mut effects),
            Input::Draft { desk, was, text, reply } => self.type_in(desk, &was, text, reply, &mut effects),
            Input::TakeDraft(desk) => self.settle_draft(desk, true, &mut effects),
            Input::KeepDraft(desk) => self.settle_draft(desk, false, &mut effects),
            Input::Meet(ids) => self.miss(ids),
            Input::GoTo(viewer, id, seq) => self.go_to(now, viewer, (id, seq), &mut effects),
            Input::Detach(viewer, id, seq) => self.detach(now, viewer, (id, seq), &mut effects),
            Input::Extend(viewer, end) => self.extend(viewer, end, &mut effects),
            Input::LeaveWindow(viewer, id) => self.leave_windows(viewer, |room| room == id, &mut effects),
        }
        self.follow_up(&mut effects);
        effects
    }

    /// Where the connection stands.
    pub fn link_state(&self) -> link::State {
        self.link
    }

    /// Who is signed in, once the server said so.
    pub fn me(&self) -> Option<&Person> {
        self.me.as_ref()
    }

    /// Somebody, if known; an unknown one is asked for by itself.
    pub fn person(&self, id: UserId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// Somebody by sign-in name, if known.
    pub fn person_named(&self, name: &str) -> Option<&Person> {
        self.me.iter().chain(self.people.values()).find(|person| person.name.as_str() == name)
    }

    /// Everyone who is known.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// One conversation.
    pub fn room(&self, id: ConversationId) -> Option<&Room> {
        self.rooms.get(&id)
    }

    /// All conversations, the one with the newest message first.
    pub fn list(&self) -> Vec<&Room> {
        let mut composed = Map::new();
        for pending in self.outbox.iter().filter(|pending| !pending.deed.is_own()) {
            let newest: &mut Timestamp =
                composed.get_or_insert_with(pending.deed.conversation(), Timestamp::default);
            *newest = pending.composed_at.max(*newest);
        }
        let mut rooms: Vec<&Room> = self.rooms.values().collect();
        let newest = |room: &Room| {
            let said = room.last().map_or(room.summary().made_at, |last| last.at);
            composed.get(&Some(room.summary().id)).map_or(said, |composed| said.max(*composed))
        };
        rooms.sort_by_cached_key(|room| std::cmp::Reverse((newest(room), room.summary().id)));
        rooms
    }

    /// How many messages are unread in all conversations.
    pub fn unread(&self) -> u32 {
        self.rooms.values().fold(0, |sum, room| sum.saturating_add(room.unread()))
    }

    /// How many unread messages call this person, in all conversations.
    pub fn mentions(&self) -> u32 {
        self.rooms.values().fold(0, |sum, room| sum.saturating_add(room.mentions()))
    }

    /// What is on its way.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    fn link(&mut self, now: Now, event: link::Event, effects: &mut Vec<Effect>) {
        let before = self.link;
        let (state, todo) = link::step(before, now.at, now.random, event);
        self.link = state;
        if before.is_live() && !state.is_live() {
            self.cut();
        }
        for effect in todo {
            effects.push(self.perform(effect));
        }
        if std::mem::discriminant(&before) != std::mem::discriminant(&state) {
            effects.push(Effect::Changed(Part::Link));
        }
        let ended = match state {
            link::State::Stopped(link::Stop::SignedOut) => Effect::SignedOut,
            link::State::Stopped(link::Stop::Expired) => Effect::Expired,
            _ => return,
        };
        if before != state {
            *self = Self { link: state, socket: self.socket, ..Self::default() };
            effects.push(ended);
        }
    }

    fn perform(&mut self, effect: link::Effect) -> Effect {
        match effect {
            link::Effect::Connect => {
                self.socket += 1;
                Effect::Connect(self.socket)
            }
            link::Effect::Disconnect => {
                // What the old socket still says belongs to nobody.
                self.socket += 1;
                Effect::Disconnect
            }
            link::Effect::Greet => Effect::Send(self.hello()),
            link::Effect::Probe => Effect::Send(ClientFrame::Ping),
            link::Effect::Arm(timer, millis) => Effect::Arm(Timer::Link(timer), millis),
            link::Effect::CheckSession => Effect::CheckSession,
        }
    }

    fn hello(&self) -> ClientFrame {
        let cursors = self.list().into_iter().map(|room| (room.summary().id, room.timeline().cursor()));
        let cursors = List::<_, CURSORS>::first(cursors);
        ClientFrame::Hello { level: LEVEL, epoch: self.epoch, cursors, own: Some(self.mine.version()) }
    }

    fn cut(&mut self) {
        self.outbox.cut();
        self.mine.cut();
        self.asked.clear();
        self.lively = Lively::default();
        for room in self.rooms.values_mut() {
            room.cut();
        }
    }

    /// The pause after a refused question is over; markers and pages come by themselves, holes are asked about here.
    fn ask_again(&mut self, effects: &mut Vec<Effect>) {
        self.mine.ask_again();
        for (id, room) in self.rooms.iter_mut() {
            if room.cut() {
                let after = room.timeline().cursor();
                room.mend();
                effects.push(Effect::Send(ClientFrame::CatchUp { conversation: *id, after }));
            }
        }
    }

    /// Holes that should be mended by now: those that are not are asked about once more, and then given up.
    fn mend_again(&mut self, effects: &mut Vec<Effect>) {
        for (id, room) in self.rooms.iter_mut() {
            let (conversation, fault) = (*id, Fault::Stuck);
            effects.extend(room.mend_again().map(|mend| match mend {
                Mend::CatchUp(after) => Effect::Send(ClientFrame::CatchUp { conversation, after }),
                Mend::Refresh => Effect::Send(ClientFrame::Refresh { conversation, fault }),
            }));
        }
        if self.rooms.values().any(Room::has_hole) {
            effects.push(Effect::Arm(Timer::Mending, MENDED));
        }
    }

    fn open(&mut self, id: ConversationId) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.open();
        }
    }

    fn quote(&mut self, id: ConversationId, seqs: Vec<Seq>) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.want(seqs);
        }
    }

    fn load_older(&mut self, id: ConversationId, effects: &mut Vec<Effect>) {
        if !self.link.is_live() {
            return;
        }
        if let Some(before) = self.rooms.get_mut(&id).and_then(Room::older) {
            effects.push(Effect::Send(page(id, before)));
        }
    }

    fn mark_read(&mut self, id: ConversationId, seq: Seq, effects: &mut Vec<Effect>) {
        // The server is told in the follow-up; not live, after the next welcome, which shows that it is behind.
        if self.rooms.get_mut(&id).is_some_and(|room| room.mark_read(seq)) {
            effects.push(Effect::Changed(Part::List));
        }
    }

    /// What every step may have made possible: deeds to send, markers to tell, pages and names to ask for.
    fn follow_up(&mut self, effects: &mut Vec<Effect>) {
        if !self.link.is_live() {
            return;
        }
        for (client_id, deed) in self.outbox.send_next() {
            effects.push(Effect::Send(ClientFrame::Do { client_id, deed }));
        }
        for (id, room) in self.rooms.iter_mut() {
            if let Some(before) = room.wants_page() {
                effects.push(Effect::Send(page(*id, before)));
            }
            let wanted = room.wants_entries();
            if !wanted.is_empty() {
                let (conversation, seqs) = (*id, List::first(wanted));
                effects.push(Effect::Send(ClientFrame::Entries { conversation, seqs }));
            }
            if let Some(seq) = room.tell_read() {
                effects.push(Effect::Send(ClientFrame::Read { conversation: *id, seq }));
            }
        }
        self.plan_got(effects);
        self.send_drafts(effects);
        let ids: Vec<UserId> =
            self.missing.iter().filter(|id| !self.asked.contains(id)).copied().take(PEOPLE).collect();
        if !ids.is_empty() {
            self.asked.extend(ids.iter().copied());
            effects.push(Effect::Send(ClientFrame::People { ids: List::first(ids) }));
        }
    }
}

fn page(conversation: ConversationId, before: Seq) -> ClientFrame {
    ClientFrame::Page { conversation, before: Some(before), limit: room::PAGE_SIZE }
}
