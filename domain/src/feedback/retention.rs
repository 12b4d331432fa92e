//! Forgetting how people are reached once their report is over.
//!
//! An office rings back while a report is open, and for some time after its end; then nothing of how
//! somebody is reached is needed any more. The report, its history and what strangers saw of it stay.

use chrono::{DateTime, TimeDelta, Utc};

use super::{FeedbackRepository, OBJECTION, REOPENINGS, Report, ReportId, Status};
use crate::{
    Id, Moment, StoreError,
    audit::{self, Actor, AuditLog},
    personal::HoldRepository,
};

/// What is still needed is looked at again after so long.
const LOOK_AGAIN: TimeDelta = TimeDelta::days(1);
/// The first instant after something that may be done until then.
const AFTERWARDS: TimeDelta = TimeDelta::microseconds(1);

/// A contact that is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueContact {
    /// Whose report it is.
    pub report: ReportId,
    /// Since when it was to be looked at.
    pub look_at: DateTime<Utc>,
}

/// Where it is kept how people are reached who reported something at a desk.
pub trait ContactRepository {
    /// What is to be looked at by `at`, at most `limit`, what waited longest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn due_contacts(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<DueContact>, StoreError>;

    /// Has `due` looked at again at `next`, or removes it where that is nothing. Says whether it was
    /// still to be looked at: somebody else may have been faster.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn settle_contact(
        &mut self,
        due: DueContact,
        next: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError>;
}

impl Report {
    /// From when on nothing brings it back: not its reporter, who may object for a while, and no
    /// officer. Nothing while it is not at an end. What follows another report is over no earlier than
    /// that one.
    #[must_use]
    pub fn over_at(&self) -> Option<DateTime<Utc>> {
        let objection = |since: DateTime<Utc>| since + OBJECTION + AFTERWARDS;
        let end = self.status_since;
        match self.status {
            Status::Closed if self.course.reopened < REOPENINGS => {
                Some(self.resolved_at.map_or(end, |resolved| end.max(objection(resolved))))
            }
            Status::Rejected if !self.course.appealed => Some(objection(end)),
            Status::Closed | Status::Rejected | Status::Withdrawn | Status::Merged => Some(end),
            _ => None,
        }
    }
}

/// From when on `report` is over, and every report that it follows.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub(super) fn over_at(
    tx: &mut impl FeedbackRepository,
    report: &Report,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let (mut over, mut leading) = (report.over_at(), report.merged_into);
    while let (Some(end), Some(id)) = (over, leading) {
        let Some(next) = tx.find(id)? else { break };
        over = next.over_at().map(|its| its.max(end));
        leading = next.merged_into;
    }
    Ok(over)
}

/// Looks at no more than `limit` contacts that are due, removes those whose reports have been over
/// for as long as they are `kept`, and says at how many it looked. What a legal hold names is kept
/// until it is lifted. Several machines may do it at once: of two that look at one contact one writes.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn forget_contacts(
    tx: &mut (impl ContactRepository + FeedbackRepository + HoldRepository + AuditLog),
    now: &Moment,
    kept: TimeDelta,
    limit: usize,
) -> Result<usize, StoreError> {
    let due = tx.due_contacts(now.at, limit)?;
    for &contact in &due {
        let report = tx.find(contact.report)?;
        let next = report.map(|report| needed_until(tx, now.at, &report, kept)).transpose()?;
        let next = next.flatten();
        if tx.settle_contact(contact, next)? && next.is_none() {
            let what = "feedback.contact_removed";
            audit::record_of(tx, now, Actor::SERVICE, what, &contact.report, None)?;
        }
    }
    Ok(due.len())
}

/// Until when the contact of `report` is needed at least; nothing where it is needed no more.
fn needed_until(
    tx: &mut (impl FeedbackRepository + HoldRepository),
    at: DateTime<Utc>,
    report: &Report,
    kept: TimeDelta,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let again = Some(at + LOOK_AGAIN);
    let named = [Some(report.id.uuid()), report.reporter.citizen().map(Id::uuid)];
    if tx.is_any_held(&named.into_iter().flatten().collect::<Vec<_>>())? {
        return Ok(again);
    }
    Ok(match over_at(tx, report)? {
        None => again,
        Some(over) => Some(over + kept).filter(|until| *until > at),
    })
}
