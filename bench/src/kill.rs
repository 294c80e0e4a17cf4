//! Kills the server at random moments while eight people write, and looks whether anything is lost.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use shared::client::Input;
use shared::id::ConversationId;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::crowd::{Crowd, is_settled, until};
use crate::database::Database;
use crate::failure::Result;
use crate::latency::Spread;
use crate::oracle::{self, Logs, Oracle, Verdict};
use crate::seed::{self, Seeded};
use crate::server::{Server, Site};
use crate::writer::Writer;

/// How many write.
const WRITERS: usize = 8;
/// Into how many groups of all of them, besides the Lobby.
const GROUPS: usize = 3;
/// A server lives so many milliseconds after it is ready.
const LIFE: std::ops::RangeInclusive<u64> = 50..=1_500;
/// All outboxes are empty so soon after the last start: the back-off is 30 s at most.
const SETTLED: Duration = Duration::from_mins(1);

/// How often, and with which dice.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// How often the server is killed
    #[arg(long, default_value_t = 200)]
    cycles: u32,
    /// What decides the moments; a new one each time unless given
    #[arg(long)]
    seed: Option<u64>,
}

/// Answers whether all is well.
pub(crate) async fn run(program: &Path, plan: Plan) -> Result<bool> {
    let seed = plan.seed.unwrap_or_else(|| fastrand::u64(..));
    println!("seed {seed}");
    let mut dice = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir()?;
    let everyone: Vec<usize> = (0..WRITERS).collect();
    let seeded = seed::fill(folder.path(), WRITERS, &vec![everyone; GROUPS]).await?;
    let conversations: Vec<ConversationId> =
        std::iter::once(seeded.lobby).chain(seeded.groups.clone()).collect();

    let site = Site::new(program, folder.path());
    let server = site.start().await?;
    let oracle = Arc::new(Oracle::default());
    let crowd = gather(&seeded, &server, &oracle, &conversations).await?;
    let stop = CancellationToken::new();
    let mut writers = JoinSet::new();
    for member in &crowd.members {
        let (member, conversations, oracle) = (member.clone(), conversations.clone(), Arc::clone(&oracle));
        let writer = Writer { member, conversations, pause: 1..=20, bytes: 40, oracle, dice: dice.fork() };
        writers.spawn(writer.run(stop.clone()));
    }
    let (server, ready) = kill_again_and_again(&site, server, &crowd, &oracle, plan.cycles, dice).await?;
    stop.cancel();
    while let Some(ended) = writers.join_next().await {
        ended.map_err(std::io::Error::other)??;
    }
    let verdict = settle(folder.path(), &crowd, &oracle).await?;
    drop(server);
    let ready = Spread::of(ready);
    println!(
        "from exec to an answer of /health: {:.0?} at most, {:.0?} in the middle",
        ready.most(),
        ready.at(50)
    );
    verdict.tell_faults();
    println!("kill: {} cycles, {verdict}", plan.cycles);
    Ok(verdict.is_clean() && verdict.acknowledged > 0)
}

/// All writers, connected, and looking at everything.
async fn gather(
    seeded: &Seeded,
    server: &Server,
    oracle: &Arc<Oracle>,
    conversations: &[ConversationId],
) -> Result<Crowd> {
    let mut crowd = Crowd::new(server.address, Arc::clone(oracle) as _);
    for account in &seeded.people {
        crowd.join(account.clone(), None);
    }
    crowd.tell_all(&Input::Start).await;
    crowd.until_live(SETTLED).await?;
    for conversation in conversations {
        crowd.tell_all(&Input::Open(*conversation)).await;
    }
    Ok(crowd)
}

/// Answers the last server and how long each took to be ready.
async fn kill_again_and_again(
    site: &Site,
    mut server: Server,
    crowd: &Crowd,
    oracle: &Oracle,
    cycles: u32,
    mut dice: fastrand::Rng,
) -> Result<(Server, Vec<Duration>)> {
    let mut ready = vec![server.ready_after];
    let (mut logs, begun) = (Logs::default(), Instant::now());
    for cycle in 1..=cycles {
        tokio::time::sleep(Duration::from_millis(dice.u64(LIFE))).await;
        server.kill();
        server = site.start().await?;
        ready.push(server.ready_after);
        // Nobody knows yet where it is, so that nothing is acknowledged between the reading and the verdict.
        Database::open(site.folder())?.read_on(&mut logs)?;
        let verdict = oracle.so_far(&logs);
        crowd.moved_to(server.address);
        // As a browser that hears that it is online again.
        crowd.tell_all(&Input::Wake).await;
        if !verdict.is_clean() {
            println!("after cycle {cycle}: {verdict}, {} faults in all", verdict.faults.len());
        } else if cycle % 20 == 0 {
            println!("after cycle {cycle}, {:.0} s: {verdict}", begun.elapsed().as_secs_f32());
        }
    }
    Ok((server, ready))
}

/// Waits until everything is said, reads all there is anew, and compares.
async fn settle(folder: &Path, crowd: &Crowd, oracle: &Oracle) -> Result<Verdict> {
    crowd.tell_all(&Input::Wake).await;
    let database = Database::open(folder)?;
    until(SETTLED, "all is sent and everyone is at the head", || {
        let heads = database.heads()?;
        Ok(crowd.all(|client| is_settled(client, &heads)))
    })
    .await?;
    let mut logs = Logs::default();
    database.read_on(&mut logs)?;
    let mut verdict = oracle.at_the_end(&logs);
    for member in &crowd.members {
        verdict.faults.extend(oracle::compare(&member.client.lock(), &logs));
    }
    Ok(verdict)
}
