//! A browser on somebody's device: what it stores, and which of its pages holds the lock.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use backend::store::SecretHash;
use shared::client::{Account, Mine, Room, Stored, Timer};
use shared::id::{ClientId, ConversationId, SessionId};
use shared::outbox::Pending;
use shared::tab::Tab;

use crate::dice::Dice;
use crate::event::{Call, Event, PageId};
use crate::pipe::Pipe;

/// A device of a person's.
pub(crate) struct Device {
    pub(crate) person: usize,
    pub(crate) token: SecretHash,
    pub(crate) session: SessionId,
    /// When it was signed out, and whether it ever was: a backup may bring a session back.
    pub(crate) signed_out: Option<u64>,
    pub(crate) was_signed_out: bool,
    /// What its storage holds.
    pub(crate) stored: BTreeMap<ClientId, Pending>,
    pub(crate) rooms: BTreeMap<ConversationId, Room>,
    pub(crate) account: Option<Account>,
    /// This person's own state, written with the account.
    pub(crate) mine: Mine,
    /// What was composed and storage has not written: it is still in the composer's draft.
    pub(crate) drafts: BTreeSet<ClientId>,
    /// Storage does one thing after the other.
    pub(crate) storage_due: u64,
    /// Which page has the lock, and which wait for it.
    pub(crate) holder: Option<PageId>,
    pub(crate) waiting: VecDeque<PageId>,
    /// How far its clock is ahead, in milliseconds.
    pub(crate) skew: u64,
}

/// A page of a device.
pub(crate) struct Page {
    pub(crate) device: usize,
    pub(crate) tab: Tab,
    pub(crate) alive: bool,
    pub(crate) crashed: bool,
    pub(crate) dice: Dice,
    /// The socket the client wants, and the connection once it is open.
    pub(crate) call: Option<Call>,
    pub(crate) calls: u64,
    pub(crate) pipe: Option<Arc<Pipe>>,
    pub(crate) timers: BTreeMap<Timer, u64>,
    pub(crate) armed: u64,
    pub(crate) patience: u64,
    /// No word arrives before the one before it.
    pub(crate) word_due: u64,
    /// What is to be kept soon.
    pub(crate) keeping: BTreeSet<ConversationId>,
    /// A page that sleeps hears all of it when it wakes.
    pub(crate) asleep: bool,
    pub(crate) missed: Vec<Event>,
}

impl Device {
    pub(crate) fn new(person: usize, (token, session): (SecretHash, SessionId)) -> Self {
        Self {
            person,
            token,
            session,
            signed_out: None,
            was_signed_out: false,
            stored: BTreeMap::new(),
            rooms: BTreeMap::new(),
            account: None,
            mine: Mine::default(),
            drafts: BTreeSet::new(),
            storage_due: 0,
            holder: None,
            waiting: VecDeque::new(),
            skew: 0,
        }
    }

    /// Everything storage holds.
    pub(crate) fn stored(&self) -> Stored {
        Stored {
            pending: self.stored.values().cloned().collect(),
            account: self.account.clone(),
            rooms: self.rooms.values().cloned().collect(),
            mine: self.mine.clone(),
        }
    }
}

impl Page {
    pub(crate) fn new(id: PageId, device: usize, dice: Dice) -> Self {
        Self {
            device,
            tab: Tab::new(id as u64 + 1),
            alive: true,
            crashed: false,
            dice,
            call: None,
            calls: 0,
            pipe: None,
            timers: BTreeMap::new(),
            armed: 0,
            patience: 0,
            word_due: 0,
            keeping: BTreeSet::new(),
            asleep: false,
            missed: Vec::new(),
        }
    }
}
