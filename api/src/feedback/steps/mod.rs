//! What officers do with a report. Every step names in `If-Match` the version that the officer saw.

pub(super) mod course;
mod named;
pub(super) mod together;
pub(super) mod urgency;
pub(super) mod work;

use actix_web::HttpResponse;
use domain::feedback::{self, ReportId, Step, Version};
use serde::Deserialize;
use utoipa::{IntoResponses, ToSchema};

pub(super) use named::step_of;

use super::{desk_view::DeskReportView, office, view::private};
use crate::{
    App,
    extract::IfMatch,
    identity::{By, Officer},
    problem::ApiError,
};

/// A body that says nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

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

async fn take(
    app: &App,
    By(officer): Officer,
    id: ReportId,
    IfMatch(seen): IfMatch,
    step: Step,
) -> Result<HttpResponse, ApiError> {
    let office = office(app);
    let at = office.now.at;
    let report = app
        .database
        .write(move |tx| feedback::act(tx, &office, &officer, (id, Version(seen)), step))
        .await?;
    Ok(private(report.version.0, &DeskReportView::new(report, at)))
}
