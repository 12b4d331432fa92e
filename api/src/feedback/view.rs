//! What of a report its reporter and the officers see alike.

use actix_web::{
    HttpResponse,
    http::header::{CacheControl, CacheDirective, ETag},
};
use chrono::{DateTime, Utc};
use domain::{
    feedback::{Ending, Entry, Rating, Rejection, RejectionReason, Report, Status},
    territory::Position,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::timeline::MilestoneView;
use crate::{extract::version_tag, media::MediaView};

/// Why a report was not taken on.
#[derive(Serialize, ToSchema)]
pub(super) struct RejectionView {
    /// The reason, from a closed list.
    #[schema(value_type = String, example = "not_responsible")]
    reason: RejectionReason,
    /// Where to go instead.
    go_to: Option<String>,
}

/// How good a reporter finds the answer.
#[derive(Serialize, ToSchema)]
pub(super) struct RatingView {
    /// 1 to 5.
    stars: u8,
    /// Whether it is solved.
    solved: bool,
}

/// A report as its reporter and the officers see it.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportView {
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
    /// The commune it lies in.
    commune_code: Option<String>,
    /// Where it is, in words.
    address: Option<String>,
    /// Where it stands: `submitted`, `accepted`, `assigned`, `in_progress`, `needs_info`,
    /// `resolved`, `closed`, `rejected`, `withdrawn` or `merged`.
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
    published_at: Option<DateTime<Utc>>,
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
    /// What happened to it, oldest first; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    timeline: Option<Vec<MilestoneView>>,
    /// The photos, videos and sounds that belong to it: `GET /v1/media/{id}` shows them. Absent in
    /// lists, and where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<MediaView>,
}

impl From<Rejection> for RejectionView {
    fn from(Rejection { reason, go_to }: Rejection) -> Self {
        Self { reason, go_to }
    }
}

impl From<Rating> for RatingView {
    fn from(Rating { stars, solved }: Rating) -> Self {
        Self { stars, solved }
    }
}

impl From<Report> for ReportView {
    fn from(report: Report) -> Self {
        Self {
            id: report.id.uuid(),
            code: report.code.into(),
            category: report.category,
            title: report.title,
            text: report.text,
            location: report.position,
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
            extended_from: report.course.extended_from,
            ending: report.course.ending,
            rating: report.course.rating.map(RatingView::from),
            timeline: None,
            media: Vec::new(),
        }
    }
}

impl ReportView {
    /// With what belongs to it.
    pub(super) fn showing(mut self, media: Vec<MediaView>) -> Self {
        self.media = media;
        self
    }

    /// With what happened so far.
    pub(super) fn with(
        mut self,
        timeline: Vec<Entry>,
        view: impl Fn(Entry) -> MilestoneView,
    ) -> Self {
        self.timeline = Some(timeline.into_iter().map(view).collect());
        self
    }
}

/// `view` of a report at `version`, for its reporter or the officers alone.
pub(super) fn private(version: i64, view: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ETag(version_tag(version)))
        .insert_header(CacheControl(vec![CacheDirective::Private, CacheDirective::NoCache]))
        .json(view)
}
