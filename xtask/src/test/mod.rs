//! Every check and test in a fixed order: a failing one stops no other, and the last line counts them all.

mod autobahn;
mod steps;
mod summary;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::shell::{Failure, Heard, Result};
use crate::tools::Toolbox;
use crate::workspace::Workspace;
use steps::{STEPS, Step};
use summary::Counts;

/// How a step ended, with a remark where the counts do not say it all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    counts: Counts,
    remark: String,
}

/// Runs the steps that `--only` names, or all.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let chosen = choose(arguments)?;
    let workspace = Workspace::find()?;
    let mut toolbox = Toolbox::open()?;
    for need in chosen.iter().flat_map(|step| step.needs) {
        // A step that lacks something reports it as its own failure.
        let _ = toolbox.ensure(&workspace, *need);
    }
    let mut report = Report::default();
    for step in chosen {
        println!("\n==> {}: {}", step.name, step.what);
        let started = Instant::now();
        let outcome = carry_out(step, &workspace, &mut toolbox);
        let took = started.elapsed();
        println!("<== {}: {}", step.name, outcome.in_words(took));
        report.lines.push((step.name, took, outcome));
    }
    print!("\n{}", report.in_words());
    Ok(if report.total().failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn carry_out(step: &Step, workspace: &Workspace, toolbox: &mut Toolbox) -> Outcome {
    let equipped = step.needs.iter().try_for_each(|need| toolbox.ensure(workspace, *need));
    equipped.and_then(|()| (step.run)(workspace, toolbox)).unwrap_or_else(|failure| {
        eprintln!("xtask: {failure}");
        Outcome::failed(&failure)
    })
}

fn choose(arguments: &[String]) -> Result<Vec<&'static Step>> {
    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    let wanted = match arguments {
        [] => return Ok(STEPS.iter().collect()),
        [only] => only.strip_prefix("--only="),
        [only, wanted] if only == "--only" => Some(wanted.as_str()),
        _ => None,
    };
    let wanted = wanted.ok_or_else(|| Failure::new("`test` understands only `--only NAME,NAME`"))?;
    if let Some(unknown) = wanted.split(',').find(|wanted| !names.contains(wanted)) {
        return Err(Failure::new(format!("there is no step `{unknown}`; there are {}", names.join(", "))));
    }
    Ok(STEPS.iter().filter(|step| wanted.split(',').any(|wanted| wanted == step.name)).collect())
}

impl Outcome {
    /// A check without numbers of its own counts as one test.
    const PASSED: Self = Self { counts: Counts { passed: 1, failed: 0 }, remark: String::new() };

    fn failed(failure: &Failure) -> Self {
        Self { counts: Counts::FAILED, remark: failure.to_string() }
    }

    /// What a test runner counted, where it can be believed: a run without a test has not shown anything.
    fn of_tests(heard: &Heard, counts: Option<Counts>) -> Self {
        let (counts, remark) = match counts {
            None => (Counts::FAILED, "no summary could be read"),
            Some(counts) if counts.is_zero() => (Counts::FAILED, "it ran no test"),
            Some(counts) if counts.failed == 0 && !heard.success => {
                (counts + Counts::FAILED, "its tests passed, yet it ended with an error")
            }
            Some(counts) => (counts, ""),
        };
        Self { counts, remark: remark.to_owned() }
    }

    /// There is nothing to test yet.
    fn nothing_yet(remark: &str) -> Self {
        Self { counts: Counts::default(), remark: remark.to_owned() }
    }

    fn and(self, other: Self) -> Self {
        let remarks = [self.remark, other.remark];
        let remark = remarks.into_iter().filter(|remark| !remark.is_empty()).collect::<Vec<_>>().join("; ");
        Self { counts: self.counts + other.counts, remark }
    }

    fn in_words(&self, took: Duration) -> String {
        let Counts { passed, failed } = self.counts;
        let remark = if self.remark.is_empty() { String::new() } else { format!(" ({})", self.remark) };
        format!("{passed} passed, {failed} failed{remark} in {:.1} s", took.as_secs_f32())
    }
}

#[derive(Default)]
struct Report {
    lines: Vec<(&'static str, Duration, Outcome)>,
}

impl Report {
    fn total(&self) -> Counts {
        self.lines.iter().map(|(_, _, outcome)| outcome.counts).sum()
    }

    /// A table, and under it the one line that a machine reads.
    fn in_words(&self) -> String {
        let mut lines = vec![format!("{:<12} {:>8} {:>7} {:>7}", "step", "seconds", "passed", "failed")];
        for (name, took, Outcome { counts, remark }) in &self.lines {
            let (seconds, Counts { passed, failed }) = (took.as_secs_f32(), counts);
            let line = format!("{name:<12} {seconds:>8.1} {passed:>7} {failed:>7}  {remark}");
            lines.push(line.trim_end().to_owned());
        }
        let Counts { passed, failed } = self.total();
        format!("{}\n\n{passed} passed, {failed} failed\n", lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(arguments: &[&str]) -> Vec<String> {
        arguments.iter().map(|argument| (*argument).to_owned()).collect()
    }

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        let steps = choose(&words(arguments)).expect("the steps are known");
        steps.into_iter().map(|step| step.name).collect()
    }

    #[test]
    fn only_the_named_steps_are_run_in_their_own_order() {
        assert_eq!(names(&["--only", "native,fmt"]), ["fmt", "native"]);
        assert_eq!(names(&["--only=e2e"]), ["e2e"]);
        assert_eq!(names(&[]).len(), STEPS.len());
    }

    #[test]
    fn an_unknown_step_is_named_beside_those_there_are() {
        let failure = choose(&words(&["--only", "fmt,lint"])).err().expect("there is no such step");
        assert!(failure.to_string().starts_with("there is no step `lint`; there are fmt, clippy,"));
        assert!(choose(&words(&["--fast"])).is_err());
    }

    fn judged(success: bool, counts: Option<(u32, u32)>) -> (u32, u32) {
        let heard = Heard { text: String::new(), success };
        let counts = counts.map(|(passed, failed)| Counts { passed, failed });
        let Counts { passed, failed } = Outcome::of_tests(&heard, counts).counts;
        (passed, failed)
    }

    #[test]
    fn a_test_runner_is_believed_only_as_far_as_it_deserves() {
        assert_eq!(judged(true, Some((3, 0))), (3, 0));
        assert_eq!(judged(false, Some((3, 2))), (3, 2));
        assert_eq!(judged(false, Some((3, 0))), (3, 1));
        assert_eq!(judged(true, Some((0, 0))), (0, 1));
        assert_eq!(judged(true, None), (0, 1));
    }

    #[test]
    fn the_last_line_is_the_sum_of_all_steps() {
        let passing = Outcome { counts: Counts { passed: 40, failed: 0 }, remark: String::new() };
        let failing = Outcome::failed(&Failure::new("`cargo fmt` failed"));
        let report =
            Report { lines: vec![("native", Duration::ZERO, passing), ("fmt", Duration::ZERO, failing)] };
        assert!(report.in_words().ends_with("\n\n40 passed, 1 failed\n"));
        assert!(report.in_words().contains("fmt               0.0       0       1  `cargo fmt` failed\n"));
    }
}
