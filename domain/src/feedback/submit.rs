//! Taking a report in.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Channel, Circle, Course, Doer, FeedbackRepository, Flaw, FlawKind, Head, History, Intake,
    IntakeRepository, LegalTrack, NoticeBoard, Office, PublicReport, Registry, Report, ReportId,
    Status, Subject, Submission, TrackingCode, Version, Visibility, legal, pressing::Placed,
    split::SUBMITTED,
};
use crate::{
    Moment, StoreError, audit,
    directory::AgencyCode,
    event::EventLog,
    identity::{Officer, business::BusinessError},
    media::{self, AttachError, Attachment, Media, MediaRepository, Stage, attach},
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
    /// What it names is not there for the caller, or cannot be linked to it.
    #[error("{0:?}")]
    Flawed(Vec<Flaw>),
    /// The caller may not report for the business.
    #[error(transparent)]
    Business(#[from] BusinessError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A report on its way in, with the id and the code that it will have, and what comes with it.
#[derive(Clone, Debug)]
pub struct Incoming {
    report: Report,
    media: Attachment,
    photo_required: bool,
    intake: Intake,
}

/// Takes `incoming` in, and hands it to the agency that has to answer. Sent again under the same id
/// by the same citizen, or tried again by the service, it changes nothing, and is answered from
/// what was kept.
///
/// # Errors
/// [`SubmitError::IdTaken`] when the id names a report of somebody else or of nobody.
pub fn submit(
    tx: &mut (
             impl FeedbackRepository
             + IntakeRepository
             + History
             + EventLog
             + NoticeBoard
             + MediaRepository
         ),
    office: &Office,
    Incoming { report, media, photo_required, intake }: &Incoming,
) -> Result<Submitted, SubmitError> {
    let mut report = report.clone();
    let drawn = report.code.clone();
    let by = intake.taken_by.map_or(Doer::Reporter, Doer::Staff);
    for _ in 0..DRAWS {
        if office.open(tx, &mut report, (SUBMITTED, by))? {
            link(tx, office, &report, media, *photo_required)?;
            if intake.is_notable() {
                tx.add_intake(report.id, office.now.at, intake)?;
            }
            return receipt(tx, office, report);
        }
        if let Some(known) = tx.find(report.id)? {
            // Nobody else can know the code that was drawn for it.
            return if known.code == drawn || is_of_sender(tx, &known, (&report, intake))? {
                receipt(tx, office, known)
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
    let to = (media::Subject::report(report.id), Stage::Before);
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

/// Takes in what an officer writes down for somebody at a counter or on the telephone.
///
/// # Errors
/// As [`submit`]; sent again under the same id it has to be by the same officer.
pub fn submit_at_desk(
    tx: &mut impl Registry,
    office: &Office,
    officer: &Officer,
    submission: Submission,
) -> Result<Submitted, SubmitError> {
    let submitted = submit(tx, office, &submission.incoming(office))?;
    audit::record(tx, &office.now, officer.staff(), "feedback.taken", &submitted.id, None)?;
    Ok(submitted)
}

/// Whether whoever sent `report` sent the `known` one: the same citizen, a system of the same
/// business, or the same officer.
fn is_of_sender(
    tx: &mut impl IntakeRepository,
    known: &Report,
    (report, intake): (&Report, &Intake),
) -> Result<bool, StoreError> {
    if let Some(officer) = intake.taken_by {
        let before = tx.intake_of(known.id)?;
        return Ok(before.is_some_and(|before| before.taken_by == Some(officer)));
    }
    if intake.channel == Channel::Business {
        let business = |report: &Report| report.course.business.map(|business| business.id);
        let by_system = known.course.channel == Channel::Business;
        return Ok(by_system && business(known) == business(report));
    }
    let sender = report.reporter.citizen();
    Ok(sender.is_some() && known.reporter.citizen() == sender)
}

impl Submission {
    /// The same with the id and the code that it will have, so that it can be taken in again where it
    /// is not known whether it was.
    #[must_use]
    pub fn drawn(self, now: &Moment) -> Self {
        let id = Some(self.id.unwrap_or_else(|| now.new_id()));
        Self { id, code: Some(TrackingCode::draw(now)), ..self }
    }

    /// The report that it becomes. What asks by its words for a statutory way is sealed as what is
    /// of its category.
    #[must_use]
    pub fn incoming(self, office: &Office) -> Incoming {
        let now = &office.now;
        // Who stands at a counter or is on the telephone has no photo with them.
        let photo_required = self.photo_required && self.intake.taken_by.is_none();
        let said = [self.title.as_deref().unwrap_or_default(), &self.text].join("\n");
        let legal_track = self.category.legal_track.or_else(|| legal::legal_track(&said));
        let subject = Subject {
            category: &self.category,
            commune: self.commune,
            outside: self.outside,
            text: &said,
            business: self.intake.business.is_some(),
        };
        let Placed { agency, urgency, weighed, due_at } = office.placed(subject);
        let report = Report {
            id: self.id.unwrap_or_else(|| now.new_id()),
            code: self.code.unwrap_or_else(|| TrackingCode::draw(now)),
            version: Version(1),
            agency,
            due_at,
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
            course: Course {
                legal_track,
                category_version: Some(self.category_version),
                outside_province: self.outside,
                channel: self.intake.channel,
                business: self.intake.business,
                blurred: self.blurred,
                confidential: self.confidential,
                urgency,
                weighed,
                ..Course::default()
            },
            head: Head::START,
        };
        Incoming { report, media: self.media, photo_required, intake: self.intake }
    }
}

fn receipt(
    tx: &mut (impl FeedbackRepository + NoticeBoard),
    office: &Office,
    report: Report,
) -> Result<Submitted, SubmitError> {
    let possible_duplicates = match report.position {
        Some(position) => similar(tx, office, &report, position)?,
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

/// What may be about the same thing and the reporter may see: published reports, as far from it as
/// strangers see them, and their own. The nearest come first.
fn similar(
    tx: &mut (impl FeedbackRepository + NoticeBoard),
    office: &Office,
    report: &Report,
    position: Position,
) -> Result<Vec<Similar>, StoreError> {
    let (circle, since) = nearby(position, report.submitted_at);
    let category = report.category.as_str();
    let mut near: Vec<Similar> = match report.reporter.citizen() {
        Some(own) => {
            let own = tx.own_near(own, category, circle, since, SIMILAR_LIMIT + 1)?;
            own.into_iter().map(|(report, distance_m)| Similar::of(report, distance_m)).collect()
        }
        None => Vec::new(),
    };
    for (shown, distance_m) in shown_near(tx, office, category, (circle, since), SIMILAR_LIMIT + 1)?
    {
        if near.iter().all(|known| known.id != shown.id) {
            near.push(Similar::shown(shown, distance_m));
        }
    }
    near.retain(|other| other.id != report.id);
    near.sort_by(|one, other| one.distance_m.total_cmp(&other.distance_m));
    near.truncate(SIMILAR_LIMIT);
    Ok(near)
}

/// What of one category is shown near by and arrived lately, the nearest first, each with its
/// distance in whole metres.
pub(super) fn shown_near(
    tx: &mut impl NoticeBoard,
    office: &Office,
    category: &str,
    (circle, since): (Circle, DateTime<Utc>),
    limit: usize,
) -> Result<Vec<(PublicReport, f64)>, StoreError> {
    let near = office.vicinity.published_near(category, circle, since, limit);
    if near.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<_> = near.iter().map(|(place, _)| *place).collect();
    let distance =
        |place| near.iter().find(|(known, _)| *known == place).map(|(_, metres)| *metres);
    let shown = tx.shown_at(&places)?.into_iter();
    Ok(shown.filter_map(|(place, report)| Some((report, distance(place)?.round()))).collect())
}

impl Similar {
    fn of(report: Report, distance_m: f64) -> Self {
        Self {
            id: report.id,
            code: report.code,
            title: report.title,
            status: report.status,
            submitted_at: report.submitted_at,
            distance_m,
        }
    }

    pub(super) fn shown(report: PublicReport, distance_m: f64) -> Self {
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
