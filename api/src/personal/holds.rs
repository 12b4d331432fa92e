//! Legal holds, for administrators of the province. They name things by id and show nothing of them.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    idempotency::once_untold,
    personal::{self, LegalHold, PlaceHoldError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    extract::{Json, Path, Repeatable, filled_in},
    identity::ChiefAdministrator,
    page::PageView,
    problem::{ApiError, Code, FieldCode},
};

/// The most characters of a reason.
const REASON: usize = 500;

/// What to keep from being erased.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceHold {
    /// The id of a citizen, an emergency or a report.
    subject: Uuid,
    /// The order or law it rests on, 1 to 500 characters. No personal data.
    reason: String,
}

/// A hold that stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HoldView {
    id: Uuid,
    subject: Uuid,
    reason: String,
    placed_by: Uuid,
    placed_at: DateTime<Utc>,
}

impl From<LegalHold> for HoldView {
    fn from(hold: LegalHold) -> Self {
        Self {
            id: hold.id.uuid(),
            subject: hold.subject,
            reason: hold.reason,
            placed_by: hold.placed_by.uuid(),
            placed_at: hold.placed_at,
        }
    }
}

impl From<PlaceHoldError> for ApiError {
    fn from(error: PlaceHoldError) -> Self {
        match error {
            PlaceHoldError::NoSubject => Self::field("/subject", FieldCode::Unknown),
            PlaceHoldError::Store(error) => error.into(),
        }
    }
}

/// Keep something from being erased
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["run_province"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "The hold", body = HoldView),
        (status = 409, description = "Problem `already_exists`: placed under this key before"),
        (status = 422, description = "Problem `validation_failed`: no reason, or no such subject"),
    )
)]
#[post("/v1/admin/legal-holds")]
pub(super) async fn place_hold(
    app: Data<App>,
    by: ChiefAdministrator,
    key: Repeatable,
    Json(body): Json<PlaceHold>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "hold.place", Some(by.staff().id.uuid()), &body);
    let (now, reason) = (app.now(), filled_in("/reason", &body.reason, REASON)?);
    let placing = app.database.write(move |tx| {
        once_untold(tx, &now, key.as_ref(), |tx| {
            personal::place_hold(tx, &now, &by, body.subject, reason)
        })
    });
    let placed = placing.await?.ok_or_else(|| ApiError::new(Code::AlreadyExists))?;
    Ok(HttpResponse::Created().json(HoldView::from(placed)))
}

/// What is kept from being erased
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["run_province"])),
    responses((status = 200, description = "The oldest first", body = PageView<HoldView>))
)]
#[get("/v1/admin/legal-holds")]
pub(super) async fn holds(
    app: Data<App>,
    by: ChiefAdministrator,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let holds = app.database.write(move |tx| personal::holds(tx, &now, &by)).await?;
    let items: Vec<_> = holds.into_iter().map(HoldView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Lift a hold
///
/// What it kept is erased within the hour, where its person asked for that.
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["run_province"])),
    params(("id" = Uuid, Path, description = "The hold")),
    responses((status = 204, description = "It is lifted"))
)]
#[delete("/v1/admin/legal-holds/{id}")]
pub(super) async fn lift_hold(
    app: Data<App>,
    by: ChiefAdministrator,
    Path(id): Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    app.database.write(move |tx| personal::lift_hold(tx, &now, &by, id.into())).await?;
    Ok(HttpResponse::NoContent().finish())
}
