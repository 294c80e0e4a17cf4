//! The shell around the client core: tells it what happened, and performs what it answers.

mod keeping;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Effect, Input, Timer};
use shared::code::{Close, Code};
use shared::frame::{ClientFrame, SUBPROTOCOL, ServerFrame};
use shared::id::{ClientId, ConversationId};
use shared::json;
use shared::model::Person;
use shared::tab::{Act, Event};

use crate::keeper::Keeper;
use crate::socket::{News, Socket};
use crate::state::{Session, State};
use crate::storage::Storage;
use crate::tabs::Tabs;
use crate::{api, drafts, emoji, notify, session, storage};

/// What the upgrade names. While one works on the client, trunk's proxy stands between, and it loses the answer.
const PROTOCOL: Option<&str> = if cfg!(debug_assertions) { None } else { Some(SUBPROTOCOL) };

/// What is called when a deed is done or refused.
type Then = Box<dyn FnOnce(Result<ConversationId, Code>)>;

/// The running shell. Cheap to clone.
#[derive(Clone)]
pub struct Net {
    state: State,
    inner: Rc<RefCell<Inner>>,
}

#[derive(Default)]
struct Inner {
    socket: Option<Socket>,
    timers: HashMap<Timer, TimeoutHandle>,
    /// How long the page that leads may take to answer.
    patience: Option<TimeoutHandle>,
    /// The pages of this account; `None` while nobody is signed in.
    tabs: Option<Tabs>,
    storage: Option<Storage>,
    keeper: Keeper,
    is_keeping: bool,
    /// Which reading of storage is the newest.
    load: u32,
    waiting: HashMap<ClientId, Then>,
}

impl Net {
    pub fn new(state: State) -> Self {
        Self { state, inner: Rc::default() }
    }

    /// Somebody is signed in: this page joins the others of this account.
    pub fn begin(&self, person: &Person, storage: Option<Storage>) {
        self.state.set_storage_ok(storage.is_some());
        self.state.begin();
        let net = self.clone();
        let tabs = Tabs::new(&storage::name(person), move |event| net.happen(event));
        {
            let mut inner = self.inner.borrow_mut();
            inner.storage = storage;
            inner.tabs = Some(tabs.clone());
        }
        self.happen(Event::Enter);
        tabs.enter();
    }

    /// Tells the core what happened, and does what it says.
    pub fn tell(&self, input: Input) {
        self.happen(Event::Client(input));
    }

    /// Calls back when this deed is done or refused.
    pub fn when_done(&self, client_id: ClientId, then: Then) {
        self.inner.borrow_mut().waiting.insert(client_id, then);
    }

    /// Asks the server whether the session still stands, and ends it here if not.
    pub fn check_session(&self) {
        let net = self.clone();
        spawn_local(async move {
            if api::session().await.is_err_and(|refusal| refusal.code == Code::SignedOut) {
                net.tell(Input::Expired);
            }
        });
    }

    fn happen(&self, event: Event) {
        let is_over = || self.inner.borrow().tabs.is_none();
        if is_over() {
            return;
        }
        for act in self.state.step(event) {
            self.act(act);
            if is_over() {
                return;
            }
        }
    }

    fn act(&self, act: Act) {
        let tabs = || self.inner.borrow().tabs.clone();
        match act {
            Act::Perform(effect) => self.perform(effect),
            Act::Tell(word) => drop(tabs().map(|tabs| tabs.say(&word))),
            Act::Arm(millis) => self.be_patient(millis),
            Act::Steal => drop(tabs().map(|tabs| tabs.steal())),
            Act::Load => self.load(),
            Act::ForgetTimers => self.inner.borrow_mut().forget_timers(),
        }
    }

    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Connect(number) => self.connect(number),
            Effect::Disconnect => drop(self.inner.borrow_mut().socket.take()),
            Effect::Send(frame) => self.send(&frame),
            Effect::Arm(timer, millis) => self.arm(timer, millis),
            Effect::Keep(pending) => self.keep(pending),
            Effect::Forget(client_id) => self.forget(client_id),
            Effect::Changed(part) => {
                self.state.changed(part);
                // Before, there was nothing to show.
                self.state.set_session(Session::SignedIn);
                self.keep_soon(part);
            }
            Effect::Done(client_id, conversation, _) => self.answer(client_id, Ok(conversation)),
            Effect::Kept(client_id) => drop(self.inner.borrow_mut().waiting.remove(&client_id)),
            Effect::Notify(conversation, seq) => notify::message(self.state, conversation, seq),
            Effect::Refused(client_id, code) => self.answer(client_id, Err(code)),
            Effect::CheckSession => self.check_session(),
            Effect::SignedOut => {
                session::forget();
                if let Some(storage) = self.stop() {
                    spawn_local(storage.wipe());
                }
                emoji::forget();
                drafts::forget();
            }
            // Nobody wished it: what waits stays until this account signs in again, which has the rest from the server.
            Effect::Expired => {
                session::forget();
                if let Some(storage) = self.stop() {
                    spawn_local(async move { storage.forget_history().await });
                }
            }
        }
    }

    fn connect(&self, number: u32) {
        let net = self.clone();
        let socket = Socket::open("/ws", PROTOCOL, move |news| net.heard(number, news));
        let opened = socket.is_some();
        self.inner.borrow_mut().socket = socket;
        if !opened {
            let net = self.clone();
            queue_microtask(move || net.tell(Input::Lost(number, None)));
        }
    }

    fn heard(&self, number: u32, news: News) {
        match news {
            News::Opened => self.tell(Input::Opened(number)),
            News::Closed(code) => self.tell(Input::Lost(number, Close::from_code(code))),
            News::Text(text) => match json::read::<ServerFrame>(&text) {
                Ok(frame) => self.tell(Input::Received(number, Box::new(frame))),
                Err(error) => {
                    let line = format!("magpie: a frame could not be read: {error}");
                    web_sys::console::warn_1(&line.into());
                }
            },
        }
    }

    fn send(&self, frame: &ClientFrame) {
        if let (Some(socket), Ok(text)) = (&self.inner.borrow().socket, json::write(frame)) {
            socket.send(&text);
        }
    }

    fn arm(&self, timer: Timer, millis: u64) {
        let net = self.clone();
        let fire = move || {
            net.inner.borrow_mut().timers.remove(&timer);
            net.tell(Input::Fired(timer));
        };
        // A window gives timers; should it not, the next event of the socket or the page moves things on.
        if let Ok(handle) = set_timeout_with_handle(fire, Duration::from_millis(millis))
            && let Some(earlier) = self.inner.borrow_mut().timers.insert(timer, handle)
        {
            earlier.clear();
        }
    }

    fn be_patient(&self, millis: u64) {
        let net = self.clone();
        let fire = move || net.happen(Event::Fired);
        if let Ok(handle) = set_timeout_with_handle(fire, Duration::from_millis(millis))
            && let Some(earlier) = self.inner.borrow_mut().patience.replace(handle)
        {
            earlier.clear();
        }
    }

    fn answer(&self, client_id: ClientId, answer: Result<ConversationId, Code>) {
        let then = self.inner.borrow_mut().waiting.remove(&client_id);
        if let Some(then) = then {
            then(answer);
        }
    }

    /// The session is over: nothing of it goes on.
    fn stop(&self) -> Option<Storage> {
        let mut inner = self.inner.borrow_mut();
        inner.forget_timers();
        if let Some(patience) = inner.patience.take() {
            patience.clear();
        }
        // Whatever is read of storage from now on is nobody's.
        let load = inner.load + 1;
        let Inner { tabs, storage, .. } = std::mem::replace(&mut *inner, Inner { load, ..Inner::default() });
        drop(inner);
        if let Some(tabs) = tabs {
            tabs.leave();
        }
        self.state.set_session(Session::SignedOut);
        storage
    }
}

impl Inner {
    fn forget_timers(&mut self) {
        for (_, timer) in self.timers.drain() {
            timer.clear();
        }
    }
}
