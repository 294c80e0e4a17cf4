//! Kills a server that thousands are connected to, and measures until all of them have everything again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use parking_lot::Mutex;
use shared::client::{Client, Input};
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
use crate::seed::{self, Seeded};
use crate::server::{Server, Site};
use crate::shell::Witness;
use crate::usage::Usage;
use crate::writer::Writer;

/// What is not done by then is not done.
const DEADLINE: Duration = Duration::from_mins(3);
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

/// Answers whether all of them have everything, and nothing is lost.
pub(crate) async fn run(program: &Path, plan: Plan) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let places: Vec<usize> = (0..plan.clients).collect();
    let groups: Vec<Vec<usize>> = places.chunks(plan.group.clamp(1, 200)).map(<[usize]>::to_vec).collect();
    let seeded = seed::fill(folder.path(), plan.clients, &groups).await?;
    println!("{} people, {} groups of {}, and the Lobby", plan.clients, groups.len(), plan.group);

    let site = Site::new(program, folder.path());
    let server = site.start().await?;
    let oracle = Arc::new(Oracle::default());
    let watch = Arc::new(Watch {
        oracle: Arc::clone(&oracle),
        welcomes: places.iter().map(|_| AtomicU32::new(0)).collect(),
        lost: Mutex::default(),
    });
    let mut crowd = Crowd::new(server.address, Arc::clone(&watch) as _);
    for account in &seeded.people {
        crowd.join(account.clone(), None);
    }
    let begun = Instant::now();
    crowd.tell_all(&Input::Start).await;
    crowd.until_live(DEADLINE).await?;
    report("all at once for the first time", begun.elapsed(), &server, &watch);

    let stop = CancellationToken::new();
    let mut writers = write(&crowd, &seeded, &groups, &oracle, &stop);
    tokio::time::sleep(Duration::from_secs(plan.writing)).await;
    report("while they wrote", begun.elapsed(), &server, &watch);
    watch.lost.lock().clear();
    server.kill();
    let killed = Usage::of(None).processor;
    tokio::time::sleep(Duration::from_millis(plan.down)).await;
    let server = site.start().await?;
    println!("killed, and started again: answers after {:.0?}", server.ready_after);
    let answered = Instant::now();
    crowd.moved_to(server.address);
    stop.cancel();
    while let Some(ended) = writers.join_next().await {
        ended.map_err(std::io::Error::other)??;
    }
    let back = come_back(&site, &crowd, &watch, answered).await?;
    report("until all had everything again", answered.elapsed(), &server, &watch);
    println!(
        "each had everything after {:.2?} in the middle, {:.2?} for 99 of 100, {:.2?} at most; \
         their own side took {:.1?} of processor time",
        back.at(50),
        back.at(99),
        back.most(),
        Usage::of(None).processor.saturating_sub(killed)
    );
    conclude(&site, &crowd, &oracle, &back)
}

/// Everyone who was not welcomed twice is not back; says after how long each was back for good.
async fn come_back(site: &Site, crowd: &Crowd, watch: &Watch, answered: Instant) -> Result<Spread> {
    let database = Database::open(site.folder())?;
    let at_first = database.heads()?;
    let mut back: Vec<Option<Duration>> = vec![None; crowd.members.len()];
    loop {
        let now = answered.elapsed();
        for (place, member) in crowd.members.iter().enumerate() {
            let again = watch.welcomes[place].load(Ordering::Relaxed) > 1;
            if back[place].is_none() && again && has_all(&member.client.lock(), &at_first) {
                back[place] = Some(now);
            }
        }
        let all: Option<Vec<Duration>> = back.iter().copied().collect();
        if let Some(all) = all {
            let heads = database.heads()?;
            if crowd.all(|client| is_settled(client, &heads)) {
                return Ok(Spread::of(all));
            }
        }
        if now > DEADLINE {
            let missing = back.iter().filter(|back| back.is_none()).count();
            return Err(Failure::TooLate(format!("{missing} are not back"), DEADLINE.as_secs()));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Whether a client is connected and has all that was in the logs at some time.
fn has_all(client: &Client, heads: &BTreeMap<ConversationId, Seq>) -> bool {
    let has = |room: &&shared::client::Room| {
        heads.get(&room.summary().id).is_some_and(|head| room.timeline().cursor() >= *head)
    };
    client.link_state().is_live() && client.list().iter().all(has)
}

/// One of each group writes into it, and some into the Lobby, until `stop`.
fn write(
    crowd: &Crowd,
    seeded: &Seeded,
    groups: &[Vec<usize>],
    oracle: &Arc<Oracle>,
    stop: &CancellationToken,
) -> JoinSet<Result<()>> {
    let mut writers = JoinSet::new();
    for (number, (members, group)) in groups.iter().zip(&seeded.groups).enumerate() {
        let Some(member) = members.first().and_then(|place| crowd.members.get(*place)) else { continue };
        let (conversation, pause) =
            if number % LOBBY_WRITERS == 0 { (seeded.lobby, 4_000..=8_000) } else { (*group, 200..=1_800) };
        let writer = Writer {
            member: member.clone(),
            conversations: vec![conversation],
            pause,
            bytes: 200,
            oracle: Arc::clone(oracle),
            dice: fastrand::Rng::with_seed(number as u64),
        };
        writers.spawn(writer.run(stop.clone()));
    }
    writers
}

fn report(what: &str, took: Duration, server: &Server, watch: &Watch) {
    let Usage { memory, peak, processor } = server.usage();
    println!(
        "{what}: {took:.2?}; the server has {} MiB ({} at most) and took {processor:.1?} of processor time; \
         sockets lost by code: {:?}",
        memory / 1_024,
        peak / 1_024,
        watch.lost.lock()
    );
}

fn conclude(site: &Site, crowd: &Crowd, oracle: &Oracle, back: &Spread) -> Result<bool> {
    let mut logs = Logs::default();
    Database::open(site.folder())?.read_on(&mut logs)?;
    let mut verdict = oracle.at_the_end(&logs);
    for member in &crowd.members {
        verdict.faults.extend(oracle::compare(&member.client.lock(), &logs));
    }
    verdict.tell_faults();
    println!(
        "storm: {} clients, all at head after {:.1} s, {verdict}",
        back.len(),
        back.most().as_secs_f32()
    );
    Ok(verdict.is_clean() && verdict.acknowledged > 0)
}
