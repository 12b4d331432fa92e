//! What reporters do with their own report.

use super::{
    Action, Actor, Doer, Ending, FeedbackRepository, Flaw, FlawKind, NotAllowed, Office, Rating,
    Registry, Report, ReportId, Saying, Status, TrackingCode, legal_track,
    release::release_followers,
};
use crate::{
    StoreError,
    identity::CitizenId,
    media::{AttachError, Attachment, MOST_ATTACHED, MediaRepository, Stage, Subject, attach},
    secret::{Digest, Hasher, Purpose},
};

/// How often an answer may be rated that waits for it.
pub(super) const RATINGS: u8 = 5;
/// How often a report may be opened again.
pub const REOPENINGS: u8 = 2;

/// How somebody shows that a report is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// By being signed in as its reporter.
    Citizen(CitizenId),
    /// By the token that was given out when it arrived.
    Token(Digest),
}

impl Claim {
    pub(crate) fn holds(self, hasher: &dyn Hasher, report: &Report) -> bool {
        match self {
            Self::Citizen(id) => report.reporter.citizen() == Some(id),
            Self::Token(token) => {
                !report.course.disowned && token == tracking_token(hasher, report.id)
            }
        }
    }
}

/// The token by which the reporter follows the report `id`. It is computed, never stored.
#[must_use]
pub fn tracking_token(hasher: &dyn Hasher, id: ReportId) -> Digest {
    hasher.digest(Purpose::FeedbackToken, &[id.uuid().as_bytes()])
}

/// The report with this code, if it is the caller's.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn track(
    tx: &mut impl FeedbackRepository,
    hasher: &dyn Hasher,
    code: &TrackingCode,
    claim: Claim,
) -> Result<Option<Report>, StoreError> {
    Ok(tx.find_by_code(code)?.filter(|report| claim.holds(hasher, report)))
}

/// What a reporter does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// They take the report back; nobody but them and the officers sees it any more. What follows it
    /// is on its own again.
    Withdraw,
    /// They say what was asked, and show it.
    Answer(Saying, Attachment),
    /// They say how good the answer is. Where it solved the matter, the report is closed; where it
    /// did not, that alone opens nothing again.
    Rate(Rating, Option<Saying>),
    /// The answer solved nothing, for a reason.
    Reopen(Saying),
    /// It should have been taken on, for a reason.
    Appeal(Saying),
}

impl Move {
    const fn action(&self) -> Action {
        match self {
            Self::Withdraw => Action::Withdraw,
            Self::Answer(..) => Action::Answer,
            Self::Rate(..) => Action::Rate,
            Self::Reopen(_) => Action::Reopen,
            Self::Appeal(_) => Action::Appeal,
        }
    }
}

/// Why a reporter could not do something.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// No such report of the caller's.
    #[error("no such report")]
    NotFound,
    /// It does not stand where this could be done.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// What it names cannot be linked.
    #[error("{0:?}")]
    Flawed(Vec<Flaw>),
    /// The store failed; [`StoreError::Stale`] when an officer was quicker.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Has the reporter do something with the report `id`. Withdrawn again it stays as it is.
///
/// # Errors
/// [`MoveError`] when it is not the caller's, or stands where this cannot be done.
pub fn do_with_own(
    tx: &mut impl Registry,
    office: &Office,
    id: ReportId,
    claim: Claim,
    what: Move,
) -> Result<Report, MoveError> {
    let own = |report: &Report| claim.holds(&*office.hasher, report);
    let report = tx.find(id)?.filter(own).ok_or(MoveError::NotFound)?;
    let action = what.action();
    if action == Action::Withdraw && report.status == Status::Withdrawn {
        return Ok(report);
    }
    let (seen, since) = (report.version, report.status_since);
    let mut report = report.after(action, Actor::Reporter, office.now.at)?;
    let words = match what {
        Move::Withdraw => {
            report.merged_into = None;
            None
        }
        Move::Answer(text, media) => {
            add(tx, office, &report, &media)?;
            office.go_on(&mut report, since);
            Some(text)
        }
        Move::Rate(rating, comment) => {
            settle(office, &mut report, rating);
            comment
        }
        Move::Reopen(reason) => {
            report.course.reopened = report.course.reopened.saturating_add(1);
            report.course.ratings = 0;
            rise(office, &mut report);
            Some(reason)
        }
        Move::Appeal(reason) => {
            report.course.appealed = true;
            report.rejection = None;
            rise(office, &mut report);
            Some(reason)
        }
    };
    let words = words.map(Saying::into_text);
    // Who asks for the statutory way only now is told of it: strangers do not read these words.
    let pleads = matches!(action, Action::Answer | Action::Reopen | Action::Appeal);
    let asks = words.as_deref().filter(|_| pleads).and_then(legal_track);
    report.course.legal_track = report.course.legal_track.or(asks);
    office.keep(tx, &mut report, seen, (action, Doer::Reporter), words)?;
    if action == Action::Withdraw {
        release_followers(tx, office, report.id)?;
    }
    tell_officers(tx, office, &report, action)?;
    Ok(report)
}

/// Links to `report` what its reporter shows.
fn add(
    tx: &mut impl MediaRepository,
    office: &Office,
    report: &Report,
    media: &Attachment,
) -> Result<(), MoveError> {
    if media.names.len() > MOST_ATTACHED {
        let flaw = Flaw::at("media_ids", FlawKind::TooLong(MOST_ATTACHED));
        return Err(MoveError::Flawed(vec![flaw]));
    }
    let to = (Subject::report(report.id), Stage::Before);
    let named = report.reporter.citizen().is_some();
    match attach(tx, (&office.now, &*office.hasher), media, to, named) {
        Err(AttachError::Unknown(places)) => Err(MoveError::Flawed(Flaw::unknown_media(&places))),
        Err(AttachError::Store(error)) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}

fn settle(office: &Office, report: &mut Report, rating: Rating) {
    report.course.rating = Some(rating);
    report.course.ratings = report.course.ratings.saturating_add(1);
    if rating.solved && report.status == Status::Resolved {
        report.stand(Status::Closed, office.now.at);
        report.course.ending = Some(Ending::Confirmed);
    }
}

/// The agency above takes over, and gets as long as the first one had.
fn rise(office: &Office, report: &mut Report) {
    report.agency = office.above(&report.agency);
    report.assignee = None;
    report.course.ending = None;
    if let Some(category) = office.categories.find(&report.category) {
        report.promise(office.due(category, report.course.urgency, office.now.at));
    }
}

/// Tells whoever has to go on: the officer who asked, the supervisors of the agency that takes over.
fn tell_officers(
    tx: &mut impl Registry,
    office: &Office,
    report: &Report,
    action: Action,
) -> Result<(), StoreError> {
    let (code, now) = (&report.code, &office.now);
    match (action, report.assignee) {
        (Action::Answer, Some(assignee)) => {
            let text = format!("Người dân đã bổ sung thông tin cho phản ánh {code}.");
            let what = (action.event(), text);
            crate::notification::tell(tx, now, assignee.uuid(), what, report.id.uuid())
        }
        (Action::Reopen | Action::Appeal, _) => {
            let text =
                format!("Phản ánh {code} được chuyển lên cấp trên theo yêu cầu của người dân.");
            let what = (action.event(), text);
            office.alert_supervisors(tx, &report.agency, report, what)
        }
        _ => Ok(()),
    }
}
