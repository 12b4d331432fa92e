//! What officers do with the media of a report.

use super::{
    AttachError, Attachment, Media, MediaId, MediaRepository, Moderation, Stage, Subject,
    SubjectKind, attach,
};
use crate::{
    StoreError, audit,
    feedback::{ActError, Doer, Office, Registry, Report, ReportId, Version, seen_at},
    identity::Officer,
};

/// What an officer decides about one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Strangers may see it, once the report is published.
    Approve,
    /// They may not.
    Hide,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum ModerateError {
    /// The report has no such media.
    #[error("no such media of this report")]
    NoSuchMedia,
    /// It cannot be shown to strangers, for there is no rendition without metadata.
    #[error("its metadata cannot be removed")]
    NotClean,
    /// What was named could not be linked.
    #[error(transparent)]
    Attach(#[from] AttachError),
    /// It is not in the officer's scope, or has changed.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl From<StoreError> for ModerateError {
    fn from(error: StoreError) -> Self {
        Self::Act(error.into())
    }
}

impl Subject {
    /// A report.
    #[must_use]
    pub const fn report(id: ReportId) -> Self {
        Self { kind: SubjectKind::Report, id: id.uuid() }
    }
}

/// What belongs to a report, in the order in which it was linked.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn of_report(tx: &mut impl MediaRepository, id: ReportId) -> Result<Vec<Media>, StoreError> {
    tx.media_of(Subject::report(id))
}

/// Decides whether strangers may see one of the media of a report, which the officer last saw at
/// `seen`.
///
/// # Errors
/// [`ModerateError::NotClean`] when strangers would see its metadata.
pub fn moderate<T: Registry + MediaRepository>(
    tx: &mut T,
    office: &Office,
    officer: &Officer,
    (id, seen): (ReportId, Version),
    (media, verdict): (MediaId, Verdict),
) -> Result<(Report, Vec<Media>), ModerateError> {
    let mut report = seen_at(tx, officer, id, seen)?;
    let mine = |media: &Media| media.is_whole() && media.subject == Some(Subject::report(id));
    let media = tx.media(media)?.filter(mine).ok_or(ModerateError::NoSuchMedia)?;
    let (moderation, event) = match verdict {
        Verdict::Approve if !media.clean => return Err(ModerateError::NotClean),
        Verdict::Approve => (Moderation::Approved, "feedback.media_approved"),
        Verdict::Hide => (Moderation::Hidden, "feedback.media_hidden"),
    };
    tx.save_media(&Media { moderation, ..media.clone() }, &media)?;
    keep(tx, office, officer, &mut report, (seen, event))?;
    Ok((report, of_report(tx, id)?))
}

/// Links what an officer uploaded to a report, which they last saw at `seen`.
///
/// # Errors
/// [`ModerateError`] when it is not in their scope, has changed, or there is nothing to link.
pub fn add_at_desk<T: Registry + MediaRepository>(
    tx: &mut T,
    office: &Office,
    officer: &Officer,
    (id, seen): (ReportId, Version),
    (attachment, stage): (&Attachment, Stage),
) -> Result<(Report, Vec<Media>), ModerateError> {
    let mut report = seen_at(tx, officer, id, seen)?;
    let moment = (&office.now, &*office.hasher);
    attach(tx, moment, attachment, (Subject::report(id), stage), true)?;
    keep(tx, office, officer, &mut report, (seen, "feedback.media_added"))?;
    Ok((report, of_report(tx, id)?))
}

fn keep(
    tx: &mut impl Registry,
    office: &Office,
    officer: &Officer,
    report: &mut Report,
    (seen, event): (Version, &'static str),
) -> Result<(), ActError> {
    let by = Doer::Staff(officer.staff().id);
    match office.keep_beside(tx, report, seen, (event, by)) {
        Err(StoreError::Stale) => return Err(ActError::Stale(report.version)),
        kept => kept?,
    }
    audit::record(tx, &office.now, officer.staff(), event, &report.id, None)?;
    Ok(())
}
