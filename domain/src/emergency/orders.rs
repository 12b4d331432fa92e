//! Standing orders: who answers for which calls, and how long a call may wait for somebody.

use std::{fmt, sync::Arc};

use chrono::TimeDelta;

use super::{Priority, Roads};
use crate::{
    directory::AgencyTree,
    territory::{Commune, CommuneCode, Position},
};

/// The communes and where they lie, wherever that is kept. It may know nothing: no call depends on
/// its being well.
pub trait Territory: Send + Sync {
    /// The communes.
    fn communes(&self) -> &[Commune];

    /// The commune that `position` lies in; none outside the province, or where that cannot be said.
    fn locate(&self, position: Position) -> Option<CommuneCode>;

    /// The one commune that somebody means who describes a place as `landmark`.
    fn named_in(&self, landmark: &str) -> Option<CommuneCode>;
}

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
}

/// Who answers for which calls as the agencies stand, and how long a call may wait.
#[derive(Clone)]
pub struct StandingOrders {
    /// The agencies.
    pub agencies: Arc<AgencyTree>,
    /// Where the communes lie.
    pub territory: Arc<dyn Territory>,
    /// How long calls wait.
    pub waits: Waits,
    /// What is assumed of all roads alike.
    pub roads: Roads,
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
        Self { high: patience, normal: patience, low: patience }
    }
}

/// Before anybody said who answers: then every call goes by its kind alone.
impl Default for StandingOrders {
    fn default() -> Self {
        Self {
            agencies: Arc::default(),
            territory: Arc::new(Nowhere),
            waits: Waits::default(),
            roads: Roads::default(),
        }
    }
}

impl fmt::Debug for StandingOrders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agencies = self.agencies.agencies().len();
        formatter
            .debug_struct("StandingOrders")
            .field("agencies", &agencies)
            .field("waits", &self.waits)
            .finish_non_exhaustive()
    }
}

/// No communes at all.
struct Nowhere;

impl Territory for Nowhere {
    fn communes(&self) -> &[Commune] {
        &[]
    }

    fn locate(&self, _: Position) -> Option<CommuneCode> {
        None
    }

    fn named_in(&self, _: &str) -> Option<CommuneCode> {
        None
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
