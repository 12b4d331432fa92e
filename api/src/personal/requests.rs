//! What I ask to be done with my data.

use actix_web::{HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    idempotency::once,
    personal::{self, PersonalError, RequestKind, SubjectRequest},
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    extract::{Json, Repeatable, made},
    feedback::calendar,
    identity::Citizen,
    page::PageView,
    problem::{ApiError, FieldCode},
};

/// The longest text of a request or an answer, in characters.
const LONGEST: usize = 2_000;

/// What to do with the caller's data.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitRequest {
    /// `access`, `correction`, `erasure`, `restriction`, `objection` or `withdrawal`.
    kind: String,
    /// In the caller's own words, at most 2,000 characters.
    text: String,
}

/// A request and where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RequestView {
    id: Uuid,
    kind: &'static str,
    /// `received`, `acknowledged`, `done` or `refused`.
    status: &'static str,
    text: String,
    received_at: DateTime<Utc>,
    /// By when it has to be acknowledged.
    acknowledge_by: DateTime<Utc>,
    /// By when it has to be done.
    due_at: DateTime<Utc>,
    acknowledged_at: Option<DateTime<Utc>>,
    /// Whether its time was extended, which is allowed once.
    extended: bool,
    closed_at: Option<DateTime<Utc>>,
    answer: Option<String>,
    /// What an officer who handles it names in `If-Match`.
    version: i64,
}

impl From<SubjectRequest> for RequestView {
    fn from(request: SubjectRequest) -> Self {
        Self {
            version: request.version(),
            id: request.id.uuid(),
            kind: request.kind.as_str(),
            status: request.status.as_str(),
            text: request.words,
            received_at: request.received_at,
            acknowledge_by: request.acknowledge_by,
            due_at: request.due_at,
            acknowledged_at: request.acknowledged_at,
            extended: request.extended,
            closed_at: request.closed_at,
            answer: request.answer,
        }
    }
}

/// What was written as `field`, 1 to 2,000 characters.
pub(super) fn written(field: &str, text: &str) -> Result<String, ApiError> {
    let text = text::paragraphs(text);
    match text.chars().count() {
        0 => Err(ApiError::field(format!("/{field}"), FieldCode::TooShort)),
        1..=LONGEST => Ok(text),
        _ => Err(ApiError::field(format!("/{field}"), FieldCode::TooLong)),
    }
}

/// Ask for something to be done with my data
///
/// What the app can do itself (change the name, take back a consent, export, erase) is done at
/// once there. Everything else is answered by a person, in time.
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "It is in the register", body = RequestView),
        (status = 409, description = "Problem `action_not_allowed`: ten are open already"),
    )
)]
#[post("/v1/me/requests")]
pub(super) async fn submit_request(
    app: Data<App>,
    citizen: Citizen,
    key: Repeatable,
    Json(body): Json<SubmitRequest>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "subject_request.submit", Some(citizen.id.uuid()), &body);
    let unknown = |_| ApiError::field("/kind", FieldCode::Unknown);
    let kind: RequestKind = body.kind.parse().map_err(unknown)?;
    let asked = (kind, written("text", &body.text)?);
    let (now, calendar) = (app.now(), calendar(&app.snapshot()));
    let submitting = app.database.write(move |tx| {
        let submitted = once(tx, &now, key.as_ref(), |tx| {
            personal::submit_request(tx, &now, &calendar, &citizen, asked).map(|request| request.id)
        })?;
        let all = personal::requests_of(tx, &citizen);
        made(all, |request| request.id == submitted, PersonalError::NotFound)
    });
    Ok(HttpResponse::Created().json(RequestView::from(submitting.await?)))
}

/// What I have asked for
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The latest first", body = PageView<RequestView>))
)]
#[get("/v1/me/requests")]
pub(super) async fn requests(app: Data<App>, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    let requests = app.database.read(move |tx| personal::requests_of(tx, &citizen)).await?;
    let items = requests.into_iter().map(RequestView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}
