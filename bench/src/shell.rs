//! The shell around one client core: performs what it says, natively, and keeps its deeds in memory.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use backend::clock::{Clock as _, SystemClock};
use parking_lot::{Mutex, RwLock};
use shared::client::{Client, Effect, Input, Now, Timer};
use shared::code::{Close, Code};
use shared::frame::ServerFrame;
use shared::id::{ClientId, ConversationId, Seq, UserId};
use shared::outbox::{Pending, State};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::http;
use crate::line::Line;
use crate::seed::Account;

/// Watches what all clients hear and are told. Called from their tasks, so it does not take long.
pub(crate) trait Witness: Send + Sync {
    /// A frame came to this person.
    fn heard(&self, _who: UserId, _frame: &ServerFrame) {}
    /// A deed of this person was acknowledged.
    fn done(&self, _who: UserId, _client_id: ClientId, _conversation: ConversationId, _seq: Seq) {}
    /// A deed of this person was refused for good.
    fn refused(&self, _who: UserId, _client_id: ClientId, _code: Code) {}
    /// This person's socket closed, or did not open.
    fn lost(&self, _who: UserId, _close: Option<Close>) {}
}

/// What all clients share.
pub(crate) struct World {
    /// Where the server is, or was last.
    pub(crate) address: RwLock<SocketAddr>,
    /// Who watches.
    pub(crate) witness: Arc<dyn Witness>,
}

/// What a shell is told from outside.
pub(crate) enum Order {
    /// Something the person or the device did.
    Tell(Input),
    /// Does nothing at all until the other end of this is dropped: reads nothing, sends nothing, sees no timer.
    Freeze(oneshot::Receiver<()>),
}

/// One client.
pub(crate) struct Shell {
    account: Account,
    client: Arc<Mutex<Client>>,
    world: Arc<World>,
    orders: mpsc::Receiver<Order>,
    line: Line,
    narrow: Option<u32>,
    timers: BTreeMap<Timer, Instant>,
    kept: BTreeMap<ClientId, Pending>,
    /// The question whether the session still stands, and its answer: `None` when the server said nothing.
    asking: Option<Pin<Box<dyn Future<Output = Option<bool>> + Send>>>,
    dice: fastrand::Rng,
}

impl Shell {
    /// For this account; others look into `client` at any time, between two steps.
    pub(crate) fn new(
        account: Account,
        client: Arc<Mutex<Client>>,
        world: Arc<World>,
        orders: mpsc::Receiver<Order>,
        narrow: Option<u32>,
    ) -> Self {
        Self {
            dice: fastrand::Rng::with_seed(account.id.get()),
            account,
            client,
            world,
            orders,
            line: Line::Closed,
            narrow,
            timers: BTreeMap::new(),
            kept: BTreeMap::new(),
            asking: None,
        }
    }

    /// Runs until nobody can give it orders any more.
    pub(crate) async fn run(mut self) {
        while let Some(input) = self.next().await {
            self.tell(input);
        }
    }

    async fn next(&mut self) -> Option<Input> {
        loop {
            let first = self.timers.iter().min_by_key(|(_, due)| **due).map(|(timer, due)| (*timer, *due));
            let (timer, due) = first.unwrap_or((Timer::Outbox, Instant::now()));
            tokio::select! {
                order = self.orders.recv() => match order? {
                    Order::Tell(input) => return Some(input),
                    // Only dropping the other end ends this.
                    Order::Freeze(thawed) => drop(thawed.await),
                },
                news = self.line.news() => return Some(news),
                () = tokio::time::sleep_until(due), if first.is_some() => {
                    self.timers.remove(&timer);
                    return Some(Input::Fired(timer));
                }
                stands = answer(&mut self.asking) => {
                    self.asking = None;
                    if stands == Some(false) {
                        return Some(Input::Expired);
                    }
                }
            }
        }
    }

    fn tell(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            match &input {
                Input::Received(_, frame) => self.world.witness.heard(self.account.id, frame),
                Input::Lost(_, close) => self.world.witness.lost(self.account.id, *close),
                _ => {}
            }
            let now = Now { at: SystemClock.now(), random: self.dice.u64(..) };
            let effects = self.client.lock().step(now, input);
            for effect in effects {
                self.perform(effect, &mut inputs);
            }
        }
    }

    fn perform(&mut self, effect: Effect, inputs: &mut VecDeque<Input>) {
        let who = self.account.id;
        match effect {
            Effect::Connect(number) => {
                let address = *self.world.address.read();
                self.line = Line::open(number, address, &self.account.token, self.narrow);
            }
            Effect::Disconnect => self.line = Line::Closed,
            Effect::Send(frame) => self.line.send(&frame),
            Effect::Arm(timer, millis) => {
                self.timers.insert(timer, Instant::now() + Duration::from_millis(millis));
            }
            Effect::Keep(pending) => {
                if pending.state == State::Writing {
                    inputs.push_back(Input::Stored(pending.client_id));
                }
                self.kept.insert(pending.client_id, pending);
            }
            Effect::Forget(client_id) => drop(self.kept.remove(&client_id)),
            Effect::Done(client_id, conversation, seq) => {
                self.world.witness.done(who, client_id, conversation, seq);
            }
            Effect::Refused(client_id, code) => self.world.witness.refused(who, client_id, code),
            Effect::CheckSession => {
                let (address, token) = (*self.world.address.read(), self.account.token.clone());
                self.asking = Some(Box::pin(async move {
                    let status = http::get(address, "/api/session", Some(&token)).await.ok()?;
                    Some(status != 401)
                }));
            }
            Effect::Changed(_) | Effect::Kept(_) | Effect::Notify(..) => {}
            Effect::SignedOut | Effect::Expired => {
                eprintln!("magpie-bench: the session of {who} ended");
                self.timers.clear();
                self.line = Line::Closed;
            }
        }
    }
}

/// The answer, once there is one; never returns when nothing was asked.
async fn answer<T>(asking: &mut Option<Pin<Box<dyn Future<Output = T> + Send>>>) -> T {
    match asking {
        Some(asking) => asking.await,
        None => std::future::pending().await,
    }
}
