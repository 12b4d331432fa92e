//! What one officer has to do, at a glance.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{FeedbackRepository, QueueFilter, QueueKey, QueueStretch, Report, Status};
use crate::{StoreError, identity::Officer, page::Page, wall_clock::local};

/// What is due within so many days is due soon.
const SOON: TimeDelta = TimeDelta::days(3);
/// At most so many of the reports of one officer are counted.
pub(super) const COUNTED: usize = 5_000;

/// One report of an officer, as far as it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Where it stands.
    pub status: Status,
    /// What it is about.
    pub category: String,
    /// By when it has to be answered.
    pub due_at: DateTime<Utc>,
}

/// How many reports an officer has, and of what kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Those that wait for their answer.
    pub open: usize,
    /// Of these, those that should have been answered by now.
    pub overdue: usize,
    /// Those that are due before the day ends, and not overdue.
    pub due_today: usize,
    /// Those that are due within three days, and not overdue nor due today.
    pub due_soon: usize,
    /// Those that wait for their reporter.
    pub needs_info: usize,
    /// The open ones by where they stand.
    pub by_status: BTreeMap<&'static str, usize>,
    /// The open ones by category.
    pub by_category: BTreeMap<String, usize>,
}

/// What one officer has to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// How much it is.
    pub load: Load,
    /// What is due first.
    pub next: Page<Report, QueueKey>,
    /// How many wait in the officer's own agency and nobody has them, at most a hundred.
    pub unassigned: usize,
}

impl Load {
    /// The load that `tasks` are at an instant.
    #[must_use]
    pub fn of(tasks: &[Task], at: DateTime<Utc>) -> Self {
        let mut load = Self::default();
        for task in tasks {
            if task.status == Status::NeedsInfo {
                load.needs_info += 1;
            }
            if !task.status.is_open() {
                continue;
            }
            load.open += 1;
            if task.due_at < at {
                load.overdue += 1;
            } else if local(task.due_at).date() == local(at).date() {
                load.due_today += 1;
            } else if task.due_at < at + SOON {
                load.due_soon += 1;
            }
            *load.by_status.entry(task.status.as_str()).or_default() += 1;
            *load.by_category.entry(task.category.clone()).or_default() += 1;
        }
        load
    }
}

/// What `officer` has to do at an instant, with the `limit` reports that are due first.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn work(
    tx: &mut impl FeedbackRepository,
    officer: &Officer,
    at: DateTime<Utc>,
    limit: usize,
) -> Result<Work, StoreError> {
    let staff = officer.staff();
    let tasks = tx.tasks(staff.id, COUNTED)?;
    let mine = QueueFilter {
        statuses: Status::OPEN.to_vec(),
        assignee: Some(staff.id),
        agencies: staff.scope(),
        ..QueueFilter::default()
    };
    let next = tx.queue(&mine, QueueStretch::first(limit))?;
    let unassigned = QueueFilter {
        assignee: None,
        unassigned: true,
        agencies: Some(staff.agency.clone()).into(),
        ..mine
    };
    let unassigned = tx.queue(&unassigned, QueueStretch::first(100))?.items.len();
    Ok(Work { load: Load::of(&tasks, at), next, unassigned })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every open task is counted once by status and category, and in at most one of the
        /// stretches of time.
        #[test]
        fn the_parts_of_a_load_add_up(
            tasks in proptest::collection::vec((0_usize..10, -200_i64..200, 0_u8..4), 0..60),
        ) {
            let at = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
            let tasks: Vec<_> = tasks.into_iter().map(|(status, hours, category)| Task {
                status: Status::ALL[status],
                category: category.to_string(),
                due_at: at + TimeDelta::hours(hours),
            }).collect();
            let load = Load::of(&tasks, at);
            let open = tasks.iter().filter(|task| task.status.is_open()).count();
            prop_assert_eq!(load.open, open);
            prop_assert_eq!(load.by_status.values().sum::<usize>(), open);
            prop_assert_eq!(load.by_category.values().sum::<usize>(), open);
            prop_assert!(load.overdue + load.due_today + load.due_soon <= open);
        }
    }
}
