//! What is reported for a business, by its people and by its systems.

use super::{
    FeedbackRepository, Flaw, FlawKind, Followed, History, IntakeRepository, ListKey, Office,
    OnBehalf, Report, ReportId, Stretch, Submission, SubmitError, Submitted, submit,
};
use crate::{
    StoreError,
    event::EventLog,
    identity::business::{
        Agent, BusinessError, BusinessId, BusinessRepository, Deed, MembershipRepository,
        SiteRepository, Standing, seat,
    },
    media::MediaRepository,
    page::Page,
};

/// Takes in what `agent` reports for the business that the submission names. What has no place is
/// where its site is.
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
         ),
    office: &Office,
    agent: &Agent,
    mut submission: Submission,
) -> Result<Submitted, SubmitError> {
    let Some(OnBehalf { id, site }) = submission.intake.business else {
        return submit::submit(tx, office, submission);
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
            submission.position = site.position;
            submission.commune = Some(site.commune);
            submission.address = submission.address.or(site.address);
        }
    }
    submit::submit(tx, office, submission)
}

fn unknown(field: &str) -> SubmitError {
    SubmitError::Flawed(vec![Flaw::at(field, FlawKind::Unknown)])
}

/// The reports for the business `id`, the newest first, for whoever acts for it.
///
/// # Errors
/// [`BusinessError::NotFound`] for strangers, [`BusinessError::NotAllowed`] for a key without the
/// scope for it.
pub fn reports_of_business(
    tx: &mut (impl IntakeRepository + BusinessRepository + MembershipRepository),
    agent: &Agent,
    id: BusinessId,
    stretch: Stretch,
) -> Result<Page<Report, ListKey>, BusinessError> {
    let seat = seat(tx, agent, id, Deed::ReadReports)?;
    Ok(tx.of_business(seat.business(), stretch)?)
}

/// One report for the business `id`, with what happened to it.
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
) -> Result<Followed, BusinessError> {
    let seat = seat(tx, agent, id, Deed::ReadReports)?;
    let its = |report: &Report| {
        report.course.business.is_some_and(|business| business.id == seat.business())
    };
    let report = tx.find(report)?.filter(its).ok_or(BusinessError::NotFound)?;
    Followed::of(tx, report).map_err(|error: StoreError| error.into())
}
