//! A crew says how far they are, or the holder of the emergency says it for them.

use actix_web::{HttpResponse, post, web::Data};
use domain::emergency::{self, AssignmentId, Step, StepError};
use infra::database::Transaction;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::view::AssignedView;
use crate::{
    App,
    emergency::dispatch::handling::{Nothing, not_holder},
    extract::{Json, Path, filled_in},
    identity::OnCall,
    problem::{ApiError, Code},
};

/// The longest reason, in characters.
const REASON: usize = 500;

/// Why a unit does not go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    /// At most 500 characters, for colleagues.
    reason: Option<String>,
}

impl From<StepError> for ApiError {
    fn from(error: StepError) -> Self {
        match error {
            StepError::NotFound => Self::new(Code::NotFound),
            StepError::NotHolder(lease) => not_holder(lease.as_ref()),
            StepError::NotNow { status, allowed } => Self::new(Code::ActionNotAllowed)
                .with("current_status", status.as_str())
                .with("allowed_actions", json!(allowed)),
            StepError::Store(error) => error.into(),
        }
    }
}

/// Takes `step` as one unit of work, and answers the assignment as it is afterwards.
async fn take(
    app: &App,
    by: OnCall,
    id: AssignmentId,
    step: Step,
    reason: Option<String>,
) -> Result<HttpResponse, ApiError> {
    let reason = reason.map(|reason| filled_in("/reason", &reason, REASON)).transpose()?;
    let (now, asking) = (app.now(), by.clone());
    let at = now.at;
    let take = move |tx: &mut Transaction<'_>| {
        emergency::proceed(tx, &now, &asking, id, (step, reason.as_deref()))
    };
    let taken = app.database.write(take).await?;
    Ok(HttpResponse::Ok().json(AssignedView::of(&taken, &by, at)))
}

/// Know of a dispatch
///
/// The crew knows, and sets out.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The dispatch")),
    responses(
        (status = 200, description = "The crew knows; said again, it changes nothing", body = AssignedView),
        (status = 404, description = "Problem `not_found`: none, or somebody else's"),
        (status = 409, description = "Problem `action_not_allowed` or `not_holder`"),
    )
)]
#[post("/v1/dispatches/{id}/acknowledge")]
pub(super) async fn acknowledge(
    app: Data<App>,
    by: OnCall,
    Path(id): Path<AssignmentId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, by, id, Step::Acknowledge, None).await
}

/// Decline a dispatch
///
/// The crew cannot take it; the holder of the emergency sends somebody else.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The dispatch")),
    request_body = Reason,
    responses(
        (status = 200, description = "It is declined; said again, it changes nothing", body = AssignedView),
        (status = 404, description = "Problem `not_found`: none, or somebody else's"),
        (status = 409, description = "Problem `action_not_allowed` or `not_holder`"),
    )
)]
#[post("/v1/dispatches/{id}/decline")]
pub(super) async fn decline(
    app: Data<App>,
    by: OnCall,
    Path(id): Path<AssignmentId>,
    Json(Reason { reason }): Json<Reason>,
) -> Result<HttpResponse, ApiError> {
    take(&app, by, id, Step::Decline, reason).await
}

/// Be on the way
///
/// Who is on the way has acknowledged.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The dispatch")),
    responses(
        (status = 200, description = "The unit is on the way; said again, it changes nothing", body = AssignedView),
        (status = 404, description = "Problem `not_found`: none, or somebody else's"),
        (status = 409, description = "Problem `action_not_allowed` or `not_holder`"),
    )
)]
#[post("/v1/dispatches/{id}/en-route")]
pub(super) async fn en_route(
    app: Data<App>,
    by: OnCall,
    Path(id): Path<AssignmentId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, by, id, Step::EnRoute, None).await
}

/// Be there
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The dispatch")),
    responses(
        (status = 200, description = "The unit is there; said again, it changes nothing", body = AssignedView),
        (status = 404, description = "Problem `not_found`: none, or somebody else's"),
        (status = 409, description = "Problem `action_not_allowed` or `not_holder`"),
    )
)]
#[post("/v1/dispatches/{id}/on-scene")]
pub(super) async fn on_scene(
    app: Data<App>,
    by: OnCall,
    Path(id): Path<AssignmentId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, by, id, Step::OnScene, None).await
}

/// Be free again
///
/// When the last unit is free, the emergency is back with its holder.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The dispatch")),
    responses(
        (status = 200, description = "The unit is free; said again, it changes nothing", body = AssignedView),
        (status = 404, description = "Problem `not_found`: none, or somebody else's"),
        (status = 409, description = "Problem `action_not_allowed` or `not_holder`"),
    )
)]
#[post("/v1/dispatches/{id}/clear")]
pub(super) async fn clear(
    app: Data<App>,
    by: OnCall,
    Path(id): Path<AssignmentId>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    take(&app, by, id, Step::Clear, None).await
}

/// Call a unit back
///
/// By the holder of the emergency alone.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The dispatch")),
    request_body = Reason,
    responses(
        (status = 200, description = "It is called off; said again, it changes nothing", body = AssignedView),
        (status = 404, description = "Problem `not_found`: none, or somebody else's"),
        (status = 409, description = "Problem `action_not_allowed` or `not_holder`"),
    )
)]
#[post("/v1/dispatches/{id}/cancel")]
pub(super) async fn cancel(
    app: Data<App>,
    by: OnCall,
    Path(id): Path<AssignmentId>,
    Json(Reason { reason }): Json<Reason>,
) -> Result<HttpResponse, ApiError> {
    take(&app, by, id, Step::Cancel, reason).await
}
