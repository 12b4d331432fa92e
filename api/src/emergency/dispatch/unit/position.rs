//! Where units are.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    emergency::{self, Quality, Reading, UnitId},
    territory::Position,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    App,
    extract::{Json, Path},
    identity::OnCall,
    problem::{ApiError, FieldCode},
};

/// The most positions of one batch.
const MOST: usize = 500;

/// One position; or `locations`, several in any order, and nothing else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TellPosition {
    /// Degrees north.
    lat: Option<f64>,
    /// Degrees east.
    lon: Option<f64>,
    /// Within how many metres.
    accuracy_m: Option<f64>,
    /// Metres a second.
    speed_mps: Option<f64>,
    /// Degrees clockwise from north.
    bearing_deg: Option<f64>,
    /// When, by the phone's clock.
    fixed_at: Option<DateTime<Utc>>,
    /// How long ago, in milliseconds by the phone's own count, which beats its clock.
    age_ms: Option<u64>,
    /// Several, in any order.
    locations: Option<Vec<Point>>,
}

/// Where a unit is, or was.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Point {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
    /// Within how many metres.
    accuracy_m: Option<f64>,
    /// Metres a second.
    speed_mps: Option<f64>,
    /// Degrees clockwise from north.
    bearing_deg: Option<f64>,
    /// When, by the phone's clock.
    fixed_at: Option<DateTime<Utc>>,
    /// How long ago, in milliseconds by the phone's own count, which beats its clock.
    age_ms: Option<u64>,
}

/// What became of positions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PositionTaken {
    /// Whether the newest of them is where the unit is now known to be; else a newer one was known.
    newest: bool,
}

impl Point {
    /// What was told at `pointer`.
    fn reading(self, pointer: &str) -> Result<Reading, ApiError> {
        let position = Position::new(self.lat, self.lon).map_err(|_| {
            let name = if Position::new(self.lat, 0.0).is_err() { "lat" } else { "lon" };
            ApiError::field(format!("{pointer}/{name}"), FieldCode::OutOfRange)
        })?;
        let quality = Quality {
            accuracy_m: self.accuracy_m,
            speed_mps: self.speed_mps,
            bearing_deg: self.bearing_deg,
            ..Quality::default()
        };
        Ok(Reading { position, quality, fixed_at: self.fixed_at, age_ms: self.age_ms })
    }
}

impl TellPosition {
    fn checked(self) -> Result<Vec<Reading>, ApiError> {
        let Some(points) = self.locations else { return Ok(vec![self.point()?.reading("")?]) };
        match points.len() {
            0 => Err(ApiError::field("/locations", FieldCode::TooShort)),
            count if count > MOST => Err(ApiError::field("/locations", FieldCode::TooLong)),
            _ => {
                let points = points.into_iter().enumerate();
                points.map(|(index, point)| point.reading(&format!("/locations/{index}"))).collect()
            }
        }
    }

    /// The one position that was told.
    fn point(self) -> Result<Point, ApiError> {
        let missing = |name: &str| ApiError::field(format!("/{name}"), FieldCode::Missing);
        Ok(Point {
            lat: self.lat.ok_or_else(|| missing("lat"))?,
            lon: self.lon.ok_or_else(|| missing("lon"))?,
            accuracy_m: self.accuracy_m,
            speed_mps: self.speed_mps,
            bearing_deg: self.bearing_deg,
            fixed_at: self.fixed_at,
            age_ms: self.age_ms,
        })
    }
}

/// Tell where a unit is
///
/// One position, or `{"locations": [..]}` in any order. The newest by time counts: what arrives
/// late moves nothing.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The unit")),
    request_body = TellPosition,
    responses(
        (status = 200, description = "What became of them", body = PositionTaken),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
        (status = 422, description = "Problem `validation_failed`"),
    )
)]
#[post("/v1/dispatch/units/{id}/location")]
pub(super) async fn locate_unit(
    app: Data<App>,
    by: OnCall,
    Path(id): Path<UnitId>,
    Json(body): Json<TellPosition>,
) -> Result<HttpResponse, ApiError> {
    let (now, readings) = (app.now(), body.checked()?);
    let locate =
        move |tx: &mut Transaction<'_>| emergency::locate_unit(tx, &now, &by, id, &readings);
    let newest = app.database.write(locate).await?;
    Ok(HttpResponse::Ok().json(PositionTaken { newest }))
}
