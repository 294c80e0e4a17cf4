//! What is done to a run: people's deeds and the world's faults, each with a moment and dice of its own, so that a
//! failing plan can be made shorter without changing the rest.

use std::fmt;

use crate::dice::Dice;
use crate::template::PEOPLE;

/// A whole run, but for what its dice decide.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) people: usize,
    pub(crate) servers: usize,
    pub(crate) steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Milliseconds from the beginning.
    pub(crate) at: u64,
    /// Decides all that the step leaves open.
    pub(crate) roll: u64,
    pub(crate) deed: Deed,
}

/// What happens; to whom is in the dice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Somebody says something, up to three times.
    Say,
    /// Somebody has read a conversation.
    Read,
    /// Somebody looks at a conversation.
    Open,
    /// Somebody wants older history.
    Older,
    /// Somebody tries what failed again, or gives it up.
    Settle,
    /// A group or channel is made, a direct conversation opened, a channel joined.
    Make,
    /// Somebody is brought in, or removed, or leaves.
    Members,
    /// A page is opened.
    OpenPage,
    /// A page is closed, or crashes.
    ClosePage,
    /// A page is loaded anew.
    Reload,
    /// A page sleeps.
    Freeze,
    /// A connection breaks.
    Cut,
    /// A connection loses everything and nobody is told.
    Silence,
    /// A connection loses everything in one direction, and nobody is told.
    HalfClose,
    /// A page takes nothing for a while.
    Stall,
    /// A server dies and comes back.
    Crash,
    /// A server dies between a commit and its answers, and comes back.
    CrashAfterCommit,
    /// The disk is full for a while.
    Full,
    /// A device's clock jumps.
    Skew,
    /// A device is signed out, from elsewhere.
    SignOut,
    /// A backup is taken.
    Backup,
    /// All servers die, and the last backup is put in the place of the database.
    Restore,
    /// Somebody answers a message, changes it, takes it back, or does something else with it.
    Amend,
    /// Somebody types and does not send, empties it again, or settles what two devices typed.
    Type,
    /// Somebody sets something of their own.
    Set,
    /// Somebody goes to a place of a conversation and reads on from there, or comes back.
    GoTo,
}

/// How often each comes, in so many of all.
const WEIGHTS: [(Deed, u64); 26] = [
    (Deed::Say, 40),
    (Deed::Read, 14),
    (Deed::Open, 10),
    (Deed::Older, 4),
    (Deed::Settle, 4),
    (Deed::Make, 4),
    (Deed::Members, 8),
    (Deed::OpenPage, 4),
    (Deed::ClosePage, 3),
    (Deed::Reload, 5),
    (Deed::Freeze, 2),
    (Deed::Cut, 8),
    (Deed::Silence, 3),
    (Deed::Stall, 5),
    (Deed::Crash, 2),
    (Deed::CrashAfterCommit, 3),
    (Deed::Full, 2),
    (Deed::Skew, 2),
    (Deed::SignOut, 1),
    (Deed::Backup, 3),
    (Deed::Restore, 1),
    (Deed::HalfClose, 2),
    (Deed::Amend, 24),
    (Deed::Type, 12),
    (Deed::Set, 2),
    (Deed::GoTo, 10),
];

impl Plan {
    /// The plan of this seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::of(seed, 1);
        let people = 2 + usize::try_from(dice.below(PEOPLE as u64 - 1)).unwrap_or(0);
        let servers = if dice.chance(25) { 2 } else { 1 };
        let sum: u64 = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut at = 50;
        let steps = (0..30 + dice.below(50)).map(|_| {
            at += if dice.chance(60) { dice.below(40) } else { dice.below(900) };
            let mut left = dice.below(sum);
            let chosen = WEIGHTS.iter().find(|(_, weight)| {
                let is_it = left < *weight;
                left = left.saturating_sub(*weight);
                is_it
            });
            Step { at, roll: dice.next(), deed: chosen.map_or(Deed::Say, |(deed, _)| *deed) }
        });
        let mut steps: Vec<Step> = steps.collect();
        if dice.chance(50) {
            steps.extend(rush(at, &mut dice));
        }
        Self { seed, people, servers, steps }
    }

    /// The plan that this text tells, as its [`Display`](fmt::Display) wrote it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let mut head = lines.next()?.split_whitespace();
        let mut number = |name: &str| {
            head.by_ref().find(|word| *word == name)?;
            head.next()?.parse::<u64>().ok()
        };
        let seed = number("seed")?;
        let people = usize::try_from(number("people")?).ok()?;
        let servers = usize::try_from(number("servers")?).ok()?;
        let steps = lines.map(|line| {
            let [at, deed, roll] = line.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
            let (deed, _) = WEIGHTS.iter().find(|(known, _)| format!("{known:?}") == deed)?;
            Some(Step { at: at.parse().ok()?, roll: u64::from_str_radix(roll, 16).ok()?, deed: *deed })
        });
        Some(Self { seed, people, servers, steps: steps.collect::<Option<_>>()? })
    }

    /// When the last step is taken.
    pub(crate) fn end(&self) -> u64 {
        self.steps.last().map_or(0, |step| step.at)
    }

    /// The same plan with fewer steps that still fails: halves are left out, then quarters, down to single ones.
    pub(crate) fn shrunk(self, fails: impl Fn(&Self) -> bool) -> Self {
        let mut plan = self;
        let mut size = plan.steps.len() / 2;
        while size > 0 {
            let mut from = 0;
            while from < plan.steps.len() {
                let mut shorter = plan.clone();
                shorter.steps.drain(from..(from + size).min(plan.steps.len()));
                if fails(&shorter) {
                    plan = shorter;
                } else {
                    from += size;
                }
            }
            size /= 2;
        }
        plan
    }
}

/// Everything at once at the end, after which nothing comes that would heal what was missed: people talk while pages
/// come back.
fn rush(from: u64, dice: &mut Dice) -> Vec<Step> {
    let mut at = from;
    let steps = (0..6 + dice.below(8)).map(|_| {
        at += dice.below(12);
        let deed =
            [Deed::Say, Deed::Say, Deed::Cut, Deed::Reload][usize::try_from(dice.below(4)).unwrap_or(0)];
        Step { at, roll: dice.next(), deed }
    });
    steps.collect()
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, people, servers, steps } = self;
        writeln!(f, "seed {seed} people {people} servers {servers}")?;
        for Step { at, roll, deed } in steps {
            writeln!(f, "{at:>7} {deed:?} {roll:016x}")?;
        }
        Ok(())
    }
}
