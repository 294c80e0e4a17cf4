//! What every part of the server shares, made once at the start.

use std::sync::Arc;

use shared::id::Epoch;
use shared::text::UserName;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::actions::lively::Ledger;
use crate::bus::{Bus, LocalBus};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::hub::Hub;
use crate::limits::{Network, Pace, Places, Rush, Tries};
use crate::password::Passwords;
use crate::session::{ECHOES, ECHOES_EACH};
use crate::store::{Store, StoreError};

/// Wrong passwords that one network may try for one name within a quarter of an hour.
const WRONG_PASSWORDS: usize = 5;
/// Wrong passwords that one network may try for all names together within an hour.
const WRONG_PASSWORDS_IN_ALL: usize = 50;
/// In milliseconds.
const MINUTE: u64 = 60 * 1_000;

/// The server as its parts see it.
pub struct App {
    /// What was set.
    pub config: Config,
    /// What outlives the program.
    pub store: Arc<dyn Store>,
    /// Where `actions` announce what the store has.
    pub bus: Arc<dyn Bus>,
    /// Who is connected.
    pub hub: Arc<Hub>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Hashes passwords, two at a time.
    pub passwords: Passwords,
    /// Sign-ins that failed or are under way, by name and network.
    pub sign_ins: Tries<(UserName, Network)>,
    /// The same by network alone: who tries one password with many names.
    pub sign_ins_in_all: Tries<Network>,
    /// Accounts that were made or are being made, by network.
    pub sign_ups: Tries<Network>,
    /// How fast each person may go.
    pub pace: Pace,
    /// How fast each person may search.
    pub searches: Pace,
    /// How often each person is welcomed.
    pub hellos: Pace,
    /// How far people said that they have come.
    pub ledger: Ledger,
    /// Places for connection tests.
    pub echoes: Arc<Places>,
    /// Who is welcomed, and who waits for that.
    pub rush: Rush,
    /// Rung when a message was scheduled that may be due before all others.
    pub scheduled: Notify,
    /// This incarnation of the database.
    pub epoch: Epoch,
    /// Every task: shutdown waits for them.
    pub tasks: TaskTracker,
    /// Cancelled when the server is to stop.
    pub stop: CancellationToken,
}

impl App {
    /// A server that is alone on this store.
    pub async fn new(config: Config, store: Arc<dyn Store>) -> Result<Arc<Self>, StoreError> {
        Self::with(config, store, Arc::new(LocalBus::default()), Arc::new(SystemClock)).await
    }

    /// A server on this store, which tells and hears of news by this bus.
    pub async fn with(
        config: Config,
        store: Arc<dyn Store>,
        bus: Arc<dyn Bus>,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, StoreError> {
        let epoch = store.epoch().await?;
        let hub = Arc::new(Hub::default());
        bus.subscribe(hub.clone());
        Ok(Arc::new(Self {
            pace: Pace::new(config.deeds_per_second, config.deed_burst),
            searches: Pace::new(config.deeds_per_second, config.deed_burst),
            hellos: Pace::hellos(),
            sign_ins: Tries::new(WRONG_PASSWORDS, 15 * MINUTE),
            sign_ins_in_all: Tries::new(WRONG_PASSWORDS_IN_ALL, 60 * MINUTE),
            sign_ups: Tries::new(config.accounts_per_hour, 60 * MINUTE),
            rush: Rush::new(config.hellos_at_once, config.hello_wait),
            config,
            store,
            bus,
            hub,
            clock,
            passwords: Passwords::default(),
            ledger: Ledger::default(),
            echoes: Places::new(ECHOES, ECHOES_EACH, |_| {}),
            scheduled: Notify::new(),
            epoch,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        }))
    }
}
