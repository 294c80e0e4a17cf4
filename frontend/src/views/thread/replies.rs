//! What was said in a thread: what the timeline has of it, what is on its way, and what else the server told.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Client, Part, Quote, Room};
use shared::code::Code;
use shared::frame::Deed;
use shared::id::Seq;
use shared::model::Entry;
use shared::outbox::Pending;
use shared::rows::{self, Day, View};

use crate::views::talk::Talk;
use crate::{api, browser};

/// The replies, and how one gets at earlier ones. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Replies {
    talk: Talk,
    root: Seq,
    pub days: Memo<Vec<Day>>,
    /// What the server told of it; the core keeps what it has of these as they become.
    told: RwSignal<BTreeMap<Seq, Arc<Entry>>>,
    /// Whether the server has told of earlier ones that are not here.
    pub has_more: RwSignal<bool>,
    pub is_told: RwSignal<bool>,
    pub fault: RwSignal<Option<Code>>,
}

/// The replies in the thread that the message at `root` opened. They are asked for with each new connection.
pub(super) fn use_replies(talk: Talk, root: Seq) -> Replies {
    let told = RwSignal::new(BTreeMap::new());
    let days = Memo::new(move |_| {
        let told = told.read();
        talk.state.read(Part::Conversation(talk.id), |client| drawn(client, talk, root, &told))
    });
    let replies = Replies {
        talk,
        root,
        days,
        told,
        has_more: RwSignal::new(false),
        is_told: RwSignal::new(false),
        fault: RwSignal::new(None),
    };
    let is_live = Memo::new(move |_| talk.state.read(Part::Link, |client| client.link_state().is_live()));
    Effect::new(move |_| {
        if is_live.get() {
            replies.ask(None);
        }
    });
    replies
}

impl Replies {
    /// Asks for what came before all that was told.
    pub fn ask_earlier(self) {
        let oldest = self.told.with_untracked(|told| told.keys().find(|seq| **seq != self.root).copied());
        self.ask(oldest);
    }

    fn ask(self, before: Option<Seq>) {
        spawn_local(async move {
            let answer = api::replies(self.talk.id, self.root, before).await;
            // The pane may be closed by now.
            let _ = self.fault.try_set(answer.as_ref().err().map(|refusal| refusal.code));
            let Ok(answer) = answer else { return };
            let entries: Vec<Entry> = answer.first.into_iter().chain(answer.entries.into_vec()).collect();
            self.talk.actions.quote(self.talk.id, entries.iter().map(|entry| entry.seq).collect());
            let _ = self.told.try_update(|told| {
                // Between what was told on an earlier connection and this, something may be missing.
                if before.is_none() {
                    told.clear();
                }
                told.extend(entries.into_iter().map(|entry| (entry.seq, Arc::new(entry))));
            });
            let _ = self.has_more.try_set(answer.more);
            let _ = self.is_told.try_set(true);
        });
    }
}

fn drawn(client: &Client, talk: Talk, root: Seq, told: &BTreeMap<Seq, Arc<Entry>>) -> Vec<Day> {
    let Some(me) = client.me() else { return Vec::new() };
    let entries = client.room(talk.id).map(|here| entries(here, root, told)).unwrap_or_default();
    let is_here = |pending: &&Pending| match &pending.deed {
        Deed::Post { thread, .. } => *thread == Some(root),
        deed => deed.target().is_some_and(|target| entries.contains_key(&target)),
    };
    let mut pending = client.outbox().of(talk.id).filter(is_here);
    let view = View { me: me.id, fresh_after: None, day_of: &browser::day_of, source: &|_, _| None };
    rows::days_of(&mut entries.values(), &mut pending, &view)
}

/// All that is known of the thread, as it is now.
fn entries(here: &Room, root: Seq, told: &BTreeMap<Seq, Arc<Entry>>) -> BTreeMap<Seq, Arc<Entry>> {
    let live = |seq: Seq| match here.quote(seq) {
        Quote::Here(entry) => Some(Arc::clone(entry)),
        Quote::Nothing | Quote::Unknown => None,
    };
    let told = told.iter().map(|(seq, entry)| (*seq, live(*seq).unwrap_or_else(|| Arc::clone(entry))));
    let mut entries: BTreeMap<Seq, Arc<Entry>> = BTreeMap::new();
    entries.extend(told);
    entries.extend(live(root).map(|first| (root, first)));
    let loaded = here.timeline().entries().filter(|entry| entry.what.thread() == Some(root));
    entries.extend(loaded.map(|entry| (entry.seq, Arc::clone(entry))));
    entries
}
