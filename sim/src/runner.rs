//! Many runs on all processors, and what is said of them.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use backend::store::Disk;
use parking_lot::Mutex;
use shared::plant::{Plant, plant};

use crate::oracle::Broken;
use crate::plan::Plan;
use crate::template::template;
use crate::trace::Trace;
use crate::world;

const HELP: &str = "sim [--seeds N] [--seed FIRST] [--plant NAME|all] [--files] [--replay SEED|FILE]";
/// Seeds within which a planted fault must be found, but for the last one.
const FOUND_WITHIN: u64 = 20_000;
/// The last one takes two refusals and a cut at the right moments.
const PIPELINED_WITHIN: u64 = 200_000;
/// Plans that failed once, as short as they still did, and what they found.
const REGRESSIONS: [&str; 8] = [
    include_str!("../regressions/counted_ahead_of_the_check.txt"),
    include_str!("../regressions/counted_before_the_welcome.txt"),
    include_str!("../regressions/restored_while_signing_out.txt"),
    include_str!("../regressions/sent_to_its_namesake.txt"),
    include_str!("../regressions/wished_too_early.txt"),
    include_str!("../regressions/loaded_too_soon.txt"),
    include_str!("../regressions/overtaken_by_a_wish.txt"),
    include_str!("../regressions/overtaken_after_a_crash.txt"),
];

/// What is asked for.
struct Order {
    seeds: u64,
    first: u64,
    plant: Option<String>,
    /// Whether the database is a file, with every commit synced.
    files: bool,
    replay: Option<String>,
}

/// Where the database of a run is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Medium {
    Memory,
    File,
}

/// The whole program.
pub(crate) fn main() -> ExitCode {
    let Some(order) = order(std::env::args().skip(1).collect()) else {
        say(HELP);
        return ExitCode::FAILURE;
    };
    carry_out(&order)
}

fn order(arguments: Vec<String>) -> Option<Order> {
    let mut order = Order { seeds: 1_000, first: 1, plant: None, files: false, replay: None };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seeds" => order.seeds = arguments.next()?.parse().ok()?,
            "--seed" => order.first = arguments.next()?.parse().ok()?,
            "--plant" => order.plant = Some(arguments.next()?),
            "--replay" => order.replay = Some(arguments.next()?),
            "--files" => order.files = true,
            _ => return None,
        }
    }
    Some(order)
}

fn carry_out(order: &Order) -> ExitCode {
    let medium = if order.files { Medium::File } else { Medium::Memory };
    let faults = match order.plant.as_deref() {
        None => Vec::new(),
        Some("all") => Plant::ALL.to_vec(),
        Some(name) => Plant::ALL.into_iter().filter(|(_, known)| *known == name).collect(),
    };
    if order.plant.is_some() && faults.is_empty() {
        say(&format!("no fault is called that; there are {:?}", Plant::ALL.map(|(_, name)| name)));
        return ExitCode::FAILURE;
    }
    if let Some(what) = &order.replay {
        plant(faults.first().map(|(fault, _)| *fault));
        return replay(what, medium);
    }
    if faults.is_empty() { all_must_hold(order, medium) } else { plant_each(&faults) }
}

/// One seed, or a plan in a file, twice: it must say the same.
fn replay(what: &str, medium: Medium) -> ExitCode {
    let plan = match what.parse() {
        Ok(seed) => Some(Plan::of(seed)),
        Err(_) => std::fs::read_to_string(what).ok().and_then(|text| Plan::read(&text)),
    };
    let Some(plan) = plan else {
        say(&format!("{what} is neither a seed nor a file with a plan"));
        return ExitCode::FAILURE;
    };
    let (one, two) = (run(&plan, medium), run(&plan, medium));
    say(&format!("{plan}{one:x?}"));
    if one.is_err() {
        let shortest = plan.shrunk(|plan| run(plan, medium).is_err());
        say(&format!("as short as it still fails: {shortest}"));
        let _ = run_as(&shortest, medium, Trace::new(true));
    }
    if one == two && one.is_ok() {
        return ExitCode::SUCCESS;
    }
    if one != two {
        say(&format!("and the second time {two:x?}"));
    }
    ExitCode::FAILURE
}

fn all_must_hold(order: &Order, medium: Medium) -> ExitCode {
    let begun = Instant::now();
    let regressed = regressions(medium);
    let failures = search(order.first, order.seeds, medium, usize::MAX);
    let minutes = begun.elapsed().as_secs_f64() / 60.0;
    for (seed, broken) in failures.iter().take(3) {
        say(&format!("seed {seed}: {broken}"));
    }
    if let Some((seed, _)) = failures.first_key_value() {
        let shortest = Plan::of(*seed).shrunk(|plan| run(plan, medium).is_err());
        let broken = run(&shortest, medium).err().unwrap_or_default();
        say(&format!("the first of them, as short as it still fails ({broken}):\n{shortest}"));
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate"
    )]
    let rate = (order.seeds as f64 / minutes) as u64;
    let failed = regressed + failures.len();
    say(&format!("sim: {} seeds, {failed} failures, {rate} seeds/min", order.seeds));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the plans that failed once; says which fail again, and how many.
fn regressions(medium: Medium) -> usize {
    let mut failed = 0;
    for text in REGRESSIONS {
        let outcome = Plan::read(text).ok_or_else(|| "it cannot be read".to_owned());
        if let Err(broken) = outcome.and_then(|plan| run(&plan, medium)) {
            failed += 1;
            say(&format!("a plan that failed once fails again: {broken}\n{text}"));
        }
    }
    failed
}

fn plant_each(faults: &[(Plant, &str)]) -> ExitCode {
    let mut found = 0;
    for (fault, name) in faults {
        let within = if *fault == Plant::PipelinedSends { PIPELINED_WITHIN } else { FOUND_WITHIN };
        plant(Some(*fault));
        let failures = search(1, within, Medium::Memory, 1);
        plant(None);
        if let Some((seed, broken)) = failures.first_key_value() {
            found += 1;
            say(&format!("{name}: found by seed {seed}: {broken}"));
        } else {
            say(&format!("{name}: not found within {within} seeds"));
        }
    }
    say(&format!("sim: {found}/{} found", faults.len()));
    if found == faults.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs so many seeds on all processors, or fewer when `enough` have failed.
fn search(first: u64, seeds: u64, medium: Medium, enough: usize) -> BTreeMap<u64, Broken> {
    let (next, stop) = (AtomicU64::new(first), AtomicBool::new(false));
    let failures = Mutex::new(BTreeMap::new());
    let work = || {
        while !stop.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + seeds {
                return;
            }
            if let Err(broken) = run(&Plan::of(seed), medium) {
                let mut failures = failures.lock();
                failures.insert(seed, broken);
                stop.fetch_or(failures.len() >= enough, Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..processors {
            scope.spawn(work);
        }
    });
    failures.into_inner()
}

fn run(plan: &Plan, medium: Medium) -> Result<u64, Broken> {
    run_as(plan, medium, Trace::new(false))
}

/// One run in a time of its own.
fn run_as(plan: &Plan, medium: Medium, trace: Trace) -> Result<u64, Broken> {
    let bytes = &template(plan.people).bytes;
    let folder: Option<(tempfile::TempDir, PathBuf)> = match medium {
        Medium::Memory => None,
        Medium::File => tempfile::tempdir().ok().map(|folder| {
            let path = folder.path().join("magpie.db");
            (folder, path)
        }),
    };
    let disk = match &folder {
        None => Disk::copy(bytes),
        Some((_, path)) => Disk::file(path, bytes),
    };
    let disk = disk.map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    catch_unwind(AssertUnwindSafe(|| runtime.block_on(world::run(plan, disk, trace)))).unwrap_or_else(
        |panic| {
            let words = panic.downcast_ref::<String>().cloned();
            Err(words.unwrap_or_else(|| "it panicked".to_owned()))
        },
    )
}

fn say(line: &str) {
    // A reader may have seen enough.
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_says_the_same() {
        for seed in 1..=20 {
            let plan = Plan::of(seed);
            let first = run(&plan, Medium::Memory).unwrap();
            assert_eq!(run(&plan, Medium::Memory), Ok(first), "seed {seed}");
        }
        assert_ne!(run(&Plan::of(1), Medium::Memory), run(&Plan::of(2), Medium::Memory));
    }

    #[test]
    fn what_failed_once_holds() {
        for text in REGRESSIONS {
            let plan = Plan::read(text).unwrap();
            assert!(run(&plan, Medium::Memory).is_ok(), "{plan}");
        }
    }

    #[test]
    fn a_plan_is_read_as_it_was_written() {
        let plan = Plan::of(7);
        let again = Plan::read(&plan.to_string()).unwrap();
        assert_eq!(again.to_string(), plan.to_string());
        assert_eq!(run(&again, Medium::Memory), run(&plan, Medium::Memory));
    }

    #[test]
    fn it_holds_on_files_too() {
        for seed in 1..=10 {
            assert_eq!(
                run(&Plan::of(seed), Medium::File),
                run(&Plan::of(seed), Medium::Memory),
                "seed {seed}"
            );
        }
    }
}
