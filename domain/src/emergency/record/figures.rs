//! How fast help was: what is held against the published standards.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Record, RecordRepository};
use crate::{
    StoreError,
    emergency::Status,
    identity::{Dispatcher, policy::Scope},
    quantile::quantile,
};

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
const GOALS_OF_ANSWER: [Goal; 2] = [
    Goal { within_s: 15, percent: 90, source: "NENA-STA-020.1-2020" },
    Goal { within_s: 20, percent: 95, source: "NENA-STA-020.1-2020" },
];
/// From there until a unit is sent.
const GOALS_OF_ASSIGNMENT: [Goal; 3] = [
    Goal { within_s: 60, percent: 90, source: "NFPA 1225-2022" },
    Goal { within_s: 64, percent: 90, source: "NFPA 1221-2016" },
    Goal { within_s: 106, percent: 95, source: "NFPA 1221-2016" },
];
/// The way of the first unit.
const GOALS_OF_ARRIVAL: [Goal; 1] = [Goal { within_s: 240, percent: 90, source: "NFPA 1710" }];

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

/// The figures of some emergencies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// How many came.
    pub received: usize,
    /// How many of them are open.
    pub open: usize,
    /// How many are handled.
    pub resolved: usize,
    /// How many were called off.
    pub cancelled: usize,
    /// How many are followed under another: they count in no stage.
    pub merged: usize,
    /// From the call until a person took it.
    pub answer: Stage,
    /// From there until a unit was sent.
    pub assign: Stage,
    /// The way of the first unit.
    pub arrive: Stage,
    /// From the call until somebody was there.
    pub total: Stage,
    /// How they ended, by code.
    pub dispositions: BTreeMap<String, usize>,
}

/// The figures of those that have something in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What they have in common: `fire`; none where it is not known.
    pub of: Option<String>,
    /// Their figures.
    pub figures: Figures,
}

/// The figures of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Of the real ones, all together.
    pub all: Figures,
    /// By kind of help.
    pub by_kind: Vec<Group>,
    /// By priority.
    pub by_priority: Vec<Group>,
    /// By who answered for them.
    pub by_agency: Vec<Group>,
    /// Of exercises, which count nowhere else.
    pub drills: Figures,
}

impl Stage {
    fn of(records: &[&Record], took: fn(&Record) -> Option<TimeDelta>, goals: &[Goal]) -> Self {
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

impl Figures {
    /// The figures of `records`.
    #[must_use]
    pub fn of(records: &[&Record]) -> Self {
        let are = |status: Status| records.iter().filter(|one| one.status == status).count();
        let single: Vec<&Record> =
            records.iter().copied().filter(|one| one.status != Status::Duplicate).collect();
        let mut dispositions = BTreeMap::new();
        for code in single.iter().filter_map(|one| one.disposition.clone()) {
            *dispositions.entry(code).or_insert(0) += 1;
        }
        Self {
            received: records.len(),
            open: records.iter().filter(|one| one.status.is_open()).count(),
            resolved: are(Status::Resolved) + are(Status::Closed),
            cancelled: are(Status::Cancelled),
            merged: are(Status::Duplicate),
            answer: Stage::of(&single, Record::answer, &GOALS_OF_ANSWER),
            assign: Stage::of(&single, Record::assign, &GOALS_OF_ASSIGNMENT),
            arrive: Stage::of(&single, Record::arrive, &GOALS_OF_ARRIVAL),
            total: Stage::of(&single, Record::total, &[]),
            dispositions,
        }
    }
}

impl Statistics {
    /// The figures of `records`, exercises apart.
    #[must_use]
    pub fn of(records: &[Record]) -> Self {
        let (drills, real): (Vec<&Record>, Vec<&Record>) =
            records.iter().partition(|record| record.drill);
        Self {
            all: Figures::of(&real),
            by_kind: groups(&real, |record| record.kind.map(|kind| kind.to_string())),
            by_priority: groups(&real, |record| Some(record.priority.to_string())),
            by_agency: groups(&real, |record| Some(record.agency.to_string())),
            drills: Figures::of(&drills),
        }
    }
}

fn groups(records: &[&Record], of: impl Fn(&Record) -> Option<String>) -> Vec<Group> {
    let mut groups: BTreeMap<Option<String>, Vec<&Record>> = BTreeMap::new();
    for record in records {
        groups.entry(of(record)).or_default().push(record);
    }
    let group = |(of, records): (_, Vec<&Record>)| Group { of, figures: Figures::of(&records) };
    groups.into_iter().map(group).collect()
}

/// The figures of what was received from `from` on and before `to`, as far as `dispatcher` reaches,
/// and of `agencies` alone.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn statistics(
    store: &mut impl RecordRepository,
    dispatcher: &Dispatcher,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    agencies: Scope,
) -> Result<Statistics, StoreError> {
    let scope = dispatcher.staff().scope().and(agencies);
    Ok(Statistics::of(&store.records_between(from, to, &scope)?))
}
