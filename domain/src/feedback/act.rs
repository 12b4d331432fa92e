//! What officers do with a report.

use super::{
    Action, Actor, FeedbackRepository, Flaw, FlawKind, ListKey, NotAllowed, QueueFilter, Rejection,
    RejectionReason, Report, ReportId, Stretch, Version, announce,
    follow_up::tell_reporter,
    submission::{length_flaw, optional},
};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::AgencyCode,
    event::EventLog,
    identity::{Officer, StaffId, StaffRepository, policy},
    notification::{self, Inbox},
    page::Page,
    text,
};

/// The most characters of an answer.
const ANSWER: usize = 4_000;
/// The most characters of where to go instead.
const GO_TO: usize = 500;

/// Who gets a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// The officer who says so.
    Myself,
    /// Another officer, of the same agency or of one above.
    Person(StaffId),
    /// Another agency; its people decide who. The first due date stands.
    Agency(AgencyCode),
}

/// The answer to a report: 1 to 4,000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer(String);

impl Answer {
    /// The answer in `text`, in NFC.
    ///
    /// # Errors
    /// What is wrong with its length.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let text = text::paragraphs(text);
        length_flaw("answer", &text, ANSWER).map_or(Ok(Self(text)), Err)
    }
}

impl Rejection {
    /// A refusal for `reason`, with where to go instead in at most 500 characters.
    ///
    /// # Errors
    /// What is wrong with the length.
    pub fn parse(reason: RejectionReason, go_to: Option<&str>) -> Result<Self, Flaw> {
        let mut flaws = Vec::new();
        let go_to = optional(("go_to", GO_TO), go_to, &mut flaws);
        flaws.pop().map_or(Ok(Self { reason, go_to }), Err)
    }
}

/// One step of an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The agency takes the report on.
    Accept,
    /// Somebody gets it.
    Assign(Assignment),
    /// Work begins.
    Start,
    /// It is answered.
    Resolve(Answer),
    /// It is not taken on.
    Reject(Rejection),
    /// Strangers may see it.
    Publish,
    /// Strangers may no longer see it.
    Hide,
}

impl Step {
    const fn action(&self) -> Action {
        match self {
            Self::Accept => Action::Accept,
            Self::Assign(_) => Action::Assign,
            Self::Start => Action::Start,
            Self::Resolve(_) => Action::Resolve,
            Self::Reject(_) => Action::Reject,
            Self::Publish => Action::Publish,
            Self::Hide => Action::Hide,
        }
    }
}

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
    /// What the step says does not fit.
    #[error("{0:?}")]
    Flawed(Flaw),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes `step` on the report `id`, which the officer last saw at `seen`. Of two officers who saw
/// the same version one wins, the other is told the new version.
///
/// # Errors
/// [`ActError`] when it is not in the officer's scope, has changed, or stands where this cannot be
/// done.
pub fn act(
    tx: &mut (impl FeedbackRepository + StaffRepository + EventLog + Inbox + AuditLog),
    now: &Moment,
    officer: &Officer,
    (id, seen): (ReportId, Version),
    step: Step,
) -> Result<Report, ActError> {
    let report = in_scope(tx, officer, id)?;
    if report.version != seen {
        return Err(ActError::Stale(report.version));
    }
    let action = step.action();
    let mut report = report.after(action, Actor::Officer, now.at)?;
    match step {
        Step::Assign(to) => assign(tx, officer, &mut report, to)?,
        Step::Resolve(Answer(answer)) => report.answer = Some(answer),
        Step::Reject(rejection) => report.rejection = Some(rejection),
        Step::Accept | Step::Start | Step::Publish | Step::Hide => {}
    }
    match tx.save(&report, seen) {
        Err(StoreError::Stale) => {
            return Err(ActError::Stale(in_scope(tx, officer, id)?.version));
        }
        saved => saved?,
    }
    audit::record(tx, now, officer.staff(), action.event(), &id, None)?;
    announce(tx, now, &report, action.event())?;
    tell_reporter(tx, now, &report, action)?;
    if let (Action::Assign, Some(assignee)) = (action, report.assignee)
        && assignee != officer.staff().id
    {
        let text = format!("Bạn được giao phản ánh {}.", report.code);
        notification::tell(tx, now, assignee.uuid(), (action.event(), text), id.uuid())?;
    }
    Ok(report)
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

/// A stretch of the reports in the officer's scope that fit `filter`, the one due first first.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn queue(
    tx: &mut impl FeedbackRepository,
    officer: &Officer,
    filter: QueueFilter,
    stretch: Stretch,
) -> Result<Page<Report, ListKey>, StoreError> {
    let agencies = officer.staff().scope().and(filter.agencies);
    tx.queue(&QueueFilter { agencies, ..filter }, stretch)
}

fn assign(
    tx: &mut impl StaffRepository,
    officer: &Officer,
    report: &mut Report,
    to: Assignment,
) -> Result<(), ActError> {
    report.assignee = match to {
        Assignment::Myself => Some(officer.staff().id),
        Assignment::Person(id) => {
            let agencies = &officer.staff().agencies;
            let answers = |colleague: &Officer| {
                policy::reaches(agencies, &colleague.staff().agency, &report.agency)
            };
            tx.staff_member(id)?
                .and_then(|member| Officer::try_from(member.active()?).ok())
                .filter(answers)
                .ok_or(ActError::Flawed(Flaw::at("assignee", FlawKind::Unknown)))?;
            Some(id)
        }
        Assignment::Agency(agency) => {
            report.agency = agency;
            None
        }
    };
    Ok(())
}
