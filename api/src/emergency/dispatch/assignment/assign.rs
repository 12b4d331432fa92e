//! Sending a unit.

use actix_web::{HttpResponse, post, web::Data};
use domain::{
    emergency::{self, AssignError, Assignment, AssignmentOrder, EmergencyId},
    idempotency::once,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::DispatchView;
use crate::{
    App,
    extract::{Json, Path, Repeatable},
    identity::Dispatcher,
    problem::{ApiError, Code, FieldCode},
};

/// Who shall go.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DispatchUnit {
    /// The unit.
    unit_id: Uuid,
    /// Although it is bound elsewhere, or off shift.
    #[serde(default)]
    force: bool,
}

impl From<AssignError> for ApiError {
    fn from(error: AssignError) -> Self {
        match error {
            AssignError::Handling(error) => error.into(),
            AssignError::NoUnit => Self::field("/unit_id", FieldCode::Unknown),
            AssignError::OffShift => Self::new(Code::UnitOffShift),
            AssignError::Busy(binding) => Self::new(Code::UnitBusy)
                .with("dispatch", binding.as_deref().map_or(Value::Null, bound)),
            AssignError::Store(error) => error.into(),
        }
    }
}

fn bound(by: &Assignment) -> Value {
    json!({ "id": by.id, "emergency_id": by.emergency, "status": by.status })
}

/// Send a unit
///
/// By the holder of the emergency. A unit is bound by one emergency at a time, unless `force` is
/// said; of two who send the same unit at once, one wins.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(
        ("id" = Uuid, Path, description = "The emergency"),
        ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours"),
    ),
    request_body = DispatchUnit,
    responses(
        (status = 201, description = "It is sent", body = DispatchView),
        (status = 409, description = "Problem `unit_busy` with `dispatch`, `unit_off_shift`, `not_holder` or `action_not_allowed`"),
        (status = 422, description = "Problem `validation_failed`: no such unit, or out of reach"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/dispatches")]
pub(super) async fn dispatch_unit(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<EmergencyId>,
    key: Repeatable,
    Json(body): Json<DispatchUnit>,
) -> Result<HttpResponse, ApiError> {
    let (now, by) = (app.now(), dispatcher.staff().id.uuid());
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let key = key.bind(&*app.keys, "emergency.dispatch", Some(by), &(id, &body));
    let deadlines = app.settings.dispatch_deadlines();
    let order = AssignmentOrder { unit: body.unit_id.into(), forced: body.force, deadlines };
    let order_it = move |tx: &mut Transaction<'_>| {
        once(tx, &now, key.as_ref(), |tx| emergency::assign(tx, &now, &dispatcher, id, order))
    };
    let sent: Assignment = app.database.write(order_it).await?;
    Ok(HttpResponse::Created().json(DispatchView::from(&sent)))
}
