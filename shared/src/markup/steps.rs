//! Counts, in tests alone, how often a text is looked at: what a storm of marks costs is a number and no time.

#[cfg(test)]
thread_local! {
    static TAKEN: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// So many more characters, lines or tokens are looked at. Nothing at all outside of tests.
#[cfg(test)]
pub(super) fn step(count: usize) {
    TAKEN.set(TAKEN.get() + count);
}

#[cfg(not(test))]
pub(super) const fn step(_: usize) {}

/// How many steps some work takes.
#[cfg(test)]
pub(super) fn steps_of(work: impl FnOnce()) -> usize {
    let before = TAKEN.get();
    work();
    TAKEN.get() - before
}
