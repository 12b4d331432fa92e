//! Taking a report on, giving it to somebody, answering it, showing it.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    directory::AgencyCode,
    feedback::{
        Assignment, Flaw, FlawKind, Rejection, RejectionReason, ReportId, Saying, Step, WORDS,
    },
    identity::{Officer as OfficerProof, StaffId},
    media::{MOST_ATTACHED, Uploader},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Nothing, StepResponses, take};
use crate::{
    App,
    extract::{IfMatch, Json, Path},
    identity::Officer,
    media::attachment,
    problem::{ApiError, FieldCode},
};

/// Who gets a report. Nobody named: the officer who says so.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct AssignFeedback {
    /// An officer of the agency, or of one above it.
    #[schema(value_type = Option<Uuid>)]
    assignee: Option<StaffId>,
    /// The agency itself or a unit below it, whose people decide who. Any other agency gets it by a
    /// transfer.
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyCode>,
}

/// The answer to a report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct ResolveFeedback {
    /// What was done, 1 to 4,000 characters; public with the report.
    answer: String,
    /// What shows it, at most 10: ids of what the officer uploaded, or tokens. Some categories want a
    /// photo.
    #[serde(default)]
    media_ids: Vec<String>,
}

/// Why a report is not taken on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct RejectFeedback {
    /// `not_responsible`, `outside_province`, `not_enough_information`, `duplicate`,
    /// `already_solved`, `nothing_wrong`, `legal_track` or `not_a_report`.
    #[schema(value_type = String, example = "not_responsible")]
    reason: RejectionReason,
    /// Where to go instead, at most 500 characters; it is said with `not_responsible`,
    /// `outside_province` and `legal_track`.
    go_to: Option<String>,
}

impl ResolveFeedback {
    pub(super) fn step(self, officer: &OfficerProof) -> Result<Step, ApiError> {
        let answer = Saying::parse(("answer", WORDS), &self.answer)?;
        let shown = attachment(Uploader::Staff(officer.staff().id), &self.media_ids)?;
        if shown.names.len() > MOST_ATTACHED {
            return Err(Flaw::at("media_ids", FlawKind::TooLong(MOST_ATTACHED)).into());
        }
        Ok(Step::Resolve(answer, shown))
    }
}

impl RejectFeedback {
    pub(super) fn step(self) -> Result<Step, ApiError> {
        Ok(Step::Reject(Rejection::parse(self.reason, self.go_to.as_deref())?))
    }
}

impl AssignFeedback {
    pub(super) fn step(self) -> Result<Step, ApiError> {
        Ok(Step::Assign(self.assignment()?))
    }

    fn assignment(self) -> Result<Assignment, ApiError> {
        match (self.assignee, self.agency) {
            (None, None) => Ok(Assignment::Myself),
            (Some(person), None) => Ok(Assignment::Person(person)),
            (None, Some(agency)) => Ok(Assignment::Unit(agency)),
            (Some(_), Some(_)) => Err(ApiError::field("/agency", FieldCode::UnknownField)),
        }
    }
}

/// The agency takes a report on.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/accept")]
pub(in crate::feedback) async fn accept(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Accept).await
}

/// Gives a report to a person or to a unit of the agency.
///
/// The first due date stands.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = AssignFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/assign")]
pub(in crate::feedback) async fn assign(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<AssignFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}

/// Work on a report begins.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/start")]
pub(in crate::feedback) async fn start(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Start).await
}

/// Answers a report.
///
/// The reporter is told, and has fifteen days to object before the report is closed.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = ResolveFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/resolve")]
pub(in crate::feedback) async fn resolve(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<ResolveFeedback>,
) -> Result<HttpResponse, ApiError> {
    let step = body.step(&officer)?;
    take(&app, officer, id, seen, step).await
}

/// Does not take a report on.
///
/// The reporter is told why, and where to go instead.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = RejectFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/reject")]
pub(in crate::feedback) async fn reject(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<RejectFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}

/// Shows a report to everybody.
///
/// What the law seals (complaints, denunciations) cannot be shown.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/publish")]
pub(in crate::feedback) async fn publish(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Publish).await
}

/// Shows a report no longer.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/hide")]
pub(in crate::feedback) async fn hide(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Hide).await
}
