//! Several calls about one thing.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::emergency::{self, Emergency, Kind, MergeError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    handling::{Nothing, act},
    view::QueuedView,
};
use crate::{
    App,
    emergency::view::LocationView,
    extract::{Json, Path},
    identity::Dispatcher,
    problem::{ApiError, Code},
};

/// What an emergency shall follow.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Merge {
    /// The emergency that leads: an open one.
    into: Uuid,
}

/// An emergency that is followed under another. It keeps whatever was said and told: open it by
/// its id.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MergedView {
    /// Its id.
    id: Uuid,
    /// What its caller can read out.
    receipt: String,
    /// When the server had it.
    received_at: DateTime<Utc>,
    /// `police`, `fire`, `medical`, `rescue`, `child`, `other`.
    #[schema(value_type = Option<String>)]
    kind: Option<Kind>,
    /// In the caller's own words.
    note: Option<String>,
    /// How many people need help.
    people: Option<u32>,
    /// The newest position.
    location: Option<LocationView>,
    /// Its caller wishes to call it off.
    cancel_requested: bool,
}

impl MergedView {
    pub(super) fn of(emergency: &Emergency, at: DateTime<Utc>) -> Self {
        Self {
            id: emergency.id.uuid(),
            receipt: emergency.receipt.to_string(),
            received_at: emergency.received_at,
            kind: emergency.said.kind,
            note: emergency.said.note.clone(),
            people: emergency.said.people,
            location: emergency.location.map(|fix| LocationView::of(&fix, at)),
            cancel_requested: emergency.cancel_requested_at.is_some(),
        }
    }
}

impl From<MergeError> for ApiError {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::NotLeading { leading, allowed } => {
                let leading = leading.as_deref();
                Self::new(Code::LeadingNotOpen)
                    .with("current_status", json!(leading.map(|leading| leading.status)))
                    .with("merged_into", json!(leading.and_then(|leading| leading.merged_into)))
                    .with("allowed_actions", json!(allowed))
            }
            MergeError::Handling(error) => error.into(),
        }
    }
}

/// Let an emergency follow another
///
/// Its caller follows that one from now on, and so do those that followed it already. Whatever was
/// said stays with the call it came with. The leading one becomes as urgent as the more urgent of
/// both. Who holds either does not change; one that is held is merged by its holder.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    request_body = Merge,
    responses(
        (status = 200, description = "It is followed under the other", body = QueuedView),
        (status = 409, description = "Problem `leading_not_open`: what it shall follow is not there, \
            has ended, or follows `merged_into` itself; or `not_holder`, or `action_not_allowed`"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/merge")]
pub(super) async fn merge(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Merge { into }): Json<Merge>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, move |tx, now, by, id| {
        emergency::merge(tx, now, by, (id, into.into()))
    })
    .await
}

/// Let an emergency stand by itself again
///
/// In the state it had: held by whoever held it, or waiting in the queue.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    responses(
        (status = 200, description = "It stands by itself", body = QueuedView),
        (status = 409, description = "Problem `action_not_allowed`: it follows none"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/unmerge")]
pub(super) async fn unmerge(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, |tx, now, by, id| emergency::unmerge(tx, now, by, id)).await
}
