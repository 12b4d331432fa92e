//! How emergencies end, and how one that ended is taken up again.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    emergency::{self, Disposition},
    text,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    handling::{Nothing, act, because, words},
    view::QueuedView,
};
use crate::{
    App,
    extract::{Json, Path},
    identity::Dispatcher,
    problem::{ApiError, FieldCode},
};

/// How an emergency ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resolve {
    /// One of `GET /v1/dispatch/dispositions`, by its code, or by its bare number where it is one
    /// of the common ones.
    #[schema(value_type = String, example = "handled")]
    disposition: Named,
    /// In the dispatcher's words, up to 4000 characters.
    note: Option<String>,
}

/// A disposition as clients name it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Named {
    /// By its code.
    Code(String),
    /// By the number of a common one.
    Number(u64),
}

/// Why an emergency is taken up again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reopen {
    /// 1 to 500 characters, for colleagues.
    reason: Option<String>,
}

impl Named {
    fn known(&self) -> Result<Disposition, ApiError> {
        let known = match self {
            Self::Code(code) => code.trim().parse(),
            Self::Number(number) => number.to_string().parse(),
        };
        known.map_err(|_| ApiError::field("/disposition", FieldCode::Unknown))
    }
}

/// Say how an emergency ended
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    request_body = Resolve,
    responses(
        (status = 200, description = "It is resolved", body = QueuedView),
        (status = 409, description = "Problem `not_holder` or `action_not_allowed`"),
        (status = 422, description = "Problem `validation_failed`: there is no such disposition"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/resolve")]
pub(super) async fn resolve(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Resolve { disposition, note }): Json<Resolve>,
) -> Result<HttpResponse, ApiError> {
    let disposition = disposition.known()?;
    let note = note.map(|note| words("/note", &text::paragraphs(&note), 4_000)).transpose()?;
    act(&app, dispatcher, id, move |tx, now, by, id| {
        emergency::resolve(tx, now, by, id, disposition, note.as_deref())
    })
    .await
}

/// Agree that an emergency is called off
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    responses(
        (status = 200, description = "It is cancelled", body = QueuedView),
        (status = 409, description = "Problem `not_holder` or `action_not_allowed`"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/cancellation/confirm")]
pub(super) async fn confirm_cancellation(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, |tx, now, by, id| emergency::confirm_cancellation(tx, now, by, id))
        .await
}

/// Go on helping although the caller called it off
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    responses(
        (status = 200, description = "It goes on", body = QueuedView),
        (status = 409, description = "Problem `not_holder` or `action_not_allowed`"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/cancellation/reject")]
pub(super) async fn reject_cancellation(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, |tx, now, by, id| emergency::reject_cancellation(tx, now, by, id))
        .await
}

/// Take up an emergency again that had ended
///
/// The caller holds it then: who finds that something is left to do sees to it. The reason is kept
/// as a note.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    request_body = Reopen,
    responses(
        (status = 200, description = "The caller holds it", body = QueuedView),
        (status = 409, description = "Problem `action_not_allowed`: it has not ended"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/reopen")]
pub(super) async fn reopen(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Reopen { reason }): Json<Reopen>,
) -> Result<HttpResponse, ApiError> {
    let reason = because(reason)?;
    act(&app, dispatcher, id, move |tx, now, by, id| {
        emergency::reopen(tx, now, by, id, reason.as_deref())
    })
    .await
}
