//! What a dispatcher does with an emergency.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    Moment, StoreError,
    emergency::{self, Emergency, EmergencyId, HandlingError, Lease, Priority},
};
use infra::database::Transaction;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::QueuedView;
use crate::{
    App,
    extract::{Json, Path, filled_in},
    identity::Dispatcher,
    problem::{ApiError, Code, FieldCode},
};

/// A body without fields.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// Why an emergency is taken from its holder.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TakeOver {
    /// 1 to 500 characters, for colleagues.
    reason: String,
}

/// How urgent an emergency is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetPriority {
    /// `high`, `normal`, `low`.
    priority: String,
    /// 1 to 500 characters, for colleagues.
    reason: Option<String>,
}

impl From<HandlingError> for ApiError {
    fn from(error: HandlingError) -> Self {
        match error {
            HandlingError::NotFound => Self::new(Code::NotFound),
            HandlingError::AlreadyClaimed(lease) => {
                Self::new(Code::AlreadyClaimed).with("holder", holder(&lease))
            }
            HandlingError::NotHolder(lease) => Self::new(Code::NotHolder)
                .with("holder", lease.as_ref().map_or(Value::Null, holder)),
            HandlingError::NotNow { status, allowed } => Self::new(Code::ActionNotAllowed)
                .with("current_status", status.as_str())
                .with("allowed_actions", json!(allowed)),
            HandlingError::Store(error) => error.into(),
        }
    }
}

fn holder(lease: &Lease) -> Value {
    json!({ "staff_id": lease.holder, "username": lease.username, "since": lease.since })
}

/// Does `action` as one unit of work, and answers the emergency as it is afterwards.
pub(super) async fn act<E>(
    app: &App,
    dispatcher: Dispatcher,
    id: Uuid,
    action: impl FnOnce(&mut Transaction<'_>, &Moment, &Dispatcher, EmergencyId) -> Result<Emergency, E>
    + Send
    + 'static,
) -> Result<HttpResponse, ApiError>
where
    E: From<StoreError> + Send + 'static,
    ApiError: From<E>,
{
    let now = app.now();
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let (at, by) = (now.clone(), dispatcher.clone());
    let done = app
        .database
        .write(move |tx| {
            let done = action(tx, &at, &by, id.into())?;
            emergency::queued(tx, &by, done).map_err(E::from)
        })
        .await?;
    Ok(HttpResponse::Ok().json(QueuedView::of(&done, &dispatcher, now.at)))
}

/// Take an emergency
///
/// Exactly one dispatcher gets it; the others are told who. Its holder may claim it again.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    responses(
        (status = 200, description = "The caller holds it", body = QueuedView),
        (status = 409, description = "Problem `already_claimed` with `holder`, or `action_not_allowed`"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/claim")]
pub(super) async fn claim(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, |tx, now, by, id| emergency::claim(tx, now, by, id)).await
}

/// Still here
///
/// To be sent every 15 s; 45 s after the last one the hold is stale.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    responses(
        (status = 200, description = "The caller still holds it", body = QueuedView),
        (status = 409, description = "Problem `not_holder` with `holder`"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/heartbeat")]
pub(super) async fn heartbeat(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, |tx, now, by, id| emergency::heartbeat(tx, now, by, id)).await
}

/// Give an emergency back to the queue
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    responses(
        (status = 200, description = "It is in the queue again", body = QueuedView),
        (status = 409, description = "Problem `not_holder` or `action_not_allowed`"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/release")]
pub(super) async fn release(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, |tx, now, by, id| emergency::release(tx, now, by, id)).await
}

/// Take an emergency from its holder
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    request_body = TakeOver,
    responses(
        (status = 200, description = "The caller holds it", body = QueuedView),
        (status = 409, description = "Problem `action_not_allowed`: nobody holds it"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/take-over")]
pub(super) async fn take_over(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(TakeOver { reason }): Json<TakeOver>,
) -> Result<HttpResponse, ApiError> {
    let reason = filled_in("/reason", &reason, 500)?;
    act(&app, dispatcher, id, move |tx, now, by, id| emergency::take_over(tx, now, by, id, &reason))
        .await
}

/// Say how urgent an emergency is
///
/// The reason is kept as a note.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    request_body = SetPriority,
    responses(
        (status = 200, description = "It is as urgent as that", body = QueuedView),
        (status = 409, description = "Problem `action_not_allowed`: it has ended"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/priority")]
pub(super) async fn set_priority(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(SetPriority { priority, reason }): Json<SetPriority>,
) -> Result<HttpResponse, ApiError> {
    let priority: Priority =
        priority.parse().map_err(|_| ApiError::field("/priority", FieldCode::Unknown))?;
    let reason = because(reason)?;
    act(&app, dispatcher, id, move |tx, now, by, id| {
        emergency::set_priority(tx, now, by, id, (priority, reason.as_deref()))
    })
    .await
}

/// A reason of 1 to 500 characters, where one is given.
pub(super) fn because(reason: Option<String>) -> Result<Option<String>, ApiError> {
    reason.map(|reason| filled_in("/reason", &reason, 500)).transpose()
}

/// `text`, if it has 1 to `longest` characters.
pub(super) fn words(pointer: &str, text: &str, longest: usize) -> Result<String, ApiError> {
    match text.chars().count() {
        0 => Err(ApiError::field(pointer, FieldCode::TooShort)),
        count if count > longest => Err(ApiError::field(pointer, FieldCode::TooLong)),
        _ => Ok(text.to_owned()),
    }
}
