//! The register of requests, for those who answer them.

use actix_web::{HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::personal::{self, Handling, Outcome, RequestId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::requests::{RequestView, written};
use crate::{
    App,
    extract::{IfMatch, Json, Path, Query},
    feedback::calendar,
    identity::DataOfficer,
    page::{self, PageQuery, PageView},
    problem::ApiError,
};

/// The name of the list in its cursors.
const LIST: &str = "subject-requests";

/// A request in the register.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RegisteredView {
    /// Whose data it is about.
    citizen_id: Uuid,
    #[serde(flatten)]
    request: RequestView,
}

/// Why more time is needed; the person is told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Extend {
    reason: String,
}

/// How the request ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Close {
    outcome: OutcomeName,
    /// What the person is answered; for a refusal, why.
    answer: String,
}

/// How a request ends.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OutcomeName {
    Done,
    Refused,
}

impl From<OutcomeName> for Outcome {
    fn from(name: OutcomeName) -> Self {
        match name {
            OutcomeName::Done => Self::Done,
            OutcomeName::Refused => Self::Refused,
        }
    }
}

async fn handle(
    app: &App,
    by: DataOfficer,
    seen: (RequestId, i64),
    handling: Handling,
) -> Result<HttpResponse, ApiError> {
    let (now, calendar) = (app.now(), calendar(&app.snapshot()));
    let request = app
        .database
        .write(move |tx| personal::handle_request(tx, &now, &calendar, &by, seen, handling))
        .await?;
    Ok(HttpResponse::Ok().json(RequestView::from(request)))
}

/// The open requests, the first due first
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["answer_requests"])),
    params(PageQuery),
    responses((status = 200, description = "The requests", body = PageView<RegisteredView>))
)]
#[get("/v1/admin/subject-requests")]
pub(super) async fn register(
    app: Data<App>,
    by: DataOfficer,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let after = query.cursor.map(|cursor| page::key(LIST, &cursor));
    let after: Option<(DateTime<Utc>, RequestId)> = after.transpose()?;
    let now = app.now();
    let page =
        app.database.write(move |tx| personal::open_requests(tx, &now, &by, after, limit)).await?;
    let items = page.items.into_iter().map(|request| RegisteredView {
        citizen_id: request.citizen.uuid(),
        request: RequestView::from(request),
    });
    let next_cursor = page.next.map(|next| page::cursor(LIST, &next));
    Ok(HttpResponse::Ok().json(PageView { items: items.collect(), next_cursor }))
}

/// Tell the person that it is being worked on
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["answer_requests"])),
    params(("id" = Uuid, Path, description = "The request"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    responses(
        (status = 200, description = "The request", body = RequestView),
        (status = 409, description = "Problem `action_not_allowed`"),
        (status = 412, description = "Problem `precondition_failed`: it has changed, and `ETag` says to what"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    )
)]
#[post("/v1/admin/subject-requests/{id}/acknowledge")]
pub(super) async fn acknowledge(
    app: Data<App>,
    by: DataOfficer,
    Path(id): Path<RequestId>,
    IfMatch(saw): IfMatch,
) -> Result<HttpResponse, ApiError> {
    handle(&app, by, (id, saw), Handling::Acknowledge).await
}

/// Take more time, once
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["answer_requests"])),
    params(("id" = Uuid, Path, description = "The request"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    responses(
        (status = 200, description = "The request", body = RequestView),
        (status = 409, description = "Problem `action_not_allowed`: extended, closed, or too late"),
        (status = 412, description = "Problem `precondition_failed`: it has changed, and `ETag` says to what"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    )
)]
#[post("/v1/admin/subject-requests/{id}/extend")]
pub(super) async fn extend(
    app: Data<App>,
    by: DataOfficer,
    Path(id): Path<RequestId>,
    IfMatch(saw): IfMatch,
    Json(body): Json<Extend>,
) -> Result<HttpResponse, ApiError> {
    handle(&app, by, (id, saw), Handling::Extend(written("reason", &body.reason)?)).await
}

/// End a request with an answer
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["answer_requests"])),
    params(("id" = Uuid, Path, description = "The request"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    responses(
        (status = 200, description = "The request", body = RequestView),
        (status = 409, description = "Problem `action_not_allowed`: closed already"),
        (status = 412, description = "Problem `precondition_failed`: it has changed, and `ETag` says to what"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    )
)]
#[post("/v1/admin/subject-requests/{id}/close")]
pub(super) async fn close(
    app: Data<App>,
    by: DataOfficer,
    Path(id): Path<RequestId>,
    IfMatch(saw): IfMatch,
    Json(body): Json<Close>,
) -> Result<HttpResponse, ApiError> {
    let answer = written("answer", &body.answer)?;
    handle(&app, by, (id, saw), Handling::Close(body.outcome.into(), answer)).await
}
