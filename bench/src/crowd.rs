//! Many clients at once, each on a task of its own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, RwLock};
use shared::client::{Client, Input};
use shared::id::{ConversationId, Seq};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::failure::{Failure, Result};
use crate::seed::Account;
use crate::shell::{Order, Shell, Witness, World};

/// Orders that may wait for one client; who gives more waits.
const ORDERS: usize = 64;
/// How often conditions are looked at.
const LOOK: Duration = Duration::from_millis(20);

/// One of them, as seen from outside.
#[derive(Clone)]
pub(crate) struct Member {
    /// Who it is.
    pub(crate) account: Account,
    /// The core, to look into.
    pub(crate) client: Arc<Mutex<Client>>,
    orders: mpsc::Sender<Order>,
}

/// All of them. Their tasks end when it is dropped.
pub(crate) struct Crowd {
    world: Arc<World>,
    /// In the order in which they joined.
    pub(crate) members: Vec<Member>,
    shells: JoinSet<()>,
}

impl Crowd {
    /// Nobody yet, before a server at this address.
    pub(crate) fn new(address: SocketAddr, witness: Arc<dyn Witness>) -> Self {
        let world = Arc::new(World { address: RwLock::new(address), witness });
        Self { world, members: Vec::new(), shells: JoinSet::new() }
    }

    /// One more, not connected yet. `narrow` as for a [`crate::line::Line`].
    pub(crate) fn join(&mut self, account: Account, narrow: Option<u32>) {
        let client = Arc::new(Mutex::new(Client::default()));
        let (orders, given) = mpsc::channel(ORDERS);
        let world = Arc::clone(&self.world);
        self.shells.spawn(Shell::new(account.clone(), Arc::clone(&client), world, given, narrow).run());
        self.members.push(Member { account, client, orders });
    }

    /// From now on the server is there.
    pub(crate) fn moved_to(&self, address: SocketAddr) {
        *self.world.address.write() = address;
    }

    /// Tells everyone the same.
    pub(crate) async fn tell_all(&self, input: &Input) {
        for member in &self.members {
            member.tell(input.clone()).await;
        }
    }

    /// Whether this holds for everyone.
    pub(crate) fn all(&self, holds: impl Fn(&Client) -> bool) -> bool {
        self.members.iter().all(|member| holds(&member.client.lock()))
    }

    /// Waits until everyone is connected and welcomed.
    pub(crate) async fn until_live(&self, deadline: Duration) -> Result<Duration> {
        until(deadline, "everyone is connected", || Ok(self.all(|client| client.link_state().is_live())))
            .await
    }
}

impl Member {
    /// Tells the core what the person or the device did.
    pub(crate) async fn tell(&self, input: Input) {
        // A shell ends only after everyone who could give it orders.
        let _ = self.orders.send(Order::Tell(input)).await;
    }

    /// Stops it in its tracks until the answer is dropped.
    pub(crate) async fn freeze(&self) -> oneshot::Sender<()> {
        let (frozen, thawed) = oneshot::channel();
        // As above.
        let _ = self.orders.send(Order::Freeze(thawed)).await;
        frozen
    }
}

/// Whether a client is connected, has nothing left to send, and has every log up to its head.
pub(crate) fn is_settled(client: &Client, heads: &BTreeMap<ConversationId, Seq>) -> bool {
    client.link_state().is_live()
        && client.outbox().iter().next().is_none()
        && client.list().iter().all(|room| heads.get(&room.summary().id) == Some(&room.timeline().cursor()))
}

/// Waits until `holds`; says how long that took.
pub(crate) async fn until(
    deadline: Duration,
    what: &str,
    mut holds: impl FnMut() -> Result<bool>,
) -> Result<Duration> {
    let begun = Instant::now();
    while !holds()? {
        if begun.elapsed() > deadline {
            return Err(Failure::TooLate(what.to_owned(), deadline.as_secs()));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(begun.elapsed())
}
