//! Taking a report in.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Circle, Course, Doer, FeedbackRepository, Flaw, FlawKind, Head, History, LegalTrack, Office,
    Report, ReportId, Status, Submission, TrackingCode, Version, Visibility, legal,
    split::SUBMITTED,
};
use crate::{
    StoreError,
    directory::AgencyCode,
    event::EventLog,
    identity::CitizenId,
    media::{AttachError, Attachment, Media, MediaRepository, Stage, Subject, attach},
    territory::Position,
};

/// How near something similar has to be to be shown, in metres.
const SIMILAR_WITHIN_M: f64 = 200.0;
/// How long ago it may have been reported.
const SIMILAR_SINCE: TimeDelta = TimeDelta::days(30);
/// At most so many are shown.
pub(super) const SIMILAR_LIMIT: usize = 5;
/// How often a code is drawn anew where the one drawn is taken.
const DRAWS: usize = 16;

/// What a reporter gets back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// The id of the report.
    pub id: ReportId,
    /// The code to write down.
    pub code: TrackingCode,
    /// Where it stands.
    pub status: Status,
    /// By when it has to be answered.
    pub due_at: DateTime<Utc>,
    /// Who has to answer.
    pub agency: AgencyCode,
    /// The statutory way that it has to take.
    pub legal_track: Option<LegalTrack>,
    /// What may be about the same thing.
    pub possible_duplicates: Vec<Similar>,
}

/// A report near another one, of the same category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Similar {
    /// Its id.
    pub id: ReportId,
    /// Its code.
    pub code: TrackingCode,
    /// Its headline.
    pub title: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// When it arrived.
    pub submitted_at: DateTime<Utc>,
    /// How far it is, in metres.
    pub distance_m: f64,
}

/// Why a report was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Its id names another report, and the caller did not prove to be its reporter.
    #[error("the id is taken")]
    IdTaken,
    /// What it names cannot be linked to it.
    #[error("{0:?}")]
    Flawed(Vec<Flaw>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes `submission` in, and hands it to the agency that has to answer. Sent again under the
/// same id by the same citizen it changes nothing, and is answered from what was kept.
///
/// # Errors
/// [`SubmitError::IdTaken`] when the id names a report of somebody else or of nobody.
pub fn submit(
    tx: &mut (impl FeedbackRepository + History + EventLog + MediaRepository),
    office: &Office,
    mut submission: Submission,
) -> Result<Submitted, SubmitError> {
    let media = std::mem::take(&mut submission.media);
    let photo_required = submission.category.photo_required;
    let mut report = submission.into_report(office);
    for _ in 0..DRAWS {
        if office.open(tx, &mut report, (SUBMITTED, Doer::Reporter))? {
            link(tx, office, &report, &media, photo_required)?;
            return receipt(tx, report);
        }
        if let Some(known) = tx.find(report.id)? {
            let sender = report.reporter.citizen();
            return if sender.is_some() && known.reporter.citizen() == sender {
                receipt(tx, known)
            } else {
                Err(SubmitError::IdTaken)
            };
        }
        report.code = TrackingCode::draw(&office.now);
        report.head = Head::START;
    }
    Err(StoreError::Unavailable("no tracking code is left for today".to_owned()).into())
}

/// Links to `report` what came with it. Whoever wants to stay unknown is not kept with it either.
fn link(
    tx: &mut impl MediaRepository,
    office: &Office,
    report: &Report,
    media: &Attachment,
    photo_required: bool,
) -> Result<(), SubmitError> {
    let to = (Subject::report(report.id), Stage::Before);
    let named = report.reporter.citizen().is_some();
    let linked = attach(tx, (&office.now, &*office.hasher), media, to, named);
    let linked = linked.map_err(|error| match error {
        AttachError::Unknown(places) => SubmitError::Flawed(Flaw::unknown_media(&places)),
        AttachError::Store(error) => error.into(),
    })?;
    if photo_required && !linked.iter().any(Media::is_photo) {
        return Err(SubmitError::Flawed(vec![Flaw::at("media_ids", FlawKind::Missing)]));
    }
    Ok(())
}

impl Submission {
    /// What asks by its words for a statutory way is sealed as what is of its category.
    fn into_report(self, office: &Office) -> Report {
        let now = &office.now;
        let legal_track = self.category.legal_track.or_else(|| legal::legal_track(&self.text));
        Report {
            id: self.id.unwrap_or_else(|| now.new_id()),
            code: TrackingCode::draw(now),
            version: Version(1),
            agency: self.category.responsible.agency(self.commune),
            due_at: office.calendar.due(now.at, self.category.deadline),
            visibility: match legal_track {
                Some(_) => Visibility::Sealed,
                None => self.category.visibility,
            },
            category: self.category.code.clone(),
            title: self.title,
            text: self.text,
            position: self.position,
            commune: self.commune,
            address: self.address,
            attributes: self.attributes,
            reporter: self.reporter,
            assignee: None,
            status: Status::Submitted,
            status_since: now.at,
            published_at: None,
            answer: None,
            rejection: None,
            submitted_at: now.at,
            updated_at: now.at,
            resolved_at: None,
            merged_into: None,
            course: Course { legal_track, ..Course::default() },
            head: Head::START,
        }
    }
}

fn receipt(tx: &mut impl FeedbackRepository, report: Report) -> Result<Submitted, SubmitError> {
    let possible_duplicates = match report.position {
        Some(position) => similar(tx, &report, position)?,
        None => Vec::new(),
    };
    Ok(Submitted {
        id: report.id,
        code: report.code,
        status: report.status,
        due_at: report.due_at,
        agency: report.agency,
        legal_track: report.course.legal_track,
        possible_duplicates,
    })
}

/// Where, and since when, something may be about the same thing as what is reported `at` that time.
pub(super) fn nearby(position: Position, at: DateTime<Utc>) -> (Circle, DateTime<Utc>) {
    (Circle { centre: position, radius_m: SIMILAR_WITHIN_M }, at - SIMILAR_SINCE)
}

/// What may be about the same thing and the reporter may see: published reports, and their own.
fn similar(
    tx: &mut impl FeedbackRepository,
    report: &Report,
    position: Position,
) -> Result<Vec<Similar>, StoreError> {
    let (circle, since) = nearby(position, report.submitted_at);
    let own: Option<CitizenId> = report.reporter.citizen();
    let near = tx.similar(&report.category, circle, since, own, SIMILAR_LIMIT + 1)?;
    let others = near.into_iter().filter(|(other, _)| other.id != report.id);
    Ok(others
        .take(SIMILAR_LIMIT)
        .map(|(other, distance_m)| Similar::of(other, distance_m))
        .collect())
}

impl Similar {
    pub(super) fn of(report: Report, distance_m: f64) -> Self {
        Self {
            id: report.id,
            code: report.code,
            title: report.title,
            status: report.status,
            submitted_at: report.submitted_at,
            distance_m,
        }
    }
}
