//! How fast help was.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    Record, RecordRepository, Stage,
    stage::{GOALS_OF_ANSWER, GOALS_OF_ARRIVAL, GOALS_OF_ASSIGNMENT},
};
use crate::{
    StoreError,
    emergency::Status,
    identity::{Dispatcher, policy::Scope},
};

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
