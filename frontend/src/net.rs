//! The shell around the client core: tells it what happened, and performs what it answers.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Effect, Input, Timer};
use shared::code::{Close, Code};
use shared::frame::{ClientFrame, Deed, SUBPROTOCOL, ServerFrame};
use shared::id::{ClientId, ConversationId};
use shared::outbox::{self, Pending};

use crate::socket::{News, Socket};
use crate::state::{Session, State};
use crate::storage::Storage;
use crate::{api, browser, session};

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
    storage: Option<Storage>,
    waiting: HashMap<ClientId, Then>,
}

impl Net {
    pub fn new(state: State) -> Self {
        Self { state, inner: Rc::default() }
    }

    /// Tells the core what happened, and does what it says.
    pub fn tell(&self, input: Input) {
        for effect in self.state.step(input) {
            self.perform(effect);
        }
    }

    /// From now on deeds are kept here.
    pub fn keep_in(&self, storage: Option<Storage>) {
        self.state.set_storage_ok(storage.is_some());
        self.inner.borrow_mut().storage = storage;
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

    fn perform(&self, effect: Effect) {
        match effect {
            Effect::Connect(number) => self.connect(number),
            Effect::Disconnect => drop(self.inner.borrow_mut().socket.take()),
            Effect::Send(frame) => self.send(&frame),
            Effect::Arm(timer, millis) => self.arm(timer, millis),
            Effect::Keep(pending) => self.keep(pending),
            Effect::Forget(client_id) => self.forget(client_id),
            Effect::Changed(part) => self.state.changed(part),
            Effect::Done(client_id, conversation, _) => self.answer(client_id, Ok(conversation)),
            Effect::Refused(client_id, code) => self.answer(client_id, Err(code)),
            Effect::CheckSession => self.check_session(),
            Effect::SignedOut => {
                session::forget();
                if let Some(storage) = self.stop() {
                    spawn_local(storage.wipe());
                }
                browser::forget_drafts();
            }
            // Nobody wished it: what waits stays where it is until this account signs in again.
            Effect::Expired => {
                session::forget();
                drop(self.stop());
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
            News::Text(text) => match serde_json::from_str::<ServerFrame>(&text) {
                Ok(frame) => self.tell(Input::Received(number, Box::new(frame))),
                Err(error) => {
                    let line = format!("magpie: a frame could not be read: {error}");
                    web_sys::console::warn_1(&line.into());
                }
            },
        }
    }

    fn send(&self, frame: &ClientFrame) {
        if let (Some(socket), Ok(text)) = (&self.inner.borrow().socket, serde_json::to_string(frame)) {
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

    fn keep(&self, pending: Pending) {
        let net = self.clone();
        let storage = self.inner.borrow().storage.clone();
        spawn_local(async move {
            let kept = match &storage {
                Some(storage) => storage.keep(&pending).await.is_ok(),
                None => false,
            };
            // What cannot be kept is sent all the same, and the person is told that it lives in this page only.
            net.state.set_storage_ok(kept);
            if kept {
                sent_draft_is_kept(&pending);
            }
            if pending.state == outbox::State::Writing {
                net.tell(Input::Stored(pending.client_id));
            }
        });
    }

    fn forget(&self, client_id: ClientId) {
        if let Some(storage) = self.inner.borrow().storage.clone() {
            // A deed that stays behind is sent again after a reload, and answered with its first place.
            spawn_local(async move {
                let _ = storage.forget(client_id).await;
            });
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
        for (_, timer) in inner.timers.drain() {
            timer.clear();
        }
        inner.waiting.clear();
        let storage = inner.storage.take();
        drop(inner);
        self.state.set_session(Session::SignedOut);
        storage
    }
}

/// The draft of a message is forgotten only now that the message itself is on disk; what was typed since stays.
fn sent_draft_is_kept(pending: &Pending) {
    if let Deed::Post { conversation, body } = &pending.deed
        && browser::draft(*conversation) == body.as_str()
    {
        browser::keep_draft(*conversation, "");
    }
}
