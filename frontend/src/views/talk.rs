//! What one does with the messages of the open conversation: what the composer aims at, which messages are chosen, which
//! sheet is open, and the deeds.

mod taking_back;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use shared::client::{Client, Desk, Quote};
use shared::code::Code;
use shared::frame::Deed;
use shared::id::{ClientId, ConversationId, Seq, Timestamp};
use shared::message::Card;
use shared::model::Entry;
use shared::text::{Body, Emoji};
use web_sys::{Event, EventInit, HtmlTextAreaElement};

use crate::actions::Actions;
use crate::aside::{self, Aim};
use crate::browser;
use crate::drafts;
use crate::state::State;
pub use taking_back::may_edit;

/// Lives as long as the conversation is open; a context for all that is drawn of it.
#[derive(Clone, Copy)]
pub struct Talk {
    pub id: ConversationId,
    /// The thread that one is in, by its first message.
    pub thread: Option<Seq>,
    pub state: State,
    pub actions: Actions,
    /// The composer's field.
    pub composer: NodeRef<html::Textarea>,
    /// What becomes of what is written there.
    pub aim: RwSignal<Aim>,
    /// What was just done, for a few seconds.
    pub toast: RwSignal<Option<Toast>>,
    /// The messages that are chosen, while one chooses.
    pub chosen: RwSignal<Option<BTreeSet<Seq>>>,
    /// The messages that the open sheet is about.
    pub subject: RwSignal<Vec<Seq>>,
    /// Which sheet is open, if any.
    pub sheets: Sheets,
    /// The row at which Tab enters the timeline.
    current: StoredValue<Option<RwSignal<bool>>>,
}

/// The sheets of a conversation, and whether each is open.
#[derive(Clone, Copy)]
pub struct Sheets {
    pub menu: RwSignal<bool>,
    pub menu_at: RwSignal<MenuAt>,
    pub forward: RwSignal<bool>,
    pub versions: RwSignal<bool>,
    pub pins: RwSignal<bool>,
    pub plus: RwSignal<bool>,
    pub poll: RwSignal<bool>,
    pub chain: RwSignal<bool>,
}

/// Where the menu opens on a wide screen, in pixels, and whether it offers reactions only.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct MenuAt {
    pub x: i32,
    pub y: i32,
    pub is_short: bool,
}

/// What one is told beside the composer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Toast {
    /// This was sent, and can be taken back.
    Sent(ClientId),
    /// Something is on the clipboard.
    Copied,
    /// The browser has none for this page.
    NotCopied,
    /// Something is among the notes.
    Saved,
    /// Something was refused.
    Refused(Code),
}

/// What one does in the open conversation.
pub fn use_talk() -> Talk {
    expect_context::<Talk>()
}

/// The entry at a place, as far as it is here.
pub fn entry_at(client: &Client, id: ConversationId, seq: Seq) -> Option<Arc<Entry>> {
    match client.room(id)?.quote(seq) {
        Quote::Here(entry) => Some(Arc::clone(entry)),
        Quote::Nothing | Quote::Unknown => None,
    }
}

impl Talk {
    pub fn new(id: ConversationId, thread: Option<Seq>, composer: NodeRef<html::Textarea>) -> Self {
        let closed = || RwSignal::new(false);
        Self {
            id,
            thread,
            state: expect_context::<State>(),
            actions: expect_context::<Actions>(),
            composer,
            aim: RwSignal::new(aside::aim((id, thread))),
            toast: RwSignal::new(None),
            chosen: RwSignal::new(None),
            subject: RwSignal::new(Vec::new()),
            sheets: Sheets {
                menu: closed(),
                menu_at: RwSignal::new(MenuAt::default()),
                forward: closed(),
                versions: closed(),
                pins: closed(),
                plus: closed(),
                poll: closed(),
                chain: closed(),
            },
            current: StoredValue::new(None),
        }
    }

    /// Where one writes.
    pub fn desk(self) -> Desk {
        (self.id, self.thread)
    }

    /// The name of a part of the page that stands there once for each place where one writes.
    pub fn name(self, part: &str) -> String {
        if self.thread.is_some() { format!("thread-{part}") } else { part.to_owned() }
    }

    /// The entry at a place.
    pub fn entry(self, seq: Seq) -> Option<Arc<Entry>> {
        self.state.peek(|client| entry_at(client, self.id, seq))
    }

    /// Writes what is in the composer into the log, as is aimed at.
    pub fn write(self, body: Body) {
        let conversation = self.id;
        match self.aim.get_untracked() {
            Aim::Edit(target) => {
                self.actions.write(Deed::Edit { conversation, target, body });
                self.stop();
            }
            aim => {
                let reply = if let Aim::Reply(seq) = aim { Some(seq) } else { None };
                let deed = Deed::Post { conversation, body, reply, thread: self.thread, card: None };
                let sent = self.actions.write(deed);
                self.set_aim(Aim::Say);
                self.tell(Toast::Sent(sent));
            }
        }
    }

    /// Posts something to fill in; `None` if too much waits already.
    pub fn post(self, body: Body, card: Card) -> Option<ClientId> {
        let (conversation, thread) = self.desk();
        let has_room = self.state.peek(|client| client.outbox().has_room());
        let deed = Deed::Post { conversation, body, reply: None, thread, card: Some(card) };
        has_room.then(|| self.actions.write(deed))
    }

    /// Says what is in the composer at a moment to come.
    pub fn schedule(self, body: Body, due: Timestamp) {
        let reply = if let Aim::Reply(seq) = self.aim.get_untracked() { Some(seq) } else { None };
        self.actions.schedule(self.desk(), body, reply, due);
        self.set_aim(Aim::Say);
    }

    /// Does something to messages; a refusal is told of.
    pub fn amend(self, deed: Deed) {
        self.actions.perform(deed, move |result| {
            if let Err(code) = result {
                self.tell(Toast::Refused(code));
            }
        });
    }

    /// Puts an emoji under a message, or takes one's own away.
    pub fn react(self, target: Seq, emoji: Emoji, on: bool) {
        self.amend(Deed::React { conversation: self.id, target, emoji, on });
    }

    /// Answers a message.
    pub fn reply(self, seq: Seq) {
        if matches!(self.aim.get_untracked(), Aim::Edit(_)) {
            self.stop();
        }
        self.set_aim(Aim::Reply(seq));
        self.focus();
    }

    /// Changes a message of one's own; what was being written is kept for later.
    pub fn edit(self, seq: Seq, text: &str) {
        self.set_aim(Aim::Edit(seq));
        self.put(text);
        self.focus();
    }

    /// Gives up answering or changing. What was written before a change is there again; an answer's text stays.
    pub fn stop(self) {
        let was = self.aim.get_untracked();
        self.set_aim(Aim::Say);
        if matches!(was, Aim::Edit(_)) {
            aside::keep_edit(self.desk(), "");
            self.put(&drafts::typed(self.desk()));
        }
    }

    /// Puts a text back into the composer, behind what stands there.
    pub fn put_back(self, text: &str) {
        if matches!(self.aim.get_untracked(), Aim::Edit(_)) {
            self.stop();
        }
        let before = self.field().map(|field| field.value()).unwrap_or_default();
        let all = if before.trim().is_empty() { text.to_owned() } else { format!("{before}\n{text}") };
        self.put(&all);
        self.focus();
    }

    /// Whether one chooses messages now.
    pub fn is_choosing(self) -> bool {
        self.chosen.read().is_some()
    }

    /// Chooses a message, or no longer.
    pub fn choose(self, seq: Seq) {
        self.chosen.update(|chosen| {
            let chosen = chosen.get_or_insert_default();
            if !chosen.remove(&seq) {
                chosen.insert(seq);
            }
        });
    }

    /// Chooses no more. The bar goes, and whoever was in it writes on.
    pub fn stop_choosing(self) {
        self.chosen.set(None);
        if !browser::is_touched() {
            // The composer is in sight again by then.
            set_timeout(move || self.focus(), Duration::ZERO);
        }
    }

    /// The row that this belongs to has the focus: Tab leads to it from now on, and no longer to another one.
    pub fn becomes_current(self, row: RwSignal<bool>) {
        if let Some(before) = self.current.try_update_value(|current| current.replace(row)).flatten() {
            let _ = before.try_set(false);
        }
        row.set(true);
    }

    /// Opens the menu of a message.
    pub fn open_menu(self, seq: Seq, at: MenuAt) {
        self.subject.set(vec![seq]);
        self.sheets.menu_at.set(at);
        self.sheets.menu.set(true);
    }

    /// Whether the menu of this message is open.
    pub fn has_menu(self, seq: Seq) -> bool {
        self.sheets.menu.get() && self.subject.read().first() == Some(&seq)
    }

    /// Opens a sheet about messages.
    pub fn open_sheet(self, sheet: RwSignal<bool>, subject: Vec<Seq>) {
        self.subject.set(subject);
        sheet.set(true);
    }

    /// Tells something beside the composer.
    pub fn tell(self, toast: Toast) {
        // The room may be closed by then.
        let _ = self.toast.try_set(Some(toast));
    }

    /// The composer's field has the focus again.
    pub fn focus(self) {
        if let Some(field) = self.field() {
            // Where it cannot have it, one can still click into it.
            let _ = field.focus();
        }
    }

    fn set_aim(self, aim: Aim) {
        aside::keep_aim(self.desk(), aim);
        if self.aim.get_untracked() != aim {
            self.aim.set(aim);
        }
    }

    fn field(self) -> Option<HtmlTextAreaElement> {
        self.composer.try_get_untracked().flatten()
    }

    /// Writes into the composer as if it had been typed, so that it is kept.
    pub fn put(self, text: &str) {
        let Some(field) = self.field() else { return };
        field.set_value(text);
        let options = EventInit::new();
        options.set_bubbles(true);
        if let Ok(input) = Event::new_with_event_init_dict("input", &options) {
            // Only a cancelled event answers false, and nobody cancels this one.
            let _ = field.dispatch_event(&input);
        }
    }
}
