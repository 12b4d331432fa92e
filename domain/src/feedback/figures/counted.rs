//! What of a report counts.

use chrono::{DateTime, Utc};

use crate::{
    directory::AgencyCode,
    feedback::{Status, WorkingCalendar},
    territory::CommuneCode,
};

/// What of a report counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What it is about.
    pub category: String,
    /// The commune it lies in.
    pub commune: Option<CommuneCode>,
    /// Who has to answer.
    pub agency: AgencyCode,
    /// Where it stands.
    pub status: Status,
    /// Since when it stands there.
    pub status_since: DateTime<Utc>,
    /// When it arrived.
    pub submitted_at: DateTime<Utc>,
    /// By when it has to be answered, with the time that the answer was given since.
    pub due_at: DateTime<Utc>,
    /// When it was answered; absent while it is open again.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Whether the answer was given more time.
    pub extended: bool,
    /// Whether its reporter had it opened again.
    pub reopened: bool,
    /// How good its reporter finds the answer, 1 to 5.
    pub stars: Option<u8>,
}

impl Counted {
    /// Whether it waits: for an answer, or for its reporter.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status.is_open() || self.status == Status::NeedsInfo
    }

    /// Whether it was ever answered.
    #[must_use]
    pub const fn was_answered(&self) -> bool {
        self.resolved_at.is_some() || self.reopened
    }

    /// Whether it was answered in time, as far as that is decided at `at`: answered or rejected, or
    /// open and overdue. To ask its reporter something is no answer, and too late all the same once it
    /// should have been answered. What was taken back or follows another report is nobody's promise
    /// any more.
    #[must_use]
    pub fn in_time(&self, at: DateTime<Utc>) -> Option<bool> {
        match (self.status, self.resolved_at) {
            (Status::Withdrawn | Status::Merged, _) => None,
            (_, Some(resolved_at)) => Some(resolved_at <= self.due_at),
            (Status::Rejected, None) => Some(self.status_since <= self.due_at),
            (Status::NeedsInfo, None) => (self.due_at < self.status_since).then_some(false),
            (status, None) => (status.is_open() && self.due_at < at).then_some(false),
        }
    }

    /// How many working days the answer took, counted from the first one after the day of arrival;
    /// none until there is one.
    #[must_use]
    pub fn working_days(&self, calendar: &WorkingCalendar) -> Option<usize> {
        let followed = matches!(self.status, Status::Withdrawn | Status::Merged);
        let resolved_at = self.resolved_at.filter(|_| !followed)?;
        Some(calendar.working_days_between(self.submitted_at, resolved_at))
    }
}
