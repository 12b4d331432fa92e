//! What every step with a report goes by, and what follows from it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    Action, Categories, Doer, FeedbackRepository, FollowerList, History, IntakeRepository,
    NoticeBoard, PublicReport, Report, Route, Rules, Subject, Version, Vicinity, WorkingCalendar,
    following, history,
};
use crate::{
    Moment, StoreError,
    audit::AuditLog,
    directory::{AgencyCode, AgencyTree},
    event::{Event, EventLog, Topic},
    identity::{Roster, StaffRepository, nearest_supervisors},
    media::{self, MediaRepository},
    notification::{self, Inbox},
    secret::Hasher,
};

/// Everything that steps with reports are written to.
pub trait Registry:
    FeedbackRepository
    + IntakeRepository
    + History
    + NoticeBoard
    + FollowerList
    + StaffRepository
    + Roster
    + EventLog
    + Inbox
    + AuditLog
    + MediaRepository
{
}

impl<T> Registry for T where
    T: FeedbackRepository
        + IntakeRepository
        + History
        + NoticeBoard
        + FollowerList
        + StaffRepository
        + Roster
        + EventLog
        + Inbox
        + AuditLog
        + MediaRepository
{
}

/// What every step with a report goes by.
#[derive(Clone)]
pub struct Office {
    /// The moment of the step.
    pub now: Moment,
    /// Makes the links of histories.
    pub hasher: Arc<dyn Hasher>,
    /// When the offices are open.
    pub calendar: Arc<WorkingCalendar>,
    /// What can be reported.
    pub categories: Arc<Categories>,
    /// Who gets what, before the category decides.
    pub rules: Arc<Rules>,
    /// The agencies as they stand.
    pub agencies: Arc<AgencyTree>,
    /// What was published, to find what is near.
    pub vicinity: Arc<dyn Vicinity>,
}

impl Office {
    /// Who answers `subject`, and why.
    #[must_use]
    pub fn route(&self, subject: Subject<'_>) -> Route {
        self.rules.route(&self.categories, &self.agencies, subject)
    }

    /// Keeps a new report, unless its id or its code is taken, and says whether it was kept.
    pub(super) fn open(
        &self,
        tx: &mut (impl FeedbackRepository + History + EventLog),
        report: &mut Report,
        (event, by): (&'static str, Doer),
    ) -> Result<bool, StoreError> {
        let entry = history::entered(report, (&self.now, &*self.hasher), event, by, None);
        let added = tx.insert(report)?;
        if added {
            tx.add_to_history(&entry)?;
            announce(tx, &self.now, report, event)?;
        }
        Ok(added)
    }

    /// Keeps what became of `report`, which was `seen` at that version, by `action`, and tells whom
    /// it concerns. `words` were said with it.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody else changed it since.
    pub(super) fn keep(
        &self,
        tx: &mut impl Registry,
        report: &mut Report,
        seen: Version,
        (action, by): (Action, Doer),
        words: Option<String>,
    ) -> Result<(), StoreError> {
        let event = action.event();
        let settled = report.settle_words(&self.categories);
        let entry = history::entered(report, (&self.now, &*self.hasher), event, by, words);
        tx.save(report, seen)?;
        if settled {
            media::disown(tx, &self.now, report)?;
        }
        tx.add_to_history(&entry)?;
        self.post(tx, report)?;
        announce(tx, &self.now, report, event)?;
        following::announce(tx, &self.now, report, action)?;
        self.tell_reporters(tx, report, action)
    }

    /// The clock of `report` goes on, which stood still `since` its reporter was asked.
    pub(super) fn go_on(&self, report: &mut Report, since: DateTime<Utc>) {
        let pause = (since, self.now.at);
        report.promise(self.calendar.due_after_pause(report.due_at, pause));
    }

    /// Hangs up what strangers see of `report` as it is now, or takes it down.
    pub(super) fn post(
        &self,
        tx: &mut impl NoticeBoard,
        report: &Report,
    ) -> Result<(), StoreError> {
        match PublicReport::of(report, &self.categories) {
            Some(shown) => tx.hang_up(&shown),
            None => tx.take_down(report.id),
        }
    }

    /// Keeps that `event` happened beside the life of `report`, which was `seen` at that version.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody else changed it since.
    pub(crate) fn keep_beside(
        &self,
        tx: &mut (impl FeedbackRepository + History + EventLog + NoticeBoard),
        report: &mut Report,
        seen: Version,
        (event, by): (&'static str, Doer),
    ) -> Result<(), StoreError> {
        report.touch(self.now.at);
        let entry = history::entered(report, (&self.now, &*self.hasher), event, by, None);
        tx.save(report, seen)?;
        tx.add_to_history(&entry)?;
        self.post(tx, report)?;
        announce(tx, &self.now, report, event)
    }

    /// Tells the reporter, where one is known, what was done with the report, and those whose
    /// reports follow it.
    fn tell_reporters(
        &self,
        tx: &mut impl Registry,
        report: &Report,
        action: Action,
    ) -> Result<(), StoreError> {
        let Some(news) = action.news() else { return Ok(()) };
        let mut concerned = vec![report.clone()];
        while let Some(report) = concerned.pop() {
            if let Some(reporter) = report.reporter.citizen() {
                let text = format!("Phản ánh {} {news}.", report.code);
                let what = (action.event(), text);
                notification::tell(tx, &self.now, reporter.uuid(), what, report.id.uuid())?;
            }
            if action.concerns_followers() {
                concerned.extend(tx.followers(report.id)?);
            }
        }
        Ok(())
    }

    /// The agency one level above `agency`; the province is above itself.
    pub(super) fn above(&self, agency: &AgencyCode) -> AgencyCode {
        let known = self.agencies.find(agency);
        known.and_then(|agency| agency.parent.clone()).unwrap_or_else(AgencyCode::province)
    }

    /// Alerts the supervisors who are nearest to `agency`, from it upwards: those of the first
    /// agency that has any. An event tells it, too.
    pub(super) fn alert_supervisors(
        &self,
        tx: &mut (impl Roster + Inbox + EventLog),
        agency: &AgencyCode,
        report: &Report,
        (event, text): (&'static str, String),
    ) -> Result<(), StoreError> {
        announce(tx, &self.now, report, event)?;
        for supervisor in nearest_supervisors(tx, &self.agencies, agency)? {
            let what = (event, text.clone());
            notification::tell(tx, &self.now, supervisor.id.uuid(), what, report.id.uuid())?;
        }
        Ok(())
    }
}

/// Writes down that `kind` happened to `report`. What it says is fit for the reporter and for the
/// officers: where the report stands, and nobody's name.
pub(super) fn announce(
    tx: &mut impl EventLog,
    now: &Moment,
    report: &Report,
    kind: &'static str,
) -> Result<(), StoreError> {
    tx.append(&Event {
        id: now.new_id::<Event>().uuid(),
        topic: Topic::Feedback,
        kind,
        subject: report.id.uuid(),
        agency: Some(report.agency.clone()),
        at: now.at,
        data: json!({
            "code": report.code,
            "category": report.category,
            "status": report.status,
            "visibility": report.visibility,
            "agency": report.agency,
        }),
    })
}
