//! A report as its reporter sees it.

use chrono::{DateTime, Utc};
use domain::feedback::{
    self, Action, Actor, Answers, Entry, Estimate, Followed, LegalTrack, Name, Report, Status,
    Visibility,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{TOKEN_PREFIX, timeline::MilestoneView, view::ReportView};
use crate::{App, capability, media::MediaView};

/// The statutory way that a report has to take.
#[derive(Serialize, ToSchema)]
pub(super) struct LegalTrackView {
    /// `complaint` or `denunciation`.
    #[schema(value_type = String, example = "complaint")]
    kind: LegalTrack,
    /// What that way is, in Vietnamese and English.
    #[schema(value_type = Option<Object>)]
    notice: Option<Name>,
}

/// The report that another one follows, as the reporter of the other sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct LeadingView {
    /// Its code.
    #[schema(example = "PA-261123-7K3M9Q")]
    code: String,
    /// Where it stands.
    #[schema(value_type = String)]
    status: Status,
    /// Who has to answer.
    agency: String,
    /// By when.
    due_at: DateTime<Utc>,
    /// The answer, for everybody who reported the same.
    answer: Option<String>,
}

/// How long such answers take: not a promise, but what was.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub(super) struct EstimateView {
    /// Half of the answers took at most so long.
    median_s: i64,
    /// Four in five took at most so long.
    p80_s: i64,
    /// Of so many answers of this agency in this category.
    sample: usize,
}

impl From<Estimate> for EstimateView {
    fn from(Estimate { median, p80, sample }: Estimate) -> Self {
        Self { median_s: median.num_seconds(), p80_s: p80.num_seconds(), sample }
    }
}

/// A part that became a report of its own.
#[derive(Serialize, ToSchema)]
pub(super) struct PartView {
    /// Its id.
    id: Uuid,
    /// Its code.
    code: String,
    /// Follows it without an account; absent for whoever may only read.
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_token: Option<String>,
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
    /// What the officers want to know; while it is not said, the clock stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<String>,
    /// How long such answers took lately, where enough of them are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    estimate: Option<EstimateView>,
    /// The report about the same thing that this one follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    leading: Option<LeadingView>,
    /// What became reports of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartView>,
    /// The statutory way that it has to take.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_track: Option<LegalTrackView>,
    /// What the reporter may do now.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<Action>,
}

impl LegalTrackView {
    /// What `track` is, as the categories say.
    pub(super) fn of(app: &App, track: LegalTrack) -> Self {
        let categories = app.feedback.categories();
        let notice = categories.find(track.category()).and_then(|category| category.notice.clone());
        Self { kind: track, notice }
    }
}

impl From<Report> for LeadingView {
    fn from(report: Report) -> Self {
        Self {
            code: report.code.into(),
            status: report.status,
            agency: report.agency.into(),
            due_at: report.due_at,
            answer: report.answer,
        }
    }
}

impl OwnReportView {
    /// `report` as its reporter sees it now.
    pub(super) fn new(app: &App, report: Report) -> Self {
        Self {
            attributes: report.attributes.clone(),
            visibility: report.visibility,
            confidential: report.is_hidden(),
            question: None,
            estimate: None,
            leading: None,
            parts: Vec::new(),
            legal_track: report.course.legal_track.map(|track| LegalTrackView::of(app, track)),
            allowed_actions: report.allowed_actions(Actor::Reporter, app.now().at),
            report: report.into(),
        }
    }

    /// The same for somebody who may read it, and do nothing with it or its parts.
    pub(super) fn without_tokens(self) -> Self {
        let part = |part| PartView { tracking_token: None, ..part };
        Self { parts: self.parts.into_iter().map(part).collect(), ..self }
    }

    /// The same with what happened so far, and how long it may take.
    pub(super) fn followed(app: &App, followed: Followed, estimate: Option<Estimate>) -> Self {
        let question = followed.question().map(str::to_owned);
        let Followed { report, mut timeline, leading, parts, media } = followed;
        let media = media.iter().map(MediaView::own).collect();
        timeline.retain(Entry::is_for_the_reporter);
        let view = Self::new(app, report);
        let part = |(id, code): (feedback::ReportId, feedback::TrackingCode)| PartView {
            id: id.uuid(),
            code: code.into(),
            tracking_token: Some(capability::write(
                TOKEN_PREFIX,
                feedback::tracking_token(&*app.keys, id),
            )),
        };
        Self {
            report: view.report.with(timeline, MilestoneView::own).showing(media),
            question,
            estimate: estimate.map(EstimateView::from),
            leading: leading.map(|leading| LeadingView::from(*leading)),
            parts: parts.into_iter().map(part).collect(),
            ..view
        }
    }
}
