//! What else officers do on a report's way to an answer.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    directory::AgencyCode,
    feedback::{MoreTime, REASON, ReportId, Saying, Step, WORDS},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{StepResponses, take};
use crate::{
    App,
    extract::{IfMatch, Json, Path},
    identity::Officer,
    problem::ApiError,
};

/// What the reporter is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct AskReporter {
    /// 1 to 4,000 characters.
    question: String,
}

/// What the reporter answered, by telephone or at the counter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct TakeAnswerDown {
    /// 1 to 4,000 characters.
    text: String,
}

/// Who gets a report instead, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct TransferFeedback {
    /// The other agency.
    #[schema(value_type = String, example = "police")]
    agency: AgencyCode,
    /// Why, 1 to 1,000 characters; the reporter sees it.
    reason: String,
}

/// What a report is about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct RecategoriseFeedback {
    /// The code of a selectable category.
    #[schema(example = "road.manhole")]
    category: String,
    /// Whether its words were taken for a complaint or a denunciation, and it is none: a supervisor says
    /// so, and it can be published from then on.
    #[serde(default)]
    not_legal: bool,
}

/// How much more time an answer gets, and why. `days` or `due_at`, not both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct ExtendFeedback {
    /// So many working days after it was due, 1 to 60.
    days: Option<u16>,
    /// Until then, later than it was due, and at most 90 days.
    due_at: Option<DateTime<Utc>>,
    /// Why, 1 to 1,000 characters; the reporter sees it.
    reason: String,
}

/// Something for the officers alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct NoteFeedback {
    /// 1 to 4,000 characters.
    text: String,
}

impl AskReporter {
    pub(super) fn step(self) -> Result<Step, ApiError> {
        Ok(Step::Ask(Saying::parse(("question", WORDS), &self.question)?))
    }
}

impl TakeAnswerDown {
    pub(super) fn step(self) -> Result<Step, ApiError> {
        Ok(Step::Answer(Saying::parse(("text", WORDS), &self.text)?))
    }
}

impl TransferFeedback {
    pub(super) fn step(self) -> Result<Step, ApiError> {
        Ok(Step::Transfer(self.agency, Saying::parse(("reason", REASON), &self.reason)?))
    }
}

impl RecategoriseFeedback {
    #[expect(clippy::unnecessary_wraps, reason = "as the other steps")]
    pub(super) fn step(self) -> Result<Step, ApiError> {
        Ok(Step::Recategorise { category: self.category, mistaken: self.not_legal })
    }
}

impl ExtendFeedback {
    pub(super) fn step(self) -> Result<Step, ApiError> {
        let more = MoreTime::parse(self.days, self.due_at)?;
        Ok(Step::Extend(more, Saying::parse(("reason", REASON), &self.reason)?))
    }
}

impl NoteFeedback {
    pub(super) fn step(self) -> Result<Step, ApiError> {
        Ok(Step::Note(Saying::parse(("text", WORDS), &self.text)?))
    }
}

/// Asks the reporter something.
///
/// The clock stands until they answer; where they do not for `feedback_answer_days`, the report is
/// closed as unanswered.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = AskReporter,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/ask")]
pub(in crate::feedback) async fn ask(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<AskReporter>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}

/// Takes down what the reporter answered.
///
/// For who has no app: over the telephone, at the counter. The clock goes on, as when they answer
/// themselves.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = TakeAnswerDown,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/answers")]
pub(in crate::feedback) async fn take_answer_down(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<TakeAnswerDown>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}

/// Gives a report to another agency.
///
/// It begins anew there, and the first due date stands. From the third transfer on a supervisor is
/// alerted.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = TransferFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/transfer")]
pub(in crate::feedback) async fn transfer(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<TransferFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}

/// Says that a report is about something else.
///
/// What is more pressing than was said is due earlier, and never later. What was sealed stays sealed.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = RecategoriseFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/recategorise")]
pub(in crate::feedback) async fn recategorise(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<RecategoriseFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}

/// Gives an answer more time, once.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = ExtendFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/extend")]
pub(in crate::feedback) async fn extend(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<ExtendFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}

/// Writes something down for the officers alone.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = NoteFeedback,
    responses(StepResponses),
)]
#[post("/v1/desk/feedback/{id}/notes")]
pub(in crate::feedback) async fn note(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
    seen: IfMatch,
    Json(body): Json<NoteFeedback>,
) -> Result<HttpResponse, ApiError> {
    take(&app, officer, id, seen, body.step()?).await
}
