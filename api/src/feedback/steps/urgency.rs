//! Saying how pressing one report is.

use actix_web::{HttpResponse, post, web::Data};
use domain::feedback::{REASON, ReportId, Saying, Step, Urgency};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{StepResponses, take};
use crate::{
    App,
    extract::{IfMatch, Json, Path},
    identity::Officer,
    problem::ApiError,
};

/// How pressing a report is, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct PrioritiseFeedback {
    /// `normal`, `high` or `urgent`; another one than it is.
    #[schema(value_type = String, example = "urgent")]
    urgency: Urgency,
    /// Why, 1 to 1,000 characters; the reporter sees it.
    reason: String,
}

impl PrioritiseFeedback {
    pub(super) fn step(self) -> Result<Step, ApiError> {
        let reason = Saying::parse(("reason", REASON), &self.reason)?;
        Ok(Step::Prioritise(self.urgency, reason))
    }
}

/// Says that a report is more or less pressing than its category.
///
/// It is due as if it had been so pressing when it arrived: for each step up in half the time of its
/// category, for each step down in twice the time. For as long as its clock stood still, or the answer
/// was given more time, it is due later all the same.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = PrioritiseFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/prioritise")]
pub(in crate::feedback) async fn prioritise(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<PrioritiseFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}
