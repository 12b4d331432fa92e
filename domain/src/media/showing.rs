//! Who may see what.

use uuid::Uuid;

use super::{
    Media, MediaId, MediaName, MediaRepository, Moderation, Subject, SubjectKind, Uploader,
};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    emergency::{CallerProof, EmergencyRepository},
    feedback::{self, FeedbackRepository, Visibility},
    identity::{CitizenId, Dispatcher, Officer, Staff},
    secret::{Digest, Hasher, Purpose},
};

/// What of something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendition {
    /// Small enough for a list.
    Thumb,
    /// As large as a screen.
    Screen,
    /// All of it.
    Original,
}

/// By what somebody wants to see something.
#[derive(Clone, Debug)]
pub enum Claim {
    /// By nothing.
    Nobody,
    /// As this citizen: who uploaded it, or whose report or emergency it belongs to.
    Citizen(CitizenId),
    /// As who uploaded it, or by the token that was given out with it.
    Holder(Uploader, MediaName),
    /// By the token of the report that it belongs to.
    Reporter(Digest),
    /// By the token of the emergency that it belongs to.
    Caller(Digest),
    /// As staff.
    Staff(Staff),
}

/// What somebody may see.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What it is.
    pub media: Media,
    /// Whether they see all of it; else the renditions without metadata alone.
    pub all: bool,
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// None that the caller may know of.
    #[error("no such media for this caller")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the caller may see of the media `id`. That staff opened what others see nothing of is
/// written down.
///
/// # Errors
/// [`ShowError::NotFound`] when they may not know of it.
pub fn show(
    tx: &mut (impl MediaRepository + FeedbackRepository + EmergencyRepository + AuditLog),
    (now, hasher): (&Moment, &dyn Hasher),
    id: MediaId,
    claim: &Claim,
) -> Result<Shown, ShowError> {
    let found = tx.media(id)?.filter(Media::is_whole);
    let media = found.filter(|media| !media.is_expired(now.at));
    let media = media.ok_or(ShowError::NotFound)?;
    let all = match claim {
        Claim::Nobody => false,
        Claim::Citizen(citizen) => is_citizens(tx, &media, *citizen)?,
        Claim::Holder(by, name) => name.is_held(hasher, *by, &media),
        Claim::Reporter(token) => is_reporters(tx, hasher, &media, *token)?,
        Claim::Caller(token) => is_of_token(hasher, &media, *token),
        Claim::Staff(staff) => {
            let opened = is_in_reach(tx, &media, staff)?;
            if opened {
                audit::record_opening(tx, now, staff, "media.opened", &id, None)?;
            }
            opened
        }
    };
    if all || is_public(tx, &media)? {
        return Ok(Shown { media, all });
    }
    Err(ShowError::NotFound)
}

fn subject_of(media: &Media, kind: SubjectKind) -> Option<Subject> {
    media.subject.filter(|subject| subject.kind == kind)
}

fn is_citizens(
    tx: &mut (impl FeedbackRepository + EmergencyRepository),
    media: &Media,
    citizen: CitizenId,
) -> Result<bool, StoreError> {
    if media.uploader == Uploader::Citizen(citizen) {
        return Ok(true);
    }
    let Some(report) = subject_of(media, SubjectKind::Report) else {
        return is_callers(tx, media, CallerProof::Citizen(citizen));
    };
    let report = FeedbackRepository::find(tx, report.id.into())?;
    Ok(report.is_some_and(|report| report.reporter.citizen() == Some(citizen)))
}

fn is_reporters(
    tx: &mut impl FeedbackRepository,
    hasher: &dyn Hasher,
    media: &Media,
    token: Digest,
) -> Result<bool, StoreError> {
    let Some(report) = subject_of(media, SubjectKind::Report) else { return Ok(false) };
    let report = tx.find(report.id.into())?;
    Ok(report.is_some_and(|report| feedback::Claim::Token(token).holds(hasher, &report)))
}

fn is_of_token(hasher: &dyn Hasher, media: &Media, token: Digest) -> bool {
    let of = |id: Uuid| hasher.digest(Purpose::EmergencyToken, &[id.as_bytes()]);
    subject_of(media, SubjectKind::Emergency).is_some_and(|subject| token == of(subject.id))
}

fn is_callers(
    tx: &mut impl EmergencyRepository,
    media: &Media,
    proof: CallerProof,
) -> Result<bool, StoreError> {
    let Some(subject) = subject_of(media, SubjectKind::Emergency) else { return Ok(false) };
    let emergency = tx.find(subject.id.into())?;
    Ok(emergency.is_some_and(|emergency| proof.is_of(&emergency)))
}

/// Whether the thing that it belongs to is one that `staff` answers for.
fn is_in_reach(
    tx: &mut (impl FeedbackRepository + EmergencyRepository),
    media: &Media,
    staff: &Staff,
) -> Result<bool, StoreError> {
    let uploaded = media.uploader == Uploader::Staff(staff.id);
    let Some(subject) = media.subject else { return Ok(uploaded) };
    Ok(match subject.kind {
        SubjectKind::Report => {
            let officer = Officer::try_from(staff.clone()).is_ok();
            let report = FeedbackRepository::find(tx, subject.id.into())?;
            report.is_some_and(|report| officer && staff.reaches(&report.agency))
        }
        SubjectKind::Emergency => {
            let emergency = EmergencyRepository::find(tx, subject.id.into())?;
            let dispatcher = Dispatcher::try_from(staff.clone());
            emergency
                .zip(dispatcher.ok())
                .is_some_and(|(emergency, dispatcher)| emergency.is_seen_by(&dispatcher))
        }
    })
}

/// Whether strangers may see it: an officer approved it, its metadata can be left out, and the
/// report is published.
fn is_public(tx: &mut impl FeedbackRepository, media: &Media) -> Result<bool, StoreError> {
    let Some(subject) = subject_of(media, SubjectKind::Report) else { return Ok(false) };
    if !media.clean || media.moderation != Moderation::Approved {
        return Ok(false);
    }
    let report = tx.find(subject.id.into())?;
    Ok(report.is_some_and(|report| report.visibility == Visibility::Published))
}

impl Media {
    /// Whether strangers see it with a published report.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.is_whole() && self.clean && self.moderation == Moderation::Approved
    }
}
