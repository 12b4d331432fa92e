//! What officers do with a report.

use chrono::TimeDelta;

use super::{
    Action, Actor, Allowance, Assignment, Doer, FeedbackRepository, Flaw, FlawKind, MoreTime,
    NotAllowed, NoticeBoard, Office, Registry, Report, ReportId, Status, Step, Subject as Routed,
    Version, Visibility, pressing, release::release_followers,
};
use crate::{
    StoreError, audit,
    directory::AgencyCode,
    identity::{Officer, Role, StaffId, StaffRepository, policy},
    media::{self, AttachError, Attachment, Media, MediaRepository, Stage, Subject, attach},
    notification,
};

/// At this transfer a supervisor is alerted, and at every one after it.
const BOUNCES: u16 = 3;
/// How much later than it was due an answer may be promised.
const LATEST: TimeDelta = TimeDelta::days(90);

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// No such report in the officer's scope.
    #[error("no such report")]
    NotFound,
    /// The report has changed since the officer saw it; it is at this version now.
    #[error("the report is at version {0} now")]
    Stale(Version),
    /// It does not stand where this could be done.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// The officer does not have the report; this one has it, where anybody has.
    #[error("the report is somebody else's")]
    NotHolder(Option<StaffId>),
    /// An agency that the officer does not reach.
    #[error("the agency is out of reach")]
    OutOfReach,
    /// There are as many as there may be.
    #[error("no more of these can be had")]
    TooMany,
    /// What the step says does not fit.
    #[error("{0:?}")]
    Flawed(Flaw),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ActError {
    /// What the step says in `field` names nothing that fits.
    pub(super) fn unknown(field: &str) -> Self {
        Self::Flawed(Flaw::at(field, FlawKind::Unknown))
    }
}

/// Takes `step` on the report `id`, which the officer last saw at `seen`. Of two officers who saw
/// the same version one wins, the other is told the new version.
///
/// # Errors
/// [`ActError`] when it is not in the officer's scope, has changed, or stands where this cannot be
/// done.
pub fn act(
    tx: &mut impl Registry,
    office: &Office,
    officer: &Officer,
    (id, seen): (ReportId, Version),
    step: Step,
) -> Result<Report, ActError> {
    let action = step.action();
    let report = seen_at(tx, officer, id, seen)?;
    let (before, since) = (report.assignee, report.status_since);
    let mut report = report.after(action, Actor::Officer, office.now.at)?;
    if action == Action::Answer {
        office.go_on(&mut report, since);
    }
    let words = apply(tx, office, officer, &mut report, step)?;
    keep(tx, office, officer, &mut report, (action, seen), words)?;
    if action == Action::Recategorise && report.visibility == Visibility::Sealed {
        release_followers(tx, office, report.id)?;
    }
    follow_up(tx, office, officer, &report, (action, before))?;
    Ok(report)
}

/// Keeps what became of `report`, with what was said, and that the officer did it.
pub(super) fn keep(
    tx: &mut impl Registry,
    office: &Office,
    officer: &Officer,
    report: &mut Report,
    (action, seen): (Action, Version),
    words: Option<String>,
) -> Result<(), ActError> {
    let by = Doer::Staff(officer.staff().id);
    match office.keep(tx, report, seen, (action, by), words) {
        Err(StoreError::Stale) => {
            let now = in_scope(tx, officer, report.id)?.version;
            return Err(ActError::Stale(now));
        }
        kept => kept?,
    }
    audit::record(tx, &office.now, officer.staff(), action.event(), &report.id, None)?;
    Ok(())
}

/// The report `id`, if it is in the officer's scope and still at the version that was `seen`.
pub(crate) fn seen_at(
    tx: &mut impl FeedbackRepository,
    officer: &Officer,
    id: ReportId,
    seen: Version,
) -> Result<Report, ActError> {
    let report = in_scope(tx, officer, id)?;
    if report.version == seen { Ok(report) } else { Err(ActError::Stale(report.version)) }
}

/// The report `id`, if it is in the officer's scope.
///
/// # Errors
/// [`ActError::NotFound`] if it is not, or there is none.
pub fn in_scope(
    tx: &mut impl FeedbackRepository,
    officer: &Officer,
    id: ReportId,
) -> Result<Report, ActError> {
    let reached = |report: &Report| officer.staff().reaches(&report.agency);
    tx.find(id)?.filter(reached).ok_or(ActError::NotFound)
}

/// Makes of `report` what `step` says beyond the table, and hands back what was said with it.
fn apply(
    tx: &mut impl Registry,
    office: &Office,
    officer: &Officer,
    report: &mut Report,
    step: Step,
) -> Result<Option<String>, ActError> {
    match step {
        Step::Assign(to) => assign(tx, officer, report, to)?,
        Step::Ask(saying) | Step::Answer(saying) | Step::Note(saying) => {
            return Ok(Some(saying.into_text()));
        }
        Step::Resolve(answer, shown) => {
            prove(tx, office, report, &shown)?;
            report.answer = Some(answer.into_text());
            return Ok(report.answer.clone());
        }
        Step::Reject(rejection) => {
            let words = rejection.to_string();
            report.rejection = Some(rejection);
            return Ok(Some(words));
        }
        Step::Transfer(agency, reason) => {
            transfer(office, report, agency)?;
            return Ok(Some(reason.into_text()));
        }
        Step::Recategorise { category, mistaken } => {
            if mistaken {
                correct_track(office, officer, report)?;
            }
            recategorise(office, report, &category)?;
        }
        Step::Extend(more, reason) => {
            extend(office, report, more)?;
            return Ok(Some(reason.into_text()));
        }
        Step::Prioritise(urgency, reason) => {
            pressing::weigh(office, report, urgency)?;
            return Ok(Some(format!("{}: {}", urgency.as_str(), reason.into_text())));
        }
        Step::Merge(into) => merge(tx, office, officer, report, into)?,
        Step::Unmerge => report.merged_into = None,
        Step::Accept | Step::Start | Step::Publish | Step::Hide => {}
    }
    Ok(None)
}

/// Links what is `shown` of what was done. Where the category wants to see it, a photo is there: what
/// was shown before its reporter had it opened again proves nothing any more.
fn prove(
    tx: &mut impl MediaRepository,
    office: &Office,
    report: &Report,
    shown: &Attachment,
) -> Result<(), ActError> {
    let to = (Subject::report(report.id), Stage::After);
    let linked = match attach(tx, (&office.now, &*office.hasher), shown, to, true) {
        Err(AttachError::Unknown(places)) => {
            let flaw = Flaw::unknown_media(&places).into_iter().next();
            return Err(flaw.map_or(ActError::NotFound, ActError::Flawed));
        }
        Err(AttachError::Store(error)) => return Err(error.into()),
        Ok(linked) => linked,
    };
    let category = office.categories.find(&report.category);
    if !category.is_some_and(|category| category.after_photo_required) {
        return Ok(());
    }
    let reopened = report.course.reopened_at;
    let lately = |one: &Media| reopened.is_none_or(|at| one.linked_at > Some(at));
    let after = |one: &Media| one.stage == Stage::After && one.is_photo() && lately(one);
    if linked.iter().any(Media::is_photo) || media::of_report(tx, report.id)?.iter().any(after) {
        return Ok(());
    }
    Err(ActError::Flawed(Flaw::at("media_ids", FlawKind::Missing)))
}

fn assign(
    tx: &mut impl StaffRepository,
    officer: &Officer,
    report: &mut Report,
    to: Assignment,
) -> Result<(), ActError> {
    let agencies = &officer.staff().agencies;
    report.assignee = match to {
        Assignment::Myself => Some(officer.staff().id),
        Assignment::Person(id) => {
            let answers = |colleague: &Officer| {
                policy::reaches(agencies, &colleague.staff().agency, &report.agency)
            };
            tx.staff_member(id)?
                .and_then(|member| Officer::try_from(member.active()?).ok())
                .filter(answers)
                .ok_or_else(|| ActError::unknown("assignee"))?;
            Some(id)
        }
        Assignment::Unit(unit) => {
            if !agencies.is_within(&unit, &report.agency) {
                return Err(ActError::unknown("agency"));
            }
            report.agency = unit;
            None
        }
    };
    Ok(())
}

fn transfer(office: &Office, report: &mut Report, agency: AgencyCode) -> Result<(), ActError> {
    if agency == report.agency || office.agencies.find(&agency).is_none() {
        return Err(ActError::unknown("agency"));
    }
    report.agency = agency;
    report.assignee = None;
    report.course.transfers = report.course.transfers.saturating_add(1);
    Ok(())
}

/// What is more pressing than was said is due earlier; what is less pressing is due as promised.
/// What was sealed stays sealed, whatever it is called now; nothing follows it any more. What turns out
/// to be a complaint or a denunciation begins anew with whoever answers those.
fn recategorise(office: &Office, report: &mut Report, code: &str) -> Result<(), ActError> {
    let category = office.categories.find(code).filter(|category| category.selectable);
    let category = category.ok_or_else(|| ActError::unknown("category"))?;
    report.category.clone_from(&category.code);
    if report.status == Status::NeedsInfo && category.legal_track.is_some() {
        office.go_on(report, report.status_since);
    }
    if !report.course.weighed {
        report.course.urgency = category.urgency;
    }
    let due_at = office.due(category, report.course.urgency, office.now.at);
    report.promise(report.due_at.min(due_at));
    if category.legal_track.is_some() {
        let route = office.route(Routed {
            category,
            commune: report.commune,
            outside: report.course.outside_province,
            text: &report.text,
            business: report.course.business.is_some(),
        });
        if route.agency != report.agency {
            report.agency = route.agency;
            report.assignee = None;
            report.course.returns_to = None;
            report.stand(Status::Submitted, office.now.at);
        }
    }
    report.course.legal_track = category.legal_track.or(report.course.legal_track);
    if category.visibility == Visibility::Sealed {
        report.visibility = Visibility::Sealed;
        report.published_at = None;
    }
    Ok(())
}

/// What was taken for a complaint or a denunciation by its words, and is none: a supervisor says so. What
/// its category seals stays sealed.
fn correct_track(office: &Office, officer: &Officer, report: &mut Report) -> Result<(), ActError> {
    if officer.staff().role != Role::AgencyManager {
        return Err(ActError::OutOfReach);
    }
    let category = office.categories.find(&report.category);
    let seals = category.is_none_or(|category| category.visibility == Visibility::Sealed);
    if seals || report.course.legal_track.take().is_none() {
        return Err(ActError::unknown("not_legal"));
    }
    if report.visibility == Visibility::Sealed {
        report.visibility = Visibility::Hidden;
    }
    Ok(())
}

fn extend(office: &Office, report: &mut Report, more: MoreTime) -> Result<(), ActError> {
    let promised = report.due_at;
    let due_at = match more {
        MoreTime::Days(days) => office.calendar.due(promised, Allowance::WorkingDays(days)),
        MoreTime::Until(until) if until > promised && until - promised <= LATEST => until,
        MoreTime::Until(_) => {
            return Err(ActError::Flawed(Flaw::at("due_at", FlawKind::OutOfRange)));
        }
    };
    report.promise(due_at);
    report.course.extended_from = Some(promised);
    Ok(())
}

/// `report` follows the report `into` from now on. The leading report changes, too, so that of two
/// that are merged into each other one stays.
fn merge(
    tx: &mut (impl FeedbackRepository + NoticeBoard),
    office: &Office,
    officer: &Officer,
    report: &mut Report,
    into: ReportId,
) -> Result<(), ActError> {
    let leads = |leading: &Report| {
        leading.id != report.id
            && !matches!(leading.status, Status::Merged | Status::Withdrawn)
            && [leading.visibility, report.visibility].iter().all(|&it| it != Visibility::Sealed)
    };
    let leading = in_scope(tx, officer, into).ok().filter(leads);
    let mut leading = leading.ok_or_else(|| ActError::unknown("into"))?;
    let seen = leading.version;
    leading.touch(office.now.at);
    tx.save(&leading, seen)?;
    office.post(tx, &leading)?;
    report.merged_into = Some(into);
    Ok(())
}

/// Tells the colleague who got the report, and the supervisor of one that nobody wants.
fn follow_up(
    tx: &mut impl Registry,
    office: &Office,
    officer: &Officer,
    report: &Report,
    (action, before): (Action, Option<StaffId>),
) -> Result<(), StoreError> {
    let now = &office.now;
    if let (Action::Assign, Some(assignee)) = (action, report.assignee)
        && report.assignee != before
        && assignee != officer.staff().id
    {
        let text = format!("Bạn được giao phản ánh {}.", report.code);
        notification::tell(tx, now, assignee.uuid(), (action.event(), text), report.id.uuid())?;
    }
    if action == Action::Transfer && report.course.transfers >= BOUNCES {
        let text = format!(
            "Phản ánh {} đã bị chuyển {} lần, cần chỉ định cơ quan xử lý.",
            report.code, report.course.transfers
        );
        let above = office.above(&report.agency);
        office.alert_supervisors(tx, &above, report, ("feedback.bounced", text))?;
    }
    Ok(())
}
