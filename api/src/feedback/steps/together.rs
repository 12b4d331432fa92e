//! Reports about the same thing, and reports about several things.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    feedback::{self, Part, ReportId, Saying, SplitOff, Step, TEXT, Version},
    idempotency::once,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Nothing, StepResponses, take};
use crate::{
    App,
    extract::{IfMatch, Json, Path, Repeatable},
    feedback::office,
    identity::{By, Officer},
    problem::ApiError,
};

/// The report that another one shall follow.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct MergeFeedback {
    /// Its id: another report of the desk, neither sealed, withdrawn nor merged itself.
    #[schema(value_type = Uuid)]
    into: ReportId,
}

/// What becomes a report of its own.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct SplitFeedback {
    /// The code of a selectable category.
    #[schema(example = "waste.dumping")]
    category: String,
    /// What the reporter says of it, 1 to 4,000 characters.
    text: String,
}

/// What was made of a part.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct SplitOffView {
    /// Its id.
    id: Uuid,
    /// Its code.
    #[schema(example = "PA-261123-7K3M9Q")]
    code: String,
}

impl MergeFeedback {
    #[expect(clippy::unnecessary_wraps, reason = "as the other steps")]
    pub(super) fn step(self) -> Result<Step, ApiError> {
        Ok(Step::Merge(self.into))
    }
}

/// Has a report follow another one about the same thing.
///
/// Its reporter sees how the other one stands, and is told with its reporter.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = MergeFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/merge")]
pub(in crate::feedback) async fn merge(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<MergeFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}

/// Has a report follow no other one any more.
///
/// It stands where it stood before.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/unmerge")]
pub(in crate::feedback) async fn unmerge(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, Step::Unmerge).await
}

/// Makes a report of its own of a part of a report.
///
/// By the same reporter at the same place; whoever answers its category gets it.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw"),
           ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    request_body = SplitFeedback,
    responses(
        (status = 201, description = "The new report", body = SplitOffView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 404, description = "Problem `not_found`: none, or none of this desk"),
        (status = 409, description = "Problem `action_not_allowed`, with `allowed_actions`"),
        (status = 412, description = "Problem `precondition_failed`: it has changed"),
        (status = 422, description = "Problem `validation_failed` or `idempotency_key_reused`"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    ),
)]
#[post("/v1/desk/feedback/{id}/split")]
pub(in crate::feedback) async fn split(
    app: Data<App>,
    By(officer): Officer,
    Path(id): Path<ReportId>,
    IfMatch(seen): IfMatch,
    key: Repeatable,
    Json(body): Json<SplitFeedback>,
) -> Result<HttpResponse, ApiError> {
    let by = Some(officer.staff().id.uuid());
    let key = key.bind(&*app.keys, &format!("feedback.split.{id}"), by, &body);
    let text = Saying::parse(("text", TEXT), &body.text)?;
    let (office, part) = (office(&app), Part { category: body.category, text });
    let at = (id, Version(seen));
    let split = move |tx: &mut Transaction<'_>| {
        let work = |tx: &mut Transaction<'_>| feedback::split(tx, &office, &officer, at, part);
        once(tx, &office.now, key.as_ref(), work)
    };
    let SplitOff { id, code } = app.database.write(split).await?;
    Ok(HttpResponse::Created().json(SplitOffView { id: id.uuid(), code: code.into() }))
}
