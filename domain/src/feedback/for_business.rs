//! What is reported for a business, by its people and by its systems.

use chrono::{DateTime, Utc};

use super::{
    Estimate, FeedbackRepository, Flaw, FlawKind, Followed, History, IntakeRepository, ListKey,
    NoticeBoard, Office, OnBehalf, Report, ReportId, Stretch, Submission, SubmitError, Submitted,
    estimate, submit,
};
use crate::{
    event::EventLog,
    identity::business::{
        Agent, BusinessError, BusinessId, BusinessRepository, Deed, MembershipRepository,
        SiteRepository, Standing, seat,
    },
    media::MediaRepository,
    page::Page,
};

/// Takes in what `agent` reports for the business that the submission names. What has no place is
/// where its site is; what is confidential only in its commune, for the rest would name the business.
///
/// # Errors
/// [`SubmitError::Flawed`] for a business of which the agent is nobody, or a site that is none of
/// its; [`SubmitError::Business`] for a key without the scope for it, and for a business that nobody
/// has verified.
pub fn submit_for_business(
    tx: &mut (
             impl FeedbackRepository
             + IntakeRepository
             + History
             + EventLog
             + BusinessRepository
             + MembershipRepository
             + SiteRepository
             + MediaRepository
             + NoticeBoard
         ),
    office: &Office,
    agent: &Agent,
    submission: &Submission,
) -> Result<Submitted, SubmitError> {
    let mut submission = submission.clone();
    let Some(OnBehalf { id, site }) = submission.intake.business else {
        return submit::submit(tx, office, &submission.incoming(office));
    };
    match seat(tx, agent, id, Deed::Report) {
        Err(BusinessError::NotFound) => return Err(unknown("business_id")),
        allowed => allowed?,
    };
    let business = tx.business(id)?.ok_or_else(|| unknown("business_id"))?;
    if business.standing != Standing::Verified {
        return Err(BusinessError::NotVerified.into());
    }
    if let Some(site) = site {
        let sites = tx.sites(id)?;
        let site = sites.into_iter().find(|known| known.id == site);
        let site = site.ok_or_else(|| unknown("site_id"))?;
        if submission.position.is_none() && submission.commune.is_none() {
            submission.commune = Some(site.commune);
            if !submission.confidential {
                submission.position = site.position;
                submission.address = submission.address.or(site.address);
            }
        }
    }
    submit::submit(tx, office, &submission.incoming(office))
}

fn unknown(field: &str) -> SubmitError {
    SubmitError::Flawed(vec![Flaw::at(field, FlawKind::Unknown)])
}

/// The reports for the business `id`, the newest first, for whoever acts for it; and whether they may
/// report for it, and so act as the reporter of what was reported.
///
/// # Errors
/// [`BusinessError::NotFound`] for strangers, [`BusinessError::NotAllowed`] for a key without the
/// scope for it.
pub fn reports_of_business(
    tx: &mut (impl IntakeRepository + BusinessRepository + MembershipRepository),
    agent: &Agent,
    id: BusinessId,
    stretch: Stretch,
) -> Result<(Page<Report, ListKey>, bool), BusinessError> {
    let seat = seat(tx, agent, id, Deed::ReadReports)?;
    Ok((tx.of_business(seat.business(), stretch)?, may_report(tx, agent, id)?))
}

/// Whether `agent`, who acts for the business `id`, may report for it.
fn may_report(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    agent: &Agent,
    id: BusinessId,
) -> Result<bool, BusinessError> {
    match seat(tx, agent, id, Deed::Report) {
        Err(BusinessError::NotAllowed) => Ok(false),
        allowed => allowed.map(|_| true),
    }
}

/// What whoever acts for a business sees of a report for it.
#[derive(Clone, Debug, PartialEq)]
pub struct BusinessReport {
    /// The report, with what happened to it.
    pub followed: Followed,
    /// How long its answer may take.
    pub estimate: Option<Estimate>,
    /// Whether they may report for the business, and so act as its reporter.
    pub may_report: bool,
}

/// One report for the business `id` as it is at `at`, with what happened to it.
///
/// # Errors
/// As [`reports_of_business`]; [`BusinessError::NotFound`] for any other report.
pub fn report_of_business(
    tx: &mut (
             impl FeedbackRepository
             + History
             + BusinessRepository
             + MembershipRepository
             + MediaRepository
         ),
    agent: &Agent,
    (id, report): (BusinessId, ReportId),
    at: DateTime<Utc>,
) -> Result<BusinessReport, BusinessError> {
    let seat = seat(tx, agent, id, Deed::ReadReports)?;
    let its = |report: &Report| {
        report.course.business.is_some_and(|business| business.id == seat.business())
    };
    let report = tx.find(report)?.filter(its).ok_or(BusinessError::NotFound)?;
    Ok(BusinessReport {
        estimate: estimate::estimate(tx, &report, at)?,
        followed: Followed::of(tx, report)?,
        may_report: may_report(tx, agent, id)?,
    })
}
