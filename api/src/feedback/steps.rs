//! What officers do with a report. Every step names in `If-Match` the version that the officer saw.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    directory::AgencyCode,
    feedback::{
        self, Answer, Assignment, Flaw, FlawKind, Rejection, RejectionReason, ReportId, Step,
        Version,
    },
    identity::StaffId,
};
use serde::Deserialize;
use utoipa::{IntoResponses, ToSchema};

use super::view::{DeskReportView, private};
use crate::{
    App,
    extract::{IfMatch, Json, Path},
    identity::{By, Officer},
    problem::{ApiError, FieldCode},
};

/// A body that says nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Who gets a report. Nobody named: the officer who says so.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignFeedback {
    /// An officer of the agency, or of one above it.
    #[schema(value_type = Option<Uuid>)]
    assignee: Option<StaffId>,
    /// Another agency, whose people decide who.
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyCode>,
}

/// The answer to a report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResolveFeedback {
    /// What was done, 1 to 4,000 characters; public with the report.
    answer: String,
}

/// Why a report is not taken on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RejectFeedback {
    /// `not_responsible`, `outside_province`, `not_enough_information`, `duplicate`,
    /// `already_solved`, `nothing_wrong`, `legal_track` or `not_a_report`.
    #[schema(value_type = String, example = "not_responsible")]
    reason: RejectionReason,
    /// Where to go instead, at most 500 characters.
    go_to: Option<String>,
}

/// How a step can end.
#[derive(IntoResponses)]
#[expect(dead_code, clippy::large_enum_variant, reason = "it only describes the interface")]
enum StepResponses {
    /// It is done.
    #[response(status = 200)]
    Done(DeskReportView),
    /// Problem `unauthorized`.
    #[response(status = 401)]
    Unauthorized,
    /// Problem `forbidden`: not an officer.
    #[response(status = 403)]
    Forbidden,
    /// Problem `not_found`: none, or none of this desk.
    #[response(status = 404)]
    NotFound,
    /// Problem `action_not_allowed`, with `allowed_actions`.
    #[response(status = 409)]
    NotAllowed,
    /// Problem `precondition_failed`: it has changed, and `ETag` says to what.
    #[response(status = 412)]
    Stale,
    /// Problem `validation_failed`.
    #[response(status = 422)]
    Flawed,
    /// Problem `precondition_required`: `If-Match` is missing.
    #[response(status = 428)]
    Unseen,
}

impl AssignFeedback {
    fn assignment(self, app: &App) -> Result<Assignment, ApiError> {
        match (self.assignee, self.agency) {
            (None, None) => Ok(Assignment::Myself),
            (Some(person), None) => Ok(Assignment::Person(person)),
            (None, Some(agency)) => {
                let known = app.agencies.tree().find(&agency).is_some();
                let unknown = || Flaw::at("agency", FlawKind::Unknown).into();
                known.then_some(Assignment::Agency(agency)).ok_or_else(unknown)
            }
            (Some(_), Some(_)) => Err(ApiError::field("/agency", FieldCode::UnknownField)),
        }
    }
}

async fn take(
    app: &App,
    By(officer): Officer,
    id: ReportId,
    IfMatch(seen): IfMatch,
    step: Step,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let at = now.at;
    let report = app
        .database
        .write(move |tx| feedback::act(tx, &now, &officer, (id, Version(seen)), step))
        .await?;
    Ok(private(report.version.0, &DeskReportView::new(report, at)))
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
pub(super) async fn accept(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Accept).await
}

/// Gives a report to a person or to another agency.
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
pub(super) async fn assign(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<AssignFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Assign(body.assignment(&app)?)).await
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
pub(super) async fn start(
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
pub(super) async fn resolve(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<ResolveFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Resolve(Answer::parse(&body.answer)?)).await
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
pub(super) async fn reject(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<RejectFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(
        &app,
        officer,
        id,
        seen,
        Step::Reject(Rejection::parse(body.reason, body.go_to.as_deref())?),
    )
    .await
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
pub(super) async fn publish(
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
pub(super) async fn hide(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Hide).await
}
