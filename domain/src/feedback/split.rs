//! Making a report of its own of a part of another.

use serde::{Deserialize, Serialize};

use super::{
    ActError, Action, Actor, Answers, Course, Doer, Head, Office, Registry, Report, ReportId,
    Saying, Status, Subject, TrackingCode, Version, Visibility, act, legal, pressing::Placed,
};
use crate::{StoreError, identity::Officer};

/// What becomes a report of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is about.
    pub category: String,
    /// What the reporter says of it.
    pub text: Saying,
}

/// What was made of a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitOff {
    /// Its id.
    pub id: ReportId,
    /// Its code.
    pub code: TrackingCode,
}

/// Makes a report of its own of a `part` of the report `id`, which came in the same way by the same
/// reporter at the same place, answered by whoever answers its category. What belongs to something
/// sealed is sealed, and so is what asks for a statutory way by its words.
///
/// # Errors
/// [`ActError`] when it is not in the officer's scope, has changed, or stands where this cannot be
/// done.
pub fn split(
    tx: &mut impl Registry,
    office: &Office,
    officer: &Officer,
    (id, seen): (ReportId, Version),
    part: Part,
) -> Result<SplitOff, ActError> {
    let whole = act::seen_at(tx, officer, id, seen)?;
    let mut whole = whole.after(Action::Split, Actor::Officer, office.now.at)?;
    let mut part = new_report(office, &whole, part)?;
    let by = (SUBMITTED, Doer::Staff(officer.staff().id));
    let intake = tx.intake_of(id)?;
    if !office.open(tx, &mut part, by)? {
        return Err(StoreError::Unavailable("the tracking code is taken".to_owned()).into());
    }
    if let Some(intake) = intake {
        tx.add_intake(part.id, office.now.at, &intake)?;
    }
    whole.course.parts.push(part.id);
    let words = Some(part.code.to_string());
    act::keep(tx, office, officer, &mut whole, (Action::Split, seen), words)?;
    Ok(SplitOff { id: part.id, code: part.code })
}

/// The event that tells of a new report.
pub(super) const SUBMITTED: &str = "feedback.submitted";

fn new_report(office: &Office, whole: &Report, part: Part) -> Result<Report, ActError> {
    let category = office.categories.find(&part.category).filter(|category| category.selectable);
    let category = category.ok_or_else(|| ActError::unknown("category"))?;
    let now = &office.now;
    let text = part.text.into_text();
    let legal_track = category.legal_track.or_else(|| legal::legal_track(&text));
    let sealed = whole.visibility == Visibility::Sealed || legal_track.is_some();
    let subject = Subject {
        category,
        commune: whole.commune,
        outside: whole.course.outside_province,
        text: &text,
        business: whole.course.business.is_some(),
    };
    let Placed { agency, urgency, weighed, due_at } = office.placed(subject);
    Ok(Report {
        id: now.new_id(),
        code: TrackingCode::draw(now),
        version: Version(1),
        category: category.code.clone(),
        title: None,
        text,
        position: whole.position,
        commune: whole.commune,
        address: whole.address.clone(),
        attributes: Answers::new(),
        reporter: whole.reporter,
        agency,
        assignee: None,
        status: Status::Submitted,
        status_since: now.at,
        visibility: if sealed { Visibility::Sealed } else { category.visibility },
        published_at: None,
        answer: None,
        rejection: None,
        submitted_at: now.at,
        due_at,
        updated_at: now.at,
        resolved_at: None,
        merged_into: None,
        course: Course {
            legal_track: legal_track.or(whole.course.legal_track),
            category_version: Some(category.version),
            split_from: Some(whole.id),
            outside_province: whole.course.outside_province,
            channel: whole.course.channel,
            business: whole.course.business,
            blurred: whole.course.blurred,
            confidential: whole.course.confidential,
            disowned: whole.course.disowned,
            urgency,
            weighed,
            ..Course::default()
        },
        head: Head::START,
    })
}
