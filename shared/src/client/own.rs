//! This person's own state as a device has it: what the server told, and drafts that differ from it.

mod drafts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Client, Effect, Part};
use crate::frame::Deed;
use crate::id::{ClientId, ConversationId, Seq};
use crate::outbox::State;
use crate::own::{self, Level, Own, RECEIPTS, Scheduled, Slot, Stage, TYPING};
pub use drafts::Desk;
use drafts::Draft;

/// The slots of the server, by their names, and what this device has that they have not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mine {
    /// Everything up to this version is here.
    version: Seq,
    slots: BTreeMap<String, Slot>,
    /// Drafts that were touched here since the server last told of them.
    drafts: Vec<Draft>,
    /// Whether the server has told of everything since this connection began: before that, a draft that was sent on the
    /// connection before looks like another device's.
    is_told: bool,
}

/// A scheduled message as this device shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// What, where and when, and how far the server got with it.
    pub message: Scheduled,
    /// The deed that takes it to the server, while it is on its way or refused.
    pub deed: Option<(ClientId, State)>,
}

impl Mine {
    /// Up to which version this is what the server has.
    pub const fn version(&self) -> Seq {
        self.version
    }

    /// All slots that the server told of.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots.values()
    }

    fn of(&self, key: &str) -> Option<&Own> {
        self.slots.get(key).map(|slot| &slot.own)
    }

    /// Another incarnation of the database: its versions mean something else. What was typed here stays.
    pub(super) fn forget(&mut self) {
        self.version = Seq::ZERO;
        self.slots.clear();
        self.drafts.iter_mut().for_each(Draft::forget);
    }

    pub(super) fn cut(&mut self) {
        self.is_told = false;
        self.drafts.iter_mut().for_each(Draft::cut);
    }

    /// What a device keeps, for when there is no network.
    pub(super) fn kept(&self) -> Self {
        let mut kept = self.clone();
        kept.cut();
        kept
    }

    fn take(&mut self, slots: Vec<Slot>, version: Seq, anew: bool, more: bool) {
        if anew {
            self.forget();
        }
        for slot in slots {
            let key = slot.own.key();
            if self.slots.get(&key).is_none_or(|known| known.version < slot.version) {
                self.answer_draft(&slot);
                self.slots.insert(key, slot);
            }
        }
        self.version = self.version.max(version);
        self.is_told |= !more;
        self.prune();
    }
}

impl Client {
    /// This person's own state, as far as this device has been told.
    pub fn mine(&self) -> &Mine {
        &self.mine
    }

    /// Which messages of a conversation are worth a notification.
    pub fn level(&self, conversation: ConversationId) -> Level {
        match self.own(&own::level_key(conversation)) {
            Some(Own::Level { level, .. }) => *level,
            _ => Level::All,
        }
    }

    /// Whether this person follows a thread, or has left it; `None` when they said neither.
    pub fn follows(&self, conversation: ConversationId, root: Seq) -> Option<bool> {
        match self.own(&own::follow_key(conversation, root)) {
            Some(Own::Follow { on, .. }) => Some(*on),
            _ => None,
        }
    }

    /// Whether others are told up to where this person has read.
    pub fn receipts(&self) -> bool {
        !matches!(self.own(RECEIPTS), Some(Own::Receipts { on: false }))
    }

    /// Whether others are told that this person is typing.
    pub fn typing(&self) -> bool {
        !matches!(self.own(TYPING), Some(Own::Typing { on: false }))
    }

    /// What is to be posted later in a conversation, the soonest first.
    pub fn scheduled(&self, conversation: ConversationId) -> Vec<Later> {
        let mut later: BTreeMap<ClientId, Later> = BTreeMap::new();
        for slot in self.mine.slots() {
            if let Own::Scheduled(message) = &slot.own
                && message.conversation == conversation
            {
                later.insert(message.id, Later { message: message.clone(), deed: None });
            }
        }
        for pending in self.outbox.of(conversation) {
            match &pending.deed {
                Deed::Unschedule { id, .. } => drop(later.remove(id)),
                deed => later.extend(message_of(deed).map(|message| {
                    let deed = Some((pending.client_id, pending.state));
                    (message.id, Later { message, deed })
                })),
            }
        }
        let mut later: Vec<Later> = later.into_values().collect();
        later.sort_by_key(|later| (later.message.due, later.message.id));
        later
    }

    /// A value as it will be once everything composed here is done.
    fn own(&self, key: &str) -> Option<&Own> {
        let on_its_way = self.outbox.iter().filter_map(|pending| match &pending.deed {
            Deed::Keep { own } if own.own().key() == key => Some(own.own()),
            _ => None,
        });
        on_its_way.last().or_else(|| self.mine.of(key))
    }

    /// Whether somebody else's message here is one to be told of: by its level, if it is not read yet.
    pub(super) fn is_worth_a_notification(&self, conversation: ConversationId, seq: Seq) -> bool {
        let (Some(me), Some(room)) = (&self.me, self.rooms.get(&conversation)) else { return false };
        let Some(entry) = room.timeline().after(seq.previous()).next().filter(|entry| entry.seq == seq)
        else {
            return false;
        };
        let thread = entry.what.thread();
        let counts = entry.counts_for(me.id);
        seq > room.read()
            && match self.level(conversation) {
                Level::All | Level::Unknown => {
                    let has_left = thread.is_some_and(|root| self.follows(conversation, root) == Some(false));
                    entry.calls(me.id) || (counts && !has_left)
                }
                Level::Mentions => {
                    let follows = thread.is_some_and(|root| self.is_following(conversation, root));
                    entry.calls(me.id) || (counts && follows)
                }
                Level::None => false,
            }
    }

    /// Whether this person follows a thread: as they said, or because they wrote in it.
    pub fn is_following(&self, conversation: ConversationId, root: Seq) -> bool {
        self.follows(conversation, root).unwrap_or_else(|| {
            let open = self.rooms.get(&conversation).into_iter();
            let mut entries = open.flat_map(|one| one.timeline().entries());
            let me = self.me.as_ref().map(|me| me.id);
            entries.any(|entry| {
                Some(entry.author) == me && (entry.seq == root || entry.what.thread() == Some(root))
            })
        })
    }

    pub(super) fn told_own(
        &mut self,
        slots: Vec<Slot>,
        version: Seq,
        (anew, more): (bool, bool),
        effects: &mut Vec<Effect>,
    ) {
        let turned = slots.iter().find(|slot| matches!(slot.own, Own::Receipts { .. }));
        let turned = turned.map(|slot| slot.own.clone());
        self.mine.take(slots, version, anew, more);
        effects.push(Effect::Changed(Part::Own));
        if let Some(own) = turned {
            self.turned(&own, effects);
        }
    }

    /// A deed of this person's own is done: what it set is shown on, whether or not the server has told of it yet.
    pub(super) fn kept(&mut self, client_id: ClientId, version: Seq, effects: &mut Vec<Effect>) {
        let Some(pending) = self.outbox.get(client_id) else { return };
        let own = set_by(&pending.deed);
        if version > self.mine.version
            && let Some(own) = own.clone()
        {
            self.mine.take(vec![Slot { version, own }], Seq::ZERO, false, true);
        }
        if let Some(own) = own {
            self.turned(&own, effects);
        }
        self.outbox.shown(client_id);
        effects.extend([Effect::Forget(client_id), Effect::Kept(client_id), Effect::Changed(Part::Own)]);
    }
}

fn set_by(deed: &Deed) -> Option<Own> {
    match deed {
        Deed::Keep { own } => Some(own.own().clone()),
        Deed::Unschedule { id, .. } => Some(Own::Unscheduled { id: *id }),
        deed => message_of(deed).map(Own::Scheduled),
    }
}

fn message_of(deed: &Deed) -> Option<Scheduled> {
    let Deed::Schedule { id, conversation, body, reply, thread, due } = deed.clone() else { return None };
    Some(Scheduled { id, conversation, body, reply, thread, due, stage: Stage::Waiting })
}
