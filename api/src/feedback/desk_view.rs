//! A report as the officers see it. They see no reporter who asked to stay hidden.

use chrono::{DateTime, Utc};
use domain::{
    Id,
    feedback::{
        Action, Actor, Answers, Channel, Followed, Intake, LegalTrack, Report, Urgency, Visibility,
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{timeline::MilestoneView, view::ReportView};
use crate::{App, media::MediaView};

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
    /// How many others say that it concerns them, too; not told after a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    supports: Option<i64>,
    /// How pressing it is by its category, or as a rule or an officer said: `normal`, `high` or `urgent`.
    #[schema(value_type = String, example = "normal")]
    urgency: Urgency,
    /// How pressing it is by that, and by how many support it; not told after a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "normal")]
    priority: Option<Urgency>,
    /// Whether its time is over.
    overdue: bool,
    /// How often another agency got it.
    transfers: u16,
    /// How often its reporter had it opened again.
    reopened: u8,
    /// The report that it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<Uuid>,
    /// What it was a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    split_from: Option<Uuid>,
    /// `complaint` or `denunciation`: the statutory way that it has to take.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    legal_track: Option<LegalTrack>,
    /// By what way it came in: `app`, `business`, `counter`, `line_1022` or `letter`.
    #[schema(value_type = String, example = "app")]
    channel: Channel,
    /// The business for which it was reported, unless its reporter asked not to be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    business_id: Option<Uuid>,
    /// Set where it lies outside the province.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    outside_province: bool,
    /// Whether it is kept who reported it, or how they are reached: whoever has the report looks it up
    /// by `POST .../reporter`; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    reporter_kept: Option<bool>,
    /// Whether the timeline is whole, as it was written; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    history_intact: Option<bool>,
    /// What the officers may do now.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<Action>,
}

impl ReporterView {
    fn of(report: &Report) -> Self {
        match report.reporter.shown_to_officers() {
            Some(id) => Self::Citizen { id: id.uuid() },
            None if report.is_hidden() => Self::Confidential,
            None => Self::Anonymous,
        }
    }
}

impl DeskReportView {
    /// `report` as the officers see it at `at`.
    pub(super) fn new(report: Report, at: DateTime<Utc>) -> Self {
        let business = report.course.business;
        let hidden = report.is_hidden();
        Self {
            version: report.version.0,
            attributes: report.attributes.clone(),
            visibility: report.visibility,
            reporter: ReporterView::of(&report),
            assignee: report.assignee.map(Id::uuid),
            status_since: report.status_since,
            supports: None,
            urgency: report.course.urgency,
            priority: None,
            overdue: report.is_overdue(at),
            transfers: report.course.transfers,
            reopened: report.course.reopened,
            merged_into: report.merged_into.map(Id::uuid),
            split_from: report.course.split_from.map(Id::uuid),
            legal_track: report.course.legal_track,
            channel: report.course.channel,
            business_id: business.filter(|_| !hidden).map(|business| business.id.uuid()),
            outside_province: report.course.outside_province,
            reporter_kept: None,
            history_intact: None,
            allowed_actions: report.allowed_actions(Actor::Officer, at),
            report: report.into(),
        }
    }

    /// The same, supported by so many.
    pub(super) fn supported(self, supports: i64) -> Self {
        let priority = Some(self.urgency.raised_by(supports));
        Self { supports: Some(supports), priority, ..self }
    }

    /// The same with what happened so far.
    pub(super) fn followed(
        app: &App,
        (followed, intake): (Followed, Option<Intake>),
        at: DateTime<Utc>,
    ) -> Self {
        let contact = intake.is_some_and(|intake| intake.contact.is_some());
        let reporter_kept = Some(contact || followed.report.reporter.citizen().is_some());
        let history_intact = Some(followed.is_intact(&*app.keys));
        let Followed { report, timeline, media, .. } = followed;
        let media = media.iter().map(MediaView::of_staff).collect();
        let view = Self::new(report, at);
        Self {
            report: view.report.with(timeline, MilestoneView::desk).showing(media),
            reporter_kept,
            history_intact,
            ..view
        }
    }
}
