//! Looking up who reported something: only whoever has the report may, for a reason that stands in its
//! history and in the audit log.

use chrono::TimeDelta;

use super::{
    ActError, Contact, Doer, Office, Registry, Report, ReportId, Saying, Version, act,
    history::{self, REPORTER_OPENED},
    retention,
};
use crate::{
    StoreError, audit,
    identity::{CitizenAccount, CitizenRepository, Officer},
};

/// Who reported something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownReporter {
    /// Somebody with an account.
    Citizen {
        /// Their account.
        account: CitizenAccount,
        /// Whether they asked not to be shown.
        confidential: bool,
    },
    /// Somebody for whom an officer wrote it down.
    Caller(Contact),
}

/// Who reported the report `id`, for `reason`, with the report as it is afterwards. That the officer
/// looked is written down before anything is shown. How people are reached is `kept` for so long after
/// the end of their report.
///
/// # Errors
/// [`ActError::NotHolder`] where the officer does not have the report, [`ActError::NotFound`] where it
/// is not in their scope, or nobody knows (any more) who reported it.
pub fn open_reporter(
    tx: &mut (impl Registry + CitizenRepository),
    office: &Office,
    officer: &Officer,
    (id, reason): (ReportId, Saying),
    kept: TimeDelta,
) -> Result<(Report, KnownReporter), ActError> {
    let mut report = act::in_scope(tx, officer, id)?;
    let staff = officer.staff();
    if report.assignee != Some(staff.id) {
        return Err(ActError::NotHolder(report.assignee));
    }
    let over = retention::over_at(tx, &report)?;
    let known = over.is_none_or(|over| office.now.at < over + kept);
    let reporter = if known { known_reporter(tx, &report)? } else { None };
    let reporter = reporter.ok_or(ActError::NotFound)?;
    let (seen, reason) = (report.version, reason.into_text());
    audit::record(tx, &office.now, staff, REPORTER_OPENED, &id, Some(&reason))?;
    // Nothing about the report itself changes: strangers who ask for changes learn of none.
    report.version = Version(seen.0.saturating_add(1));
    let by = (REPORTER_OPENED, Doer::Staff(staff.id));
    let entry =
        history::entered(&mut report, (&office.now, &*office.hasher), by.0, by.1, Some(reason));
    tx.save(&report, seen)?;
    tx.add_to_history(&entry)?;
    Ok((report, reporter))
}

fn known_reporter(
    tx: &mut (impl Registry + CitizenRepository),
    report: &Report,
) -> Result<Option<KnownReporter>, StoreError> {
    if let Some(citizen) = report.reporter.citizen() {
        let confidential = report.reporter.is_hidden();
        let account = tx.citizen(citizen)?;
        return Ok(account.map(|account| KnownReporter::Citizen { account, confidential }));
    }
    let intake = tx.intake_of(report.id)?;
    Ok(intake.and_then(|intake| intake.contact).map(KnownReporter::Caller))
}
