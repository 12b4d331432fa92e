//! How long a call may wait for somebody.

use chrono::TimeDelta;

use super::Priority;

/// How long calls of one priority wait for somebody: before their centre is alerted again, before its
/// supervisor and the neighbouring centre are, and before everybody on duty is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience([TimeDelta; 3]);

/// How long calls may wait, by their priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    /// High.
    pub high: Patience,
    /// Normal.
    pub normal: Patience,
    /// Low: drills.
    pub low: Patience,
    /// After how long a call rings again that everybody on duty was called to, and again.
    pub again: TimeDelta,
}

impl Patience {
    /// Waits of so many seconds, the shortest first.
    #[must_use]
    pub fn new(mut seconds: [u32; 3]) -> Self {
        seconds.sort_unstable();
        Self(seconds.map(|seconds| TimeDelta::seconds(seconds.into())))
    }

    /// How long a call waits at `level` before it goes on to the next; none at the last.
    #[must_use]
    pub fn at(self, level: u8) -> Option<TimeDelta> {
        self.0.get(usize::from(level)).copied()
    }

    /// The level of a call that has waited for `wait`.
    #[must_use]
    pub fn level(self, wait: TimeDelta) -> u8 {
        self.0.into_iter().fold(0, |level, patience| level + u8::from(wait >= patience))
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self::new([15, 60, 180])
    }
}

impl Waits {
    /// Those of `priority`.
    #[must_use]
    pub const fn of(&self, priority: Priority) -> Patience {
        match priority {
            Priority::High => self.high,
            Priority::Normal => self.normal,
            Priority::Low => self.low,
        }
    }

    /// The longest time that a call waits before its centre is alerted again.
    #[must_use]
    pub fn longest_first(&self) -> TimeDelta {
        let first = Priority::ALL.iter().filter_map(|&priority| self.of(priority).at(0));
        first.max().unwrap_or_default()
    }
}

impl Default for Waits {
    fn default() -> Self {
        let patience = Patience::default();
        Self { high: patience, normal: patience, low: patience, again: TimeDelta::minutes(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_waits_goes_up_level_by_level() {
        let patience = Patience::new([60, 15, 180]);
        for (wait, level) in [(0, 0), (14, 0), (15, 1), (59, 1), (60, 2), (180, 3), (9_999, 3)] {
            assert_eq!(patience.level(TimeDelta::seconds(wait)), level, "{wait}");
        }
        assert_eq!(patience.at(2), Some(TimeDelta::seconds(180)));
        assert_eq!(patience.at(3), None);
    }
}
