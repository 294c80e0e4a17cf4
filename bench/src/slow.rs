//! What a reader that stops reading costs hundreds of others, and the server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use shared::client::Input;
use shared::frame::Deed;
use shared::id::{ClientId, ConversationId};
use shared::text::{BODY_CHARS, Body};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::crowd::{Crowd, Member, is_settled, until};
use crate::database::Database;
use crate::failure::{Failure, Result};
use crate::latency::Spread;
use crate::oracle::{self, Logs, Oracle, Verdict};
use crate::seed;
use crate::server::{Server, Site};
use crate::stopwatch::Stopwatch;
use crate::usage;

/// What is not done by then is not done.
const DEADLINE: Duration = Duration::from_mins(2);
/// Bytes that the system holds for one who may stop reading: as little as it grants, so that the server feels it.
const NARROW: u32 = 16 * 1024;
/// Messages of the greatest length, 12 KB each, that one who may stop reading gets in each phase: more than the
/// system holds on both sides.
const FLOOD: usize = 480;
/// Messages of a flood that may wait in the writer's outbox.
const AHEAD: usize = 500;
/// After a flood the server's disk and the others come to rest.
const BREATH: Duration = Duration::from_millis(500);
/// Characters of a message whose way is timed.
const CHARS: usize = 200;

/// How many, how often, how long.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// How many read, in one conversation
    #[arg(long, default_value_t = 500)]
    readers: usize,
    /// How many more there are that stop reading in every second phase
    #[arg(long, default_value_t = 1)]
    stuck: usize,
    /// How often both phases are gone through
    #[arg(long, default_value_t = 10)]
    rounds: usize,
    /// Seconds that a phase is measured for; a server gives up a stuck reader after 30
    #[arg(long, default_value_t = 4)]
    seconds: u32,
    /// Messages a second
    #[arg(long, default_value_t = 20)]
    rate: u32,
}

/// What one phase showed.
struct Phase {
    /// From the first sign of a commit to each reader.
    latency: Spread,
    /// The server's memory at its end, in KiB.
    memory: u64,
    /// What the system held for sockets that were not read, in bytes.
    held: u64,
}

/// Everyone, and how they are watched.
struct Scene {
    server: Server,
    crowd: Crowd,
    oracle: Arc<Oracle>,
    watch: Arc<Stopwatch>,
    database: Database,
    lobby: ConversationId,
    /// The writer's direct conversations with those who may stop reading.
    directs: Vec<ConversationId>,
}

/// Answers whether everyone got everything. The figures are for a person to judge.
pub(crate) async fn run(program: &Path, plan: Plan) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let site = Site::new(program, folder.path());
    let scene = Scene::set(&site, &plan).await?;
    // The first phase warms up caches and pools on both sides.
    scene.phase(&plan, false).await?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        // Each goes first as often as the other, so that what changes with time falls on both.
        for stuck in if round % 2 == 0 { [false, true] } else { [true, false] } {
            let phase = scene.phase(&plan, stuck).await?;
            println!("round {}, {}: {}", round + 1, if stuck { "with" } else { "without" }, phase.in_words());
            if stuck { with.push(phase) } else { without.push(phase) }
        }
    }
    let verdict = scene.conclude()?;
    println!("{}", compare(&without, &with, plan.stuck));
    verdict.tell_faults();
    println!("slow-reader: {} readers, {} stuck, {verdict}", plan.readers, plan.stuck);
    Ok(verdict.is_clean() && verdict.acknowledged > 0)
}

impl Phase {
    fn in_words(&self) -> String {
        let Self { latency, memory, held } = self;
        let [middle, most] = [50, 99].map(|percent| latency.at(percent));
        format!(
            "p50 {middle:.2?}, p99 {most:.2?} of {} receipts; the server has {memory} KiB, sockets hold {} KiB",
            latency.len(),
            held / 1_024
        )
    }
}

impl Scene {
    /// One who writes, then those who may stop reading, then all the others; all of them connected.
    async fn set(site: &Site, plan: &Plan) -> Result<Self> {
        let seeded = seed::fill(site.folder(), 1 + plan.stuck + plan.readers, &[]).await?;
        let directs = seed::open_directs(site.folder(), &seeded.people[..=plan.stuck]).await?;
        let server = site.start().await?;
        let oracle = Arc::new(Oracle::default());
        let others = seeded.people.iter().skip(1 + plan.stuck).map(|account| account.id);
        let watch = Arc::new(Stopwatch::new(seeded.lobby, others, Arc::clone(&oracle)));
        let mut crowd = Crowd::new(server.address, Arc::clone(&watch) as _);
        for (place, account) in seeded.people.into_iter().enumerate() {
            crowd.join(account, (1..=plan.stuck).contains(&place).then_some(NARROW));
        }
        crowd.tell_all(&Input::Start).await;
        crowd.until_live(DEADLINE).await?;
        let database = Database::open(site.folder())?;
        Ok(Self { server, crowd, oracle, watch, database, lobby: seeded.lobby, directs })
    }

    /// Writes at a steady rate, while those who may stop reading have stopped or have not.
    async fn phase(&self, plan: &Plan, stuck: bool) -> Result<Phase> {
        let mut frozen = Vec::new();
        for member in self.crowd.members.iter().skip(1).take(if stuck { plan.stuck } else { 0 }) {
            frozen.push(member.freeze().await);
        }
        self.flood().await?;
        tokio::time::sleep(BREATH).await;
        self.watch.begin();
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / plan.rate.max(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for _ in 0..plan.rate * plan.seconds {
            ticks.tick().await;
            self.say(self.lobby, CHARS).await?;
        }
        let all = plan.readers * plan.rate as usize * plan.seconds as usize;
        until(DEADLINE, "the others have all", || Ok(self.watch.receipts() >= all)).await?;
        let (memory, held) = (self.server.usage().memory, usage::held(self.server.address));
        drop(frozen);
        self.everyone_catches_up().await?;
        Ok(Phase { latency: self.watch.latency(), memory, held })
    }

    /// Gives those who may stop reading more than their sockets hold.
    async fn flood(&self) -> Result<()> {
        let writer = &self.writer()?.client;
        for _ in 0..FLOOD {
            for direct in &self.directs {
                self.say(*direct, BODY_CHARS).await?;
            }
            // An outbox has an end, too.
            until(DEADLINE, "the flood goes on", || Ok(writer.lock().outbox().iter().count() < AHEAD))
                .await?;
        }
        until(DEADLINE, "the flood is sent", || Ok(writer.lock().outbox().iter().next().is_none())).await?;
        Ok(())
    }

    async fn say(&self, conversation: ConversationId, chars: usize) -> Result<()> {
        let writer = self.writer()?;
        let client_id = ClientId(Uuid::now_v7());
        let body = Body::try_from("慢".repeat(chars))?;
        self.oracle.composes(writer.account.id, conversation, client_id);
        writer.tell(Input::Do(client_id, Deed::post(conversation, body))).await;
        Ok(())
    }

    fn writer(&self) -> Result<&Member> {
        self.crowd.members.first().ok_or(Failure::Nobody)
    }

    /// Also those who had stopped: over the same socket, or over a new one if the server gave it up.
    async fn everyone_catches_up(&self) -> Result<()> {
        let caught_up = || {
            let heads = self.database.heads()?;
            Ok(self.crowd.all(|client| is_settled(client, &heads)))
        };
        until(DEADLINE, "everyone has everything", caught_up).await?;
        Ok(())
    }

    fn conclude(&self) -> Result<Verdict> {
        let mut logs = Logs::default();
        self.database.read_on(&mut logs)?;
        let mut verdict = self.oracle.at_the_end(&logs);
        for member in &self.crowd.members {
            verdict.faults.extend(oracle::compare(&member.client.lock(), &logs));
        }
        Ok(verdict)
    }
}

/// The medians of all rounds. Two phases of one round are compared with each other: what else the machine does changes
/// less between them than over the whole run.
fn compare(without: &[Phase], with: &[Phase], stuck: usize) -> String {
    let at = |phases: &[Phase], percent| {
        median(phases.iter().map(|phase| phase.latency.at(percent).as_secs_f64() * 1_000.0))
            .unwrap_or_default()
    };
    let more = without.iter().zip(with).map(|(without, with)| {
        let [without, with] = [without, with].map(|phase| phase.latency.at(99).as_secs_f64());
        (with / without - 1.0) * 100.0
    });
    let memory = without.iter().zip(with).map(|(without, with)| {
        let [without, with] =
            [without, with].map(|phase| i32::try_from(phase.memory).map_or(f64::NAN, f64::from));
        (with - without) / f64::from(u32::try_from(stuck.max(1)).unwrap_or(u32::MAX))
    });
    format!(
        "medians: p50 {:.2} ms without and {:.2} ms with, p99 {:.2} ms without and {:.2} ms with ({:+.0} % in one round); \
         {:+.0} KiB of the server's memory for each stuck reader",
        at(without, 50),
        at(with, 50),
        at(without, 99),
        at(with, 99),
        median(more).unwrap_or_default(),
        median(memory).unwrap_or_default()
    )
}

/// The one in the middle, or what is between the two there.
fn median(numbers: impl Iterator<Item = f64>) -> Option<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    let upper = numbers.get(numbers.len() / 2)?;
    let lower = numbers.get(numbers.len().checked_sub(1)? / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), Some(2.5));
        assert_eq!(median([].into_iter()), None);
    }
}
