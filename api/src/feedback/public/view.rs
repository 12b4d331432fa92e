//! A report as strangers see it. What this does not hold, they never get.

use chrono::{DateTime, Utc};
use domain::{
    feedback::{Ending, Entry, PublicReport, Status},
    media::Media,
    territory::Position,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    feedback::{
        timeline::MilestoneView,
        view::{RatingView, RejectionView},
    },
    media::MediaView,
};

/// A published report as strangers see it. Numbers of phones, identity cards and vehicles and
/// addresses of mail are covered.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct PublicView {
    /// Its id.
    id: Uuid,
    /// The code people use for it.
    #[schema(example = "PA-261123-7K3M9Q")]
    code: String,
    /// What it is about.
    category: String,
    /// A headline.
    title: Option<String>,
    /// What the reporter says.
    text: String,
    /// Where it is, on the map.
    #[schema(value_type = Option<Object>, example = json!({ "lat": 21.5942, "lon": 105.8482 }))]
    location: Option<Position>,
    /// Whether that is only roughly where it is: the middle of a square of half a kilometre, the
    /// same for everything in it.
    location_blurred: bool,
    /// The commune it lies in.
    commune_code: Option<String>,
    /// Where it is, in words; not where the location is blurred.
    address: Option<String>,
    /// Where it stands: `submitted`, `accepted`, `assigned`, `in_progress`, `needs_info`,
    /// `resolved`, `closed`, `rejected` or `merged`.
    #[schema(value_type = String, example = "accepted")]
    status: Status,
    /// Who has to answer.
    agency: String,
    /// When it arrived.
    submitted_at: DateTime<Utc>,
    /// By when it has to be answered.
    due_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
    /// Since when it is public.
    published_at: DateTime<Utc>,
    /// The answer.
    answer: Option<String>,
    /// Why it was not taken on.
    rejection: Option<RejectionView>,
    /// By when it should have been answered before the answer got more time.
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_from: Option<DateTime<Utc>>,
    /// How it was closed: `confirmed`, `unobjected` or `unanswered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    ending: Option<Ending>,
    /// How good the reporter finds the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatingView>,
    /// How many others say that it concerns them, too.
    supports: i64,
    /// How many comments were published.
    comments: i64,
    /// How far it is from the position that was asked about, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
    /// What happened to it, oldest first; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    timeline: Option<Vec<MilestoneView>>,
    /// The photos, videos and sounds that an officer approved: `GET /v1/media/{id}` shows them.
    /// Absent in lists, and where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<MediaView>,
}

impl From<PublicReport> for PublicView {
    fn from(report: PublicReport) -> Self {
        Self {
            id: report.id.uuid(),
            code: report.code.into(),
            category: report.category,
            title: report.title,
            text: report.text,
            location: report.position,
            location_blurred: report.blurred,
            commune_code: report.commune.map(String::from),
            address: report.address,
            status: report.status,
            agency: report.agency.into(),
            submitted_at: report.submitted_at,
            due_at: report.due_at,
            updated_at: report.updated_at,
            published_at: report.published_at,
            answer: report.answer,
            rejection: report.rejection.map(RejectionView::from),
            extended_from: report.outcome.extended_from,
            ending: report.outcome.ending,
            rating: report.outcome.rating.map(RatingView::from),
            supports: report.supports,
            comments: report.comments,
            distance_m: None,
            timeline: None,
            media: Vec::new(),
        }
    }
}

impl PublicView {
    /// As it was found, with how far it is where that was asked.
    pub(super) fn found((report, distance_m): (PublicReport, Option<f64>)) -> Self {
        Self { distance_m: distance_m.map(f64::round), ..Self::from(report) }
    }

    /// With what happened so far, and what belongs to it.
    pub(super) fn with(report: PublicReport, mut history: Vec<Entry>, media: &[Media]) -> Self {
        history.retain(Entry::is_public);
        let timeline = Some(history.into_iter().map(MilestoneView::public).collect());
        Self { timeline, media: MediaView::shown(media), ..Self::from(report) }
    }
}
