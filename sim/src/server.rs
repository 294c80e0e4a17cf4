//! Servers: the real one, on a disk and a bus of the simulator's, that can die at any moment.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use backend::actions::accounts;
use backend::app::App;
use backend::bus::{Bus, Event as News, Listener};
use backend::clock::Clock;
use backend::config::Config;
use backend::session;
use backend::store::{Disk, Fate, SecretHash, SqliteStore, StoreError, Verdict};
use parking_lot::Mutex;
use shared::id::{Epoch, SessionId, Timestamp};
use tokio::time::Duration;
use uuid::Uuid;

use crate::dice::Dice;
use crate::event::Event;
use crate::pipe::Pipe;
use crate::queue::Queue;

/// One server, and what becomes of what it does.
pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) fate: Arc<ServerFate>,
}

/// What all servers of a run share.
pub(crate) struct Site {
    pub(crate) queue: Arc<Queue>,
    pub(crate) disk: Arc<Disk>,
    /// Whether the disk is full.
    pub(crate) full: AtomicBool,
    pub(crate) exchange: Arc<Exchange>,
    pub(crate) seed: u64,
}

impl Site {
    /// Starts a server on what is on the disk.
    #[expect(clippy::panic, reason = "a run that cannot go on says so")]
    pub(crate) async fn start(self: &Arc<Self>, number: usize) -> Server {
        self.disk.recover().unwrap_or_else(|error| panic!("the disk is not to be had: {error}"));
        let dice = Mutex::new(Dice::of(self.seed, 1_000_000 + self.queue.now() * 2 + number as u64));
        let (dead, doomed) = (AtomicBool::new(false), AtomicBool::new(false));
        let fate = Arc::new(ServerFate { site: Arc::clone(self), number, dice, dead, doomed });
        let (store, writing) = SqliteStore::on(&self.disk, fate.clone());
        let bus = Arc::new(SiteBus { number, exchange: Arc::clone(&self.exchange) });
        let clock = Arc::new(SiteClock(Arc::clone(&self.queue)));
        let fast = NonZeroU32::MIN.saturating_add(9_999);
        let check_every = Duration::from_millis(700);
        let config = Config { deeds_per_second: fast, deed_burst: fast, check_every, ..Config::default() };
        #[expect(clippy::disallowed_methods, reason = "it is no task of the server's: it ends with the run")]
        tokio::spawn(writing);
        let app = App::with(config, Arc::new(store), bus, clock).await;
        let app = app.unwrap_or_else(|error| panic!("a server does not start: {error}"));
        Server { app, fate }
    }
}

impl Site {
    /// Which incarnation of the database this is.
    pub(crate) fn epoch(&self) -> Result<Epoch, StoreError> {
        let bytes = self.disk.look(|c| c.query_row("SELECT epoch FROM server", [], |row| row.get(0)))?;
        Ok(Epoch(Uuid::from_bytes(bytes)))
    }
}

impl Server {
    pub(crate) fn is_alive(&self) -> bool {
        !self.fate.dead.load(Ordering::Relaxed)
    }

    /// The process is gone: nothing it had begun goes on.
    pub(crate) fn die(&self) {
        self.fate.dead.store(true, Ordering::Relaxed);
        self.app.stop.cancel();
    }

    /// The process will be gone between its next commit and the answers to it.
    pub(crate) fn doom(&self) {
        self.fate.doomed.store(true, Ordering::Relaxed);
    }

    /// It lives on.
    pub(crate) fn spare(&self) {
        self.fate.doomed.store(false, Ordering::Relaxed);
    }

    /// A device is signed out here.
    pub(crate) fn sign_out(&self, session: SessionId, device: usize) {
        let (app, queue) = (Arc::clone(&self.app), Arc::clone(&self.fate.site.queue));
        self.app.tasks.spawn(async move {
            if accounts::sign_out(&app, session).await.is_ok() {
                queue.after(0, Event::SignedOut(device));
            }
        });
    }

    /// Somebody wants to come in over this pipe.
    pub(crate) fn dial(&self, pipe: Arc<Pipe>, token: SecretHash, id: usize) {
        let app = Arc::clone(&self.app);
        let queue = Arc::clone(&self.fate.site.queue);
        self.app.tasks.spawn(async move {
            match accounts::session(&app, token).await {
                Ok(session) => {
                    queue.after(1, Event::Opened(id));
                    let (end, wire) = pipe.end();
                    session::serve(app, session, token, end, wire).await;
                }
                Err(_) => queue.after(1, Event::Refused(pipe.page, pipe.call)),
            }
        });
    }
}

/// What happens to one server's transactions.
pub(crate) struct ServerFate {
    site: Arc<Site>,
    number: usize,
    dice: Mutex<Dice>,
    dead: AtomicBool,
    doomed: AtomicBool,
}

impl ServerFate {
    /// A disk takes no time, or some.
    async fn pass(&self, percent: u64, most: u64) {
        let millis = {
            let mut dice = self.dice.lock();
            if dice.chance(percent) { 1 + dice.below(most) } else { 0 }
        };
        if millis > 0 {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
    }
}

#[async_trait]
impl Fate for ServerFate {
    async fn read(&self) {
        self.pass(15, 6).await;
        if self.dead.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }

    async fn commit(&self) -> Verdict {
        self.pass(50, 8).await;
        if self.dead.load(Ordering::Relaxed) {
            Verdict::Die
        } else if self.site.full.load(Ordering::Relaxed) {
            Verdict::Full
        } else {
            Verdict::Commit
        }
    }

    async fn answer(&self) -> bool {
        if self.doomed.load(Ordering::Relaxed) && !self.dead.swap(true, Ordering::Relaxed) {
            self.site.queue.after(0, Event::Crash(self.number));
        }
        self.pass(20, 3).await;
        !self.dead.load(Ordering::Relaxed)
    }
}

/// Where news go between servers: late, or not at all.
pub(crate) struct Exchange {
    queue: Arc<Queue>,
    dice: Mutex<Dice>,
    /// The hub of each server, in place of the one that died before.
    hubs: Mutex<Vec<Option<Arc<dyn Listener>>>>,
    /// How often all servers died at once: what was under way between them then is gone.
    stillness: AtomicU64,
}

impl Exchange {
    pub(crate) fn new(queue: &Arc<Queue>, dice: Dice, servers: usize) -> Arc<Self> {
        let hubs = Mutex::new((0..servers).map(|_| None).collect());
        let stillness = AtomicU64::new(0);
        Arc::new(Self { queue: Arc::clone(queue), dice: Mutex::new(dice), hubs, stillness })
    }

    /// Nothing that was told before arrives any more.
    pub(crate) fn fall_still(&self) {
        self.stillness.fetch_add(1, Ordering::Relaxed);
    }

    /// News that were told in this stillness arrive at a server.
    pub(crate) fn arrive(&self, server: usize, told: u64, news: &News) {
        if self.stillness.load(Ordering::Relaxed) == told {
            self.deliver(server, news);
        }
    }

    fn deliver(&self, server: usize, news: &News) {
        let hub = self.hubs.lock().get(server).cloned().flatten();
        if let Some(hub) = hub {
            hub.hear(news);
        }
    }
}

struct SiteBus {
    number: usize,
    exchange: Arc<Exchange>,
}

#[async_trait]
impl Bus for SiteBus {
    async fn publish(&self, news: News) {
        self.exchange.deliver(self.number, &news);
        let mut dice = self.exchange.dice.lock();
        let servers = self.exchange.hubs.lock().len();
        for other in (0..servers).filter(|other| *other != self.number) {
            if !dice.chance(20) {
                let told = self.exchange.stillness.load(Ordering::Relaxed);
                self.exchange.queue.after(dice.below(60), Event::Bus(other, told, Box::new(news.clone())));
            }
        }
    }

    fn is_lossy(&self) -> bool {
        self.exchange.hubs.lock().len() > 1
    }

    fn subscribe(&self, listener: Arc<dyn Listener>) {
        if let Some(hub) = self.exchange.hubs.lock().get_mut(self.number) {
            *hub = Some(listener);
        }
    }
}

/// The time of a run.
struct SiteClock(Arc<Queue>);

impl Clock for SiteClock {
    fn now(&self) -> Timestamp {
        crate::template::BEGUN.after(self.0.now())
    }
}
