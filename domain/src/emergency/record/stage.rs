//! One stage of help, held against the published standards.

use chrono::TimeDelta;

use super::Record;
use crate::quantile::quantile;

/// What a standard asks for: that so many are done within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Within so many seconds.
    pub within_s: i64,
    /// At least so many in a hundred.
    pub percent: u32,
    /// Who says so.
    pub source: &'static str,
}

/// From the call until a person takes it.
pub(super) const GOALS_OF_ANSWER: [Goal; 2] = [
    Goal { within_s: 15, percent: 90, source: "NENA-STA-020.1-2020" },
    Goal { within_s: 20, percent: 95, source: "NENA-STA-020.1-2020" },
];
/// From there until a unit is sent.
pub(super) const GOALS_OF_ASSIGNMENT: [Goal; 3] = [
    Goal { within_s: 60, percent: 90, source: "NFPA 1225-2022" },
    Goal { within_s: 64, percent: 90, source: "NFPA 1221-2016" },
    Goal { within_s: 106, percent: 95, source: "NFPA 1221-2016" },
];
/// The way of the first unit.
pub(super) const GOALS_OF_ARRIVAL: [Goal; 1] =
    [Goal { within_s: 240, percent: 90, source: "NFPA 1710" }];

/// How long one stage took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stage {
    /// Of so many that reached it.
    pub count: usize,
    /// Half of them took at most so long.
    pub p50: Option<TimeDelta>,
    /// Nine in ten.
    pub p90: Option<TimeDelta>,
    /// Nineteen in twenty.
    pub p95: Option<TimeDelta>,
    /// How many were within each goal.
    pub within: Vec<(Goal, usize)>,
}

impl Stage {
    pub(super) fn of(
        records: &[&Record],
        took: fn(&Record) -> Option<TimeDelta>,
        goals: &[Goal],
    ) -> Self {
        let mut took: Vec<TimeDelta> = records.iter().filter_map(|record| took(record)).collect();
        took.sort_unstable();
        let within =
            |goal: &Goal| took.partition_point(|&one| one <= TimeDelta::seconds(goal.within_s));
        Self {
            count: took.len(),
            p50: quantile(&took, 50),
            p90: quantile(&took, 90),
            p95: quantile(&took, 95),
            within: goals.iter().map(|goal| (*goal, within(goal))).collect(),
        }
    }
}
