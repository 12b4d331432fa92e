//! A report as strangers, its reporter and the officers see it. What a view does not hold, its
//! reader never gets: strangers see no reporter, officers none who asked to stay hidden.

use actix_web::{
    HttpResponse,
    http::header::{CacheControl, CacheDirective, ETag},
};
use chrono::{DateTime, Utc};
use domain::{
    Id,
    feedback::{
        Action, Actor, Answers, Followed, Milestone, Rejection, RejectionReason, Report, Reporter,
        Status, Visibility,
    },
    territory::Position,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::extract::version_tag;

/// Why a report was not taken on.
#[derive(Serialize, ToSchema)]
pub(super) struct RejectionView {
    /// The reason, from a closed list.
    #[schema(value_type = String, example = "not_responsible")]
    reason: RejectionReason,
    /// Where to go instead.
    go_to: Option<String>,
}

/// One thing that happened to a report.
#[derive(Serialize, ToSchema)]
pub(super) struct MilestoneView {
    /// What happened.
    #[schema(example = "feedback.accepted")]
    event: String,
    /// When.
    at: DateTime<Utc>,
    /// Where the report stood afterwards.
    #[schema(value_type = Option<String>)]
    status: Option<Status>,
    /// Who had to answer afterwards.
    agency: Option<String>,
}

/// A report as strangers see it, once it is published.
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
    /// Where it stands: `submitted`, `accepted`, `assigned`, `in_progress`, `resolved`, `closed`,
    /// `rejected` or `withdrawn`.
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
    /// What happened to it, oldest first; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    timeline: Option<Vec<MilestoneView>>,
}

/// A report as its reporter sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnReportView {
    #[serde(flatten)]
    report: ReportView,
    /// What the reporter answered to the questions of the category.
    #[schema(value_type = Object)]
    attributes: Answers,
    /// `sealed` (never public), `hidden` or `published`.
    #[schema(value_type = String, example = "hidden")]
    visibility: Visibility,
    /// Whether the officers see who reported it.
    confidential: bool,
    /// What the reporter may do now.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<Action>,
}

/// Who reported it, as far as the officers may know.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum ReporterView {
    /// Nobody knows.
    Anonymous,
    /// Somebody who asked not to be shown.
    Confidential,
    /// This citizen.
    Citizen {
        /// Who it is.
        id: Uuid,
    },
}

/// A report as the officers see it.
#[derive(Serialize, ToSchema)]
pub(super) struct DeskReportView {
    #[serde(flatten)]
    report: ReportView,
    /// The version to name in `If-Match`, in quotation marks.
    version: i64,
    /// What the reporter answered to the questions of the category.
    #[schema(value_type = Object)]
    attributes: Answers,
    /// `sealed` (never public), `hidden` or `published`.
    #[schema(value_type = String, example = "hidden")]
    visibility: Visibility,
    /// Who reported it.
    reporter: ReporterView,
    /// The officer who has it.
    assignee: Option<Uuid>,
    /// Since when it stands where it stands.
    status_since: DateTime<Utc>,
    /// Whether its time is over.
    overdue: bool,
    /// What the officers may do now.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<Action>,
}

impl From<Milestone> for MilestoneView {
    fn from(milestone: Milestone) -> Self {
        let Milestone { event, at, status, agency } = milestone;
        Self { event, at, status, agency }
    }
}

impl From<Rejection> for RejectionView {
    fn from(Rejection { reason, go_to }: Rejection) -> Self {
        Self { reason, go_to }
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
            timeline: None,
        }
    }
}

impl ReportView {
    fn with(mut self, timeline: Vec<Milestone>) -> Self {
        self.timeline = Some(timeline.into_iter().map(MilestoneView::from).collect());
        self
    }

    /// As strangers see it in full: when it was shown and hidden is none of their business.
    pub(super) fn public(Followed { report, mut timeline }: Followed) -> Self {
        let shown = [Action::Publish.event(), Action::Hide.event()];
        timeline.retain(|milestone| !shown.contains(&milestone.event.as_str()));
        Self::from(report).with(timeline)
    }
}

impl From<Report> for OwnReportView {
    fn from(report: Report) -> Self {
        Self {
            attributes: report.attributes.clone(),
            visibility: report.visibility,
            confidential: matches!(report.reporter, Reporter::Citizen { confidential: true, .. }),
            allowed_actions: report.allowed_actions(Actor::Reporter),
            report: report.into(),
        }
    }
}

impl From<Followed> for OwnReportView {
    fn from(Followed { report, timeline }: Followed) -> Self {
        let view = Self::from(report);
        Self { report: view.report.with(timeline), ..view }
    }
}

impl From<Reporter> for ReporterView {
    fn from(reporter: Reporter) -> Self {
        match (reporter.citizen(), reporter.shown_to_officers()) {
            (_, Some(id)) => Self::Citizen { id: id.uuid() },
            (Some(_), None) => Self::Confidential,
            (None, None) => Self::Anonymous,
        }
    }
}

impl DeskReportView {
    /// `report` as the officers see it at `at`.
    pub(super) fn new(report: Report, at: DateTime<Utc>) -> Self {
        Self {
            version: report.version.0,
            attributes: report.attributes.clone(),
            visibility: report.visibility,
            reporter: report.reporter.into(),
            assignee: report.assignee.map(Id::uuid),
            status_since: report.status_since,
            overdue: report.is_overdue(at),
            allowed_actions: report.allowed_actions(Actor::Officer),
            report: report.into(),
        }
    }

    /// The same with what happened so far.
    pub(super) fn followed(Followed { report, timeline }: Followed, at: DateTime<Utc>) -> Self {
        let view = Self::new(report, at);
        Self { report: view.report.with(timeline), ..view }
    }
}

/// `view` of a report at `version`, for its reporter or the officers alone.
pub(super) fn private(version: i64, view: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ETag(version_tag(version)))
        .insert_header(CacheControl(vec![CacheDirective::Private, CacheDirective::NoCache]))
        .json(view)
}
