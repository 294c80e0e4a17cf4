//! Reading from what test runners print how many tests passed and how many failed.

use std::iter::Sum;
use std::ops::Add;

/// How many tests passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Counts {
    pub(super) const FAILED: Self = Self { passed: 0, failed: 1 };

    pub(super) fn is_zero(self) -> bool {
        self == Self::default()
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}

/// `Summary [   0.5s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 0 skipped`
pub(super) fn nextest(text: &str) -> Option<Counts> {
    let summary = text.lines().rev().find(|line| line.trim_start().starts_with("Summary ["))?;
    let (_, numbers) = summary.split_once(" run: ")?;
    let count = |word| number_before(numbers, word).unwrap_or_default();
    // "timed out" and "exec failed" stand beside "failed" and are not in it.
    let failed = count("failed") + count("timed") + count("exec");
    Some(Counts { passed: number_before(numbers, "passed")?, failed })
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; …`, once for each program of tests
pub(super) fn libtest(text: &str) -> Option<Counts> {
    let results = text.lines().filter_map(|line| line.trim_start().strip_prefix("test result: "));
    let mut counts = results.map(|result| {
        Some(Counts { passed: number_before(result, "passed")?, failed: number_before(result, "failed")? })
    });
    let first = counts.next()??;
    counts.try_fold(first, |sum, counts| Some(sum + counts?))
}

/// `ℹ pass 3`, `ℹ fail 0`, `ℹ cancelled 0`, each on a line of its own, at the end
pub(super) fn node(text: &str) -> Option<Counts> {
    let count = |word: &str| {
        let number = |line: &str| {
            line.trim_start_matches(['ℹ', '#', ' ']).strip_prefix(word)?.trim().parse::<u32>().ok()
        };
        text.lines().rev().find_map(number)
    };
    Some(Counts { passed: count("pass")?, failed: count("fail")? + count("cancelled")? })
}

/// `301 cases passed`, or `2 of 301 cases failed:` and then each of those
pub(super) fn kosoku(text: &str) -> Option<Counts> {
    let number = |number: &str| number.parse::<u32>().ok();
    text.lines().find_map(|line| {
        if let Some(passed) = line.strip_suffix(" cases passed") {
            return Some(Counts { passed: number(passed)?, failed: 0 });
        }
        let (failed, all) = line.strip_suffix(" cases failed:")?.split_once(" of ")?;
        let failed = number(failed)?;
        Some(Counts { passed: number(all)?.checked_sub(failed)?, failed })
    })
}

/// The number that stands right before `word`.
fn number_before(text: &str, word: &str) -> Option<u32> {
    let words: Vec<&str> = text.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counts: Option<Counts>, passed: u32, failed: u32) {
        assert_eq!(counts, Some(Counts { passed, failed }));
    }

    #[test]
    fn a_summary_of_nextest_is_understood() {
        check(nextest("     Summary [   0.023s] 4 tests run: 4 passed, 0 skipped"), 4, 0);
        check(nextest("Summary [ 1.0s] 1 test run: 1 passed, 0 skipped\n\n"), 1, 0);
        let mixed = "Summary [ 9.1s] 7 tests run: 3 passed (1 slow, 1 flaky), 1 failed, 1 exec failed, 2 timed out, 0 skipped";
        check(nextest(mixed), 3, 4);
        check(nextest("Summary [ 0.2s] 3/10 tests run: 2 passed, 1 failed, 7 skipped"), 2, 1);
        check(nextest("Summary [ 0.2s] 0 tests run: 0 passed, 9 skipped"), 0, 0);
        assert_eq!(nextest("error: could not compile `backend`"), None);
    }

    #[test]
    fn the_results_of_several_test_programs_are_added_up() {
        let two = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\nnoise\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured";
        check(libtest(two), 4, 2);
        check(libtest("    test result: ok. 0 passed; 0 failed; 0 ignored; 0 filtered out"), 0, 0);
        assert_eq!(libtest("running 3 tests\n"), None);
        assert_eq!(libtest("test result: ok. 3 passed; 0 failed\ntest result: torn"), None);
    }

    #[test]
    fn a_summary_of_kosoku_is_understood() {
        check(kosoku("wrote reports for 301 cases to reports/\n301 cases passed\n"), 301, 0);
        let failing = "wrote reports for 18 cases to reports/\n2 of 18 cases failed:\n  6.3.1: behavior=OK, behaviorClose=WRONG CODE";
        check(kosoku(failing), 16, 2);
        check(kosoku("0 cases passed"), 0, 0);
        assert_eq!(kosoku("ValueError: no cases match pattern: 77.*"), None);
        assert_eq!(kosoku("19 of 18 cases failed:"), None);
    }

    #[test]
    fn a_summary_of_node_is_understood_in_both_its_forms() {
        let spec =
            "✔ alice says hello\nℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0";
        check(node(spec), 2, 2);
        check(node("# tests 1\n# pass 1\n# fail 0\n# cancelled 0\n# duration_ms 3"), 1, 0);
        check(node("pass 9\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\nfail over"), 2, 0);
        assert_eq!(node("SyntaxError: Unexpected token"), None);
    }
}
