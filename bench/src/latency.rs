//! How long things took, sorted.

use std::time::Duration;

/// Durations in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread(Vec<Duration>);

impl Spread {
    /// Of these.
    pub(crate) fn of(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self(durations)
    }

    /// What so many of a hundred do not exceed; nothing when there are none.
    pub(crate) fn at(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0.get(place).copied().unwrap_or_default()
    }

    /// The longest.
    pub(crate) fn most(&self) -> Duration {
        self.at(100)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_durations() {
        let spread = Spread::of((1..=200).rev().map(Duration::from_millis).collect());
        let millis = [0, 1, 50, 99, 100].map(|percent| spread.at(percent).as_millis());
        assert_eq!(millis, [1, 2, 100, 198, 200]);
        assert_eq!(Spread::default().most(), Duration::ZERO);
    }
}
