//! What the views read: the client core, as this page has it, behind one trigger for each of its parts.

use std::collections::HashMap;

use leptos::prelude::*;
use shared::client::{Client, Now, Part, Viewer};
use shared::http::Server;
use shared::id::{ConversationId, Seq};
use shared::tab::{Act, Event, Tab};

use crate::browser;
use crate::prefs::Prefs;
use crate::route::Route;

/// Whether somebody is signed in, as far as this page knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// The server was asked and has not answered.
    Asking,
    /// Nobody is.
    SignedOut,
    /// Somebody is, and the client core runs.
    SignedIn,
}

/// Everything the views read. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct State {
    tab: StoredValue<Tab, LocalStorage>,
    /// Made on demand, so they must outlive the component that asked first: arc, not arena.
    triggers: StoredValue<HashMap<Part, ArcTrigger>, LocalStorage>,
    /// What this person likes, kept in this browser.
    pub prefs: RwSignal<Prefs>,
    /// Of which message one asks who has read it, and whether that is shown.
    pub who_read: RwSignal<Option<(ConversationId, Seq)>>,
    pub who_read_open: RwSignal<bool>,
    /// The address bar.
    pub route: Route,
    session: RwSignal<Session>,
    server: RwSignal<Option<Server>>,
    storage_ok: RwSignal<bool>,
}

impl State {
    pub fn new() -> Self {
        Self {
            tab: StoredValue::new_local(Tab::new(browser::page_number())),
            triggers: StoredValue::new_local(HashMap::new()),
            prefs: RwSignal::new(Prefs::load()),
            who_read: RwSignal::new(None),
            who_read_open: RwSignal::new(false),
            route: Route::new(),
            session: RwSignal::new(Session::Asking),
            server: RwSignal::new(None),
            storage_ok: RwSignal::new(true),
        }
    }

    /// Reads the client, again whenever this part of it changes.
    pub fn read<R>(&self, part: Part, read: impl FnOnce(&Client) -> R) -> R {
        self.trigger(part).track();
        self.peek(read)
    }

    /// Reads the client once.
    pub fn peek<R>(&self, read: impl FnOnce(&Client) -> R) -> R {
        self.tab.with_value(|tab| read(tab.client()))
    }

    /// Shows who has read a message.
    pub fn ask_who_read(&self, id: ConversationId, seq: Seq) {
        self.who_read.set(Some((id, seq)));
        self.who_read_open.set(true);
    }

    /// Whether somebody is signed in.
    pub fn session(&self) -> Session {
        self.session.get()
    }

    /// The same, once.
    pub fn session_untracked(&self) -> Session {
        self.session.get_untracked()
    }

    /// What the server says of itself to anyone.
    pub fn server(&self) -> Option<Server> {
        self.server.get()
    }

    /// Whether this browser keeps what is typed durably.
    pub fn storage_ok(&self) -> bool {
        self.storage_ok.get()
    }

    /// This page, among those that show the same account.
    pub fn viewer(&self) -> Viewer {
        self.tab.with_value(Tab::id)
    }

    /// Somebody begins here, and nothing of whoever was here before goes on. Only `net` calls this.
    pub(crate) fn begin(&self) {
        self.tab.set_value(Tab::new(browser::page_number()));
    }

    /// Tells this page what happened. Only `net` calls this.
    pub(crate) fn step(&self, event: Event) -> Vec<Act> {
        let now = Now { at: browser::now(), random: browser::random() };
        self.tab.try_update_value(|tab| tab.step(now, event)).unwrap_or_default()
    }

    /// Whether this page holds the socket and writes to storage for all pages of its account.
    pub(crate) fn leads(&self) -> bool {
        self.tab.with_value(Tab::is_leader)
    }

    /// Everyone who reads this part reads it again. Only `net` calls this.
    pub(crate) fn changed(&self, part: Part) {
        self.trigger(part).notify();
    }

    pub(crate) fn set_session(&self, session: Session) {
        if self.session.get_untracked() != session {
            self.session.set(session);
        }
    }

    pub(crate) fn set_server(&self, server: Server) {
        self.server.set(Some(server));
    }

    pub(crate) fn set_storage_ok(&self, ok: bool) {
        if self.storage_ok.get_untracked() != ok {
            self.storage_ok.set(ok);
        }
    }

    fn trigger(&self, part: Part) -> ArcTrigger {
        self.triggers
            .try_update_value(|triggers| triggers.entry(part).or_default().clone())
            .unwrap_or_default()
    }
}
