//! What the pages of one account share in a browser: a lock that one of them holds, and a channel between them.
//!
//! The bindings have no stable names for locks yet, so they are called by name. A browser without them, or without a
//! channel, lets every page lead alone: each holds a socket of its own, and deeds have an identity.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use leptos::task::spawn_local;
use shared::json;
use shared::tab::{Event, Word};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use crate::browser;
use crate::reading::{Reader, reader};

/// This page's place among the pages of one account. Cheap to clone.
#[derive(Clone)]
pub struct Tabs {
    inner: Rc<Inner>,
}

struct Inner {
    name: String,
    tell: Rc<dyn Fn(Event)>,
    /// `None` where this page is alone.
    shared: Option<Shared>,
    is_open: Cell<bool>,
    /// Whether this page stands in the queue for the lock.
    is_queued: Cell<bool>,
    /// Lets go of the lock.
    release: RefCell<Option<Function>>,
}

struct Shared {
    locks: JsValue,
    channel: BroadcastChannel,
    ear: Rc<Ear>,
    // Kept for as long as the browser may call it.
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Tabs {
    /// Among the pages that share this name, and were made by the same build: others speak other words.
    pub fn new(name: &str, tell: impl Fn(Event) + 'static) -> Self {
        let name = format!("{name} {}", browser::build());
        let tell: Rc<dyn Fn(Event)> = Rc::new(tell);
        let shared = Shared::open(&name, Rc::clone(&tell));
        let (is_open, is_queued) = (Cell::new(true), Cell::new(false));
        Self { inner: Rc::new(Inner { name, tell, shared, is_open, is_queued, release: RefCell::default() }) }
    }

    /// Stands in the queue for the lock.
    pub fn enter(&self) {
        self.inner.queue();
    }

    /// Says something to the other pages.
    pub fn say(&self, word: &Word) {
        if let (Some(shared), Ok(text)) = (&self.inner.shared, json::write(word)) {
            // A closed channel hears nothing any more, and nobody waits for it.
            let _ = shared.channel.post_message(&text.into());
        }
    }

    /// Takes the lock from who holds it.
    pub fn steal(&self) {
        self.inner.request(true);
    }

    /// Leaves: another page may lead.
    pub fn leave(&self) {
        let inner = &self.inner;
        inner.is_open.set(false);
        if let Some(shared) = &inner.shared {
            shared.ear.is_open.set(false);
            shared.channel.set_onmessage(None);
            shared.channel.close();
        }
        if let Some(release) = inner.release.take() {
            // Resolving a promise cannot fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Inner {
    fn queue(self: &Rc<Self>) {
        if !self.is_queued.replace(true) {
            self.request(false);
        }
    }

    fn request(self: &Rc<Self>, steal: bool) {
        let is_held = Rc::new(Cell::new(false));
        let (inner, held) = (Rc::clone(self), Rc::clone(&is_held));
        let granted = Closure::once(move |_: JsValue| -> Promise {
            held.set(true);
            inner.hold(steal)
        });
        let Some(asked) = self.ask_for_lock(steal, granted.as_ref().unchecked_ref()) else {
            (self.tell)(Event::Leads);
            return;
        };
        let inner = Rc::clone(self);
        spawn_local(async move {
            let ended = JsFuture::from(asked).await;
            drop(granted);
            if !steal {
                inner.is_queued.set(false);
            }
            if let Err(why) = ended
                && inner.is_open.get()
            {
                inner.lost(is_held.get(), &why);
            }
        });
    }

    fn ask_for_lock(&self, steal: bool, hold: &Function) -> Option<Promise> {
        let locks = &self.shared.as_ref()?.locks;
        let options = Object::new();
        Reflect::set(&options, &"steal".into(), &steal.into()).ok()?;
        let method: Function = Reflect::get(locks, &"request".into()).ok()?.dyn_into().ok()?;
        method.call3(locks, &self.name.as_str().into(), &options, hold).ok()?.dyn_into().ok()
    }

    /// The lock is this page's, until the promise resolves.
    fn hold(&self, stolen: bool) -> Promise {
        if !stolen {
            self.is_queued.set(false);
        }
        if !self.is_open.get() {
            return Promise::resolve(&JsValue::UNDEFINED);
        }
        let held = Promise::new(&mut |release, _| drop(self.release.replace(Some(release))));
        (self.tell)(Event::Leads);
        held
    }

    fn lost(self: &Rc<Self>, was_held: bool, why: &JsValue) {
        let name = Reflect::get(why, &"name".into()).ok().and_then(|name| name.as_string());
        // A lock that is stolen ends so, even before its page has heard that it has it.
        if name.as_deref() != Some("AbortError") {
            // The browser gives this page none at all.
            (self.tell)(Event::Leads);
            return;
        }
        if was_held {
            (self.tell)(Event::Deposed);
        }
        self.queue();
    }
}

impl Shared {
    fn open(name: &str, tell: Rc<dyn Fn(Event)>) -> Option<Self> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
        let channel = BroadcastChannel::new(name).ok()?;
        let is_open = Cell::new(true);
        let ear = Rc::new(Ear { tell, read: Cell::new(None), waiting: RefCell::default(), is_open });
        let hears = Rc::clone(&ear);
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                hears.hear(text);
            }
        });
        channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Self { locks, channel, ear, _heard: heard })
    }
}

/// Hears the words of the other pages in their order; what reads them is loaded with the first.
struct Ear {
    tell: Rc<dyn Fn(Event)>,
    read: Cell<Option<Reader>>,
    /// What was said while that was on its way.
    waiting: RefCell<Vec<String>>,
    /// What was heard before this page left means nothing afterwards.
    is_open: Cell<bool>,
}

impl Ear {
    fn hear(self: &Rc<Self>, text: String) {
        if let Some(read) = self.read.get() {
            return self.take(read, &text);
        }
        self.waiting.borrow_mut().push(text);
        if self.waiting.borrow().len() > 1 {
            return;
        }
        let ear = Rc::clone(self);
        spawn_local(async move {
            let read = reader().await.ok();
            // Without it they are lost, as on a page that sleeps; who misses a word asks anew.
            let waiting = ear.waiting.take();
            ear.read.set(read);
            if let Some(read) = read {
                for text in &waiting {
                    ear.take(read, text);
                }
            }
        });
    }

    fn take(&self, read: Reader, text: &str) {
        if let Some(word) = read(text).filter(|_| self.is_open.get()) {
            (self.tell)(Event::Heard(Box::new(word)));
        }
    }
}
