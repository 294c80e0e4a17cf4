//! Kills a server that thousands are connected to, and measures until all of them have everything again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use backend::limits;
use clap::Args;
use parking_lot::Mutex;
use shared::client::{Client, Input, Room};
use shared::code::{Close, Code};
use shared::frame::ServerFrame;
use shared::id::{ClientId, ConversationId, Seq, UserId};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::crowd::{Crowd, is_settled};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::latency::Spread;
use crate::oracle::{self, Logs, Oracle};
use crate::seed;
use crate::server::{Server, Site};
use crate::shell::Witness;
use crate::usage::Usage;
use crate::writer::Writer;

/// What is not done by then is not done.
const DEADLINE: Duration = Duration::from_mins(3);
/// How often everyone is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// One of so many writers writes into the Lobby, which everyone hears.
const LOBBY_WRITERS: usize = 10;

/// How many, and what they do.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// How many are connected
    #[arg(long, default_value_t = 5_000)]
    clients: usize,
    /// How many of them are in a group together, up to 200; one of each group writes
    #[arg(long, default_value_t = 50)]
    group: usize,
    /// Seconds during which they write before the server is killed
    #[arg(long, default_value_t = 10)]
    writing: u64,
    /// Milliseconds between the kill and the next start
    #[arg(long, default_value_t = 0)]
    down: u64,
}

/// Counts, besides what the oracle notes.
struct Watch {
    oracle: Arc<Oracle>,
    /// How often each was welcomed, by place in the crowd: ids are given from 1.
    welcomes: Vec<AtomicU32>,
    /// How often a socket closed or did not open, by the code that was given.
    lost: Mutex<BTreeMap<Option<u16>, u32>>,
}

impl Witness for Watch {
    fn heard(&self, who: UserId, frame: &ServerFrame) {
        if matches!(frame, ServerFrame::Welcome { .. })
            && let Some(count) =
                usize::try_from(who.get() - 1).ok().and_then(|place| self.welcomes.get(place))
        {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn done(&self, who: UserId, client_id: ClientId, conversation: ConversationId, seq: Seq) {
        self.oracle.done(who, client_id, conversation, seq);
    }

    fn refused(&self, who: UserId, client_id: ClientId, code: Code) {
        self.oracle.refused(who, client_id, code);
    }

    fn lost(&self, _: UserId, close: Option<Close>) {
        *self.lost.lock().entry(close.map(Close::code)).or_default() += 1;
    }
}

/// Everyone, and how they are watched.
struct Scene {
    site: Site,
    crowd: Crowd,
    oracle: Arc<Oracle>,
    watch: Arc<Watch>,
    lobby: ConversationId,
    /// Who is in which group, by places in the crowd.
    groups: Vec<(ConversationId, Vec<usize>)>,
}

/// Answers whether all of them have everything, and nothing is lost.
pub(crate) async fn run(program: &Path, plan: Plan) -> Result<bool> {
    // Each may ask whether its session still stands while it connects: that is a second socket.
    let possible = limits::connections(2 * plan.clients) / 2;
    if possible < plan.clients {
        return Err(Failure::Files(possible));
    }
    let folder = tempfile::tempdir()?;
    let (scene, server) = Scene::set(Site::new(program, folder.path()), &plan).await?;
    let stop = CancellationToken::new();
    let mut writers = scene.write(&stop);
    let begun = Instant::now();
    tokio::time::sleep(Duration::from_secs(plan.writing)).await;
    scene.report("while they wrote", begun.elapsed(), &server);

    scene.watch.lost.lock().clear();
    server.kill();
    let before = Usage::of(None).processor;
    tokio::time::sleep(Duration::from_millis(plan.down)).await;
    let server = scene.site.start().await?;
    println!("killed, and started again: answers after {:.0?}", server.ready_after);
    let answered = Instant::now();
    scene.crowd.moved_to(server.address);
    stop.cancel();
    while let Some(ended) = writers.join_next().await {
        ended.map_err(std::io::Error::other)??;
    }
    let back = scene.come_back(answered).await?;
    scene.report("until all had everything again", answered.elapsed(), &server);
    let ours = Usage::of(None).processor.saturating_sub(before);
    println!("their own side took {ours:.1?} of processor time from the kill on");
    scene.conclude(&back)
}

impl Scene {
    /// Makes them, starts the server, and connects everyone at once.
    async fn set(site: Site, plan: &Plan) -> Result<(Self, Server)> {
        let places: Vec<usize> = (0..plan.clients).collect();
        let groups: Vec<Vec<usize>> =
            places.chunks(plan.group.clamp(1, 200)).map(<[usize]>::to_vec).collect();
        let seeded = seed::fill(site.folder(), plan.clients, &groups).await?;
        println!("{} people, {} groups of {}, and the Lobby", plan.clients, groups.len(), plan.group);
        let server = site.start().await?;
        let oracle = Arc::new(Oracle::default());
        let welcomes = places.iter().map(|_| AtomicU32::new(0)).collect();
        let watch = Arc::new(Watch { oracle: Arc::clone(&oracle), welcomes, lost: Mutex::default() });
        let mut crowd = Crowd::new(server.address, Arc::clone(&watch) as _);
        for account in seeded.people {
            crowd.join(account, None);
        }
        let groups = seeded.groups.into_iter().zip(groups).collect();
        let scene = Self { site, crowd, oracle, watch, lobby: seeded.lobby, groups };
        let begun = Instant::now();
        scene.crowd.tell_all(&Input::Start).await;
        scene.crowd.until_live(DEADLINE).await?;
        scene.report("all at once for the first time", begun.elapsed(), &server);
        Ok((scene, server))
    }

    /// One of each group writes into it, and some into the Lobby, until `stop`.
    fn write(&self, stop: &CancellationToken) -> JoinSet<Result<()>> {
        let mut writers = JoinSet::new();
        for (number, (group, members)) in self.groups.iter().enumerate() {
            let member = members.first().and_then(|place| self.crowd.members.get(*place));
            let Some(member) = member.cloned() else { continue };
            let (conversation, pause) =
                if number % LOBBY_WRITERS == 0 { (self.lobby, 4_000..=8_000) } else { (*group, 200..=1_800) };
            let (conversations, oracle) = (vec![conversation], Arc::clone(&self.oracle));
            let dice = fastrand::Rng::with_seed(number as u64);
            let writer = Writer { member, conversations, pause, bytes: 200, oracle, dice };
            writers.spawn(writer.run(stop.clone()));
        }
        writers
    }

    /// Waits until everyone was welcomed again and has everything; says after how long each was back.
    async fn come_back(&self, answered: Instant) -> Result<Spread> {
        let database = Database::open(self.site.folder())?;
        let at_first = database.heads()?;
        let mut back: Vec<Option<Duration>> = vec![None; self.crowd.members.len()];
        loop {
            let now = answered.elapsed();
            for ((back, member), welcomes) in
                back.iter_mut().zip(&self.crowd.members).zip(&self.watch.welcomes)
            {
                let again = welcomes.load(Ordering::Relaxed) > 1;
                if back.is_none() && again && has_all(&member.client.lock(), &at_first) {
                    *back = Some(now);
                }
            }
            if let Some(all) = back.iter().copied().collect::<Option<Vec<Duration>>>() {
                let heads = database.heads()?;
                if self.crowd.all(|client| is_settled(client, &heads)) {
                    return Ok(Spread::of(all));
                }
            }
            if now > DEADLINE {
                let missing = back.iter().filter(|back| back.is_none()).count();
                return Err(Failure::TooLate(format!("{missing} are not back"), DEADLINE.as_secs()));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    fn report(&self, what: &str, took: Duration, server: &Server) {
        let Usage { memory, peak, processor } = server.usage();
        println!(
            "{what}: {took:.2?}; the server has {} MiB ({} at most) and took {processor:.1?} of processor time; \
             sockets lost by code: {:?}",
            memory / 1_024,
            peak / 1_024,
            self.watch.lost.lock()
        );
    }

    fn conclude(&self, back: &Spread) -> Result<bool> {
        let mut logs = Logs::default();
        Database::open(self.site.folder())?.read_on(&mut logs)?;
        let mut verdict = self.oracle.at_the_end(&logs);
        for member in &self.crowd.members {
            verdict.faults.extend(oracle::compare(&member.client.lock(), &logs));
        }
        verdict.tell_faults();
        let [middle, most, all] = [50, 99, 100].map(|percent| back.at(percent));
        println!("each had everything after {middle:.2?} in the middle, {most:.2?} for 99 of 100");
        println!("storm: {} clients, all at head after {:.1} s, {verdict}", back.len(), all.as_secs_f32());
        Ok(verdict.is_clean() && verdict.acknowledged > 0)
    }
}

/// Whether a client is connected and has all that was in the logs at some time.
fn has_all(client: &Client, heads: &BTreeMap<ConversationId, Seq>) -> bool {
    let has =
        |room: &&Room| heads.get(&room.summary().id).is_some_and(|head| room.timeline().cursor() >= *head);
    client.link_state().is_live() && client.list().iter().all(has)
}
