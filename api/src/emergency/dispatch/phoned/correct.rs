//! Putting right what a dispatcher found out.

use actix_web::{HttpResponse, patch, web::Data};
use chrono::{DateTime, Utc};
use domain::emergency::{self, Correction, Fix};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::fields::{Place, kind, known_commune, line};
use crate::{
    App,
    emergency::{
        dispatch::{handling::act, view::QueuedView},
        intake::commune_at,
    },
    extract::{Json, Path},
    identity::Dispatcher,
    problem::{ApiError, FieldCode},
};

/// What a dispatcher found out. What is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::emergency::dispatch) struct Correct {
    /// `police`, `fire`, `medical`, `rescue`, `child`, `other`.
    kind: Option<String>,
    /// The number to call back, at most 40 characters.
    phone: Option<String>,
    /// Where help is needed: it goes before where the phone is.
    location: Option<Place>,
    /// The commune, where there is no location.
    commune_code: Option<String>,
    /// The place in words, at most 1000 characters.
    landmark: Option<String>,
    /// How many people need help.
    people: Option<u32>,
}

impl Correct {
    fn correction(&self, app: &App, at: DateTime<Utc>) -> Result<Correction, ApiError> {
        let place: Option<Fix> =
            self.location.map(Place::reading).transpose()?.map(|reading| reading.arrived(at));
        let named = known_commune(app, self.commune_code.as_deref())?;
        let there = place.and_then(|fix| commune_at(app, fix.position));
        let correction = Correction {
            kind: kind(self.kind.as_deref())?,
            phone: line("/phone", self.phone.as_deref(), 40)?,
            place,
            commune: there.or(named),
            landmark: line("/landmark", self.landmark.as_deref(), 1_000)?,
            people: self.people,
        };
        if correction == Correction::default() {
            return Err(ApiError::field("", FieldCode::Missing));
        }
        Ok(correction)
    }
}

/// Put right where help is needed, what for, and whom to call back
///
/// By its holder, or by anybody who answers for it while nobody holds it. What the caller said
/// stays beside, in `corrections` and `statements`, and does not come back when they say it again.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    request_body = Correct,
    responses(
        (status = 200, description = "It is put right", body = QueuedView),
        (status = 409, description = "Problem `not_holder` with `holder`, or `action_not_allowed`: it has ended"),
        (status = 422, description = "Problem `validation_failed`"),
    )
)]
#[patch("/v1/dispatch/emergencies/{id}")]
pub(in crate::emergency::dispatch) async fn correct(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<Uuid>,
    Json(body): Json<Correct>,
) -> Result<HttpResponse, ApiError> {
    let correction = body.correction(&app, app.now().at)?;
    act(&app, dispatcher, id, move |tx, now, by, id| {
        emergency::correct(tx, now, by, id, &correction)
    })
    .await
}
