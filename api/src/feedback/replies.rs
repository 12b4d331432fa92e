//! What reporters do with their own report, signed in or with the tracking token.

use actix_web::{HttpResponse, post, web::Data};
use domain::feedback::{self, Flaw, FlawKind, Move, REASON, Rating, ReportId, Saying, WORDS};
use serde::Deserialize;
use utoipa::{IntoResponses, ToSchema};

use super::{office, own::claim, own_view::OwnReportView, view::private};
use crate::{
    App,
    extract::{Json, Path},
    identity::{Bearer, Caller},
    media::{attachment, uploader},
    problem::ApiError,
};

/// What was asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerQuestion {
    /// 1 to 4,000 characters.
    text: String,
    /// What shows it, at most 10: tokens of uploads, or ids of what the signed-in reporter uploaded.
    #[serde(default)]
    media_ids: Vec<String>,
}

/// How good the answer is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RateFeedback {
    /// 1 to 5.
    stars: u8,
    /// Why, at most 1,000 characters; for the officers.
    comment: Option<String>,
    /// Whether it is solved. Then the report is closed.
    solved: bool,
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    /// 1 to 1,000 characters.
    reason: String,
}

/// How it can end.
#[derive(IntoResponses)]
#[expect(dead_code, clippy::large_enum_variant, reason = "it only describes the interface")]
enum MoveResponses {
    /// It is done.
    #[response(status = 200)]
    Done(OwnReportView),
    /// Problem `unauthorized`: neither token nor account.
    #[response(status = 401)]
    Unauthorized,
    /// Problem `not_found`: none, or not the caller's.
    #[response(status = 404)]
    NotFound,
    /// Problem `action_not_allowed`, with `allowed_actions`.
    #[response(status = 409)]
    NotAllowed,
    /// Problem `validation_failed`.
    #[response(status = 422)]
    Flawed,
}

async fn make(
    app: &App,
    (caller, Bearer(bearer)): (Caller, Bearer),
    id: ReportId,
    what: Move,
) -> Result<HttpResponse, ApiError> {
    let claim = claim(caller, bearer.as_deref())?;
    let office = office(app);
    let report =
        app.database.write(move |tx| feedback::do_with_own(tx, &office, id, claim, what)).await?;
    Ok(private(report.version.0, &OwnReportView::new(app, report)))
}

impl RateFeedback {
    fn rating(self) -> Result<Move, Flaw> {
        if !(1..=5).contains(&self.stars) {
            return Err(Flaw::at("stars", FlawKind::OutOfRange));
        }
        let comment = self.comment.filter(|comment| !comment.trim().is_empty());
        let comment = comment.map(|comment| Saying::parse(("comment", REASON), &comment));
        Ok(Move::Rate(Rating { stars: self.stars, solved: self.solved }, comment.transpose()?))
    }
}

/// Takes a report back, before work on it begins.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The id of the report")),
    responses(MoveResponses),
)]
#[post("/v1/feedback/{id}/withdraw")]
pub(super) async fn withdraw(
    app: Data<App>,
    caller: Caller,
    bearer: Bearer,
    Path(id): Path<ReportId>,
) -> Result<HttpResponse, ApiError> {
    make(&app, (caller, bearer), id, Move::Withdraw).await
}

/// Answers what the officers asked.
///
/// The report returns to where it was, and its time goes on.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The id of the report")),
    request_body = AnswerQuestion,
    responses(MoveResponses),
)]
#[post("/v1/feedback/{id}/answers")]
pub(super) async fn answer(
    app: Data<App>,
    caller: Caller,
    bearer: Bearer,
    Path(id): Path<ReportId>,
    Json(body): Json<AnswerQuestion>,
) -> Result<HttpResponse, ApiError> {
    let text = Saying::parse(("text", WORDS), &body.text)?;
    let media = attachment(uploader(&caller)?, &body.media_ids)?;
    make(&app, (caller, bearer), id, Move::Answer(text, media)).await
}

/// Says how good the answer is.
///
/// A report that is solved is closed. One that is not stays as it is: whoever wants it opened again
/// says so.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The id of the report")),
    request_body = RateFeedback,
    responses(MoveResponses),
)]
#[post("/v1/feedback/{id}/rating")]
pub(super) async fn rate(
    app: Data<App>,
    caller: Caller,
    bearer: Bearer,
    Path(id): Path<ReportId>,
    Json(body): Json<RateFeedback>,
) -> Result<HttpResponse, ApiError> {
    make(&app, (caller, bearer), id, body.rating()?).await
}

/// Has a report opened again, because the answer solved nothing.
///
/// Within fifteen days of the answer, twice at most. The agency above takes over.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The id of the report")),
    request_body = Reason,
    responses(MoveResponses),
)]
#[post("/v1/feedback/{id}/reopen")]
pub(super) async fn reopen(
    app: Data<App>,
    caller: Caller,
    bearer: Bearer,
    Path(id): Path<ReportId>,
    Json(body): Json<Reason>,
) -> Result<HttpResponse, ApiError> {
    let reason = Saying::parse(("reason", REASON), &body.reason)?;
    make(&app, (caller, bearer), id, Move::Reopen(reason)).await
}

/// Appeals against a report's not being taken on.
///
/// Within fifteen days, once. The agency above decides.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The id of the report")),
    request_body = Reason,
    responses(MoveResponses),
)]
#[post("/v1/feedback/{id}/appeal")]
pub(super) async fn appeal(
    app: Data<App>,
    caller: Caller,
    bearer: Bearer,
    Path(id): Path<ReportId>,
    Json(body): Json<Reason>,
) -> Result<HttpResponse, ApiError> {
    let reason = Saying::parse(("reason", REASON), &body.reason)?;
    make(&app, (caller, bearer), id, Move::Appeal(reason)).await
}
