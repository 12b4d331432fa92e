//! How pressing one report is, and by when it is answered because of that.

use chrono::{DateTime, Utc};

use super::{ActError, Allowance, Category, Office, Report, Subject, Urgency, WorkingCalendar};
use crate::directory::AgencyCode;

/// Of one day half is so many hours.
const HALF_A_DAY: u16 = 4;

/// Who answers a new report, and by when.
pub(super) struct Placed {
    pub(super) agency: AgencyCode,
    pub(super) urgency: Urgency,
    /// Whether a rule said how pressing it is.
    pub(super) weighed: bool,
    pub(super) due_at: DateTime<Utc>,
}

impl Urgency {
    /// How pressing it is as a number: 0 for [`Normal`](Self::Normal).
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::High => 1,
            Self::Urgent => 2,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }
}

impl Allowance {
    const fn halved(self) -> Self {
        match self {
            Self::WorkingDays(..=1) => Self::WorkingHours(HALF_A_DAY),
            Self::WorkingDays(days) => Self::WorkingDays(days / 2),
            Self::WorkingHours(..=1) => self,
            Self::WorkingHours(hours) => Self::WorkingHours(hours / 2),
        }
    }

    const fn doubled(self) -> Self {
        match self {
            Self::WorkingDays(days) => Self::WorkingDays(days.saturating_mul(2)),
            Self::WorkingHours(hours) => Self::WorkingHours(hours.saturating_mul(2)),
        }
    }
}

/// When something of `category` is due that is as pressing as `urgency` and is asked for at `from`:
/// for each step above what is usual of its category in half the time, for each below in twice the
/// time. What is more pressing is never due later.
#[must_use]
pub(super) fn due(
    calendar: &WorkingCalendar,
    category: &Category,
    urgency: Urgency,
    from: DateTime<Utc>,
) -> DateTime<Utc> {
    let usual = category.urgency;
    let (mut allowance, mut due) = (category.deadline, calendar.due(from, category.deadline));
    for _ in 0..urgency.rank().abs_diff(usual.rank()) {
        if urgency > usual {
            allowance = allowance.halved();
            due = due.min(calendar.due(from, allowance));
        } else {
            allowance = allowance.doubled();
            due = due.max(calendar.due(from, allowance));
        }
    }
    due
}

impl Office {
    /// When something of `category` is due that is as pressing as `urgency`, asked for at `from`.
    pub(super) fn due(
        &self,
        category: &Category,
        urgency: Urgency,
        from: DateTime<Utc>,
    ) -> DateTime<Utc> {
        due(&self.calendar, category, urgency, from)
    }

    /// Who answers `subject` if it is reported now, how pressing it is, and by when it is answered.
    pub(super) fn placed(&self, subject: Subject<'_>) -> Placed {
        let route = self.route(subject);
        let urgency = route.urgency.unwrap_or(subject.category.urgency);
        Placed {
            agency: route.agency,
            urgency,
            weighed: route.urgency.is_some(),
            due_at: self.due(subject.category, urgency, self.now.at),
        }
    }
}

/// `report` is as pressing as `urgency` from now on, and due as if it had been from its arrival on.
/// What its clock stood still for, and what time it was given since, it keeps.
pub(super) fn weigh(
    office: &Office,
    report: &mut Report,
    urgency: Urgency,
) -> Result<(), ActError> {
    if urgency == report.course.urgency {
        return Err(ActError::unknown("urgency"));
    }
    if let Some(category) = office.categories.find(&report.category) {
        let first = |urgency| office.due(category, urgency, report.submitted_at);
        let (before, after) = (first(report.course.urgency), first(urgency));
        let due_at = if report.due_at > before {
            office.calendar.due_after_pause(after, (before, report.due_at))
        } else if urgency > report.course.urgency {
            after.min(report.due_at)
        } else {
            after
        };
        report.promise(due_at);
    }
    report.course.urgency = urgency;
    report.course.weighed = true;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::feedback::Categories;

    const LEVELS: [Urgency; 3] = [Urgency::Normal, Urgency::High, Urgency::Urgent];

    fn category(urgency: Urgency, deadline: Allowance) -> Category {
        let shipped =
            Categories::read(include_str!("../../../data/feedback-categories.json")).unwrap();
        let other = Arc::clone(shipped.find("other").unwrap());
        Category { urgency, deadline, ..(*other).clone() }
    }

    proptest! {
        /// Whatever a category allows, more pressing is never due later, what is usual is due as
        /// the category says, and nothing is due before it was reported.
        #[test]
        fn what_presses_more_is_due_no_later(
            usual in 0_usize..3,
            days in any::<bool>(),
            length in 1_u16..60,
            at in 1_764_000_000_i64..1_796_000_000,
            saturdays in any::<bool>(),
        ) {
            let from = DateTime::from_timestamp(at, 0).unwrap();
            let deadline =
                if days { Allowance::WorkingDays(length) } else { Allowance::WorkingHours(length) };
            let calendar = WorkingCalendar::default();
            let calendar = if saturdays { calendar.with_saturday_mornings() } else { calendar };
            let category = category(LEVELS[usual], deadline);
            let due_at = LEVELS.map(|urgency| due(&calendar, &category, urgency, from));
            prop_assert!(due_at.is_sorted_by(|less, more| less >= more), "{due_at:?}");
            prop_assert!(due_at.iter().all(|due_at| *due_at > from));
            let usual = due(&calendar, &category, category.urgency, from);
            prop_assert_eq!(usual, calendar.due(from, deadline));
        }
    }

    #[test]
    fn each_level_ranks_higher_and_is_named_as_on_the_wire() {
        for (rank, urgency) in (0..).zip(LEVELS) {
            assert_eq!(urgency.rank(), rank);
            assert_eq!(serde_json::to_value(urgency).unwrap(), urgency.as_str());
        }
    }
}
