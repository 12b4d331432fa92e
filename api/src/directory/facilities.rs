//! Places where citizens get something.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::NaiveDate;
use domain::{
    directory::Facility,
    territory::{CommuneCode, Position},
};
use infra::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    App,
    extract::{Nothing, Path, Query},
    lookup::{Freshness, send_new},
    page::{PageView, limit, page_of},
    problem::{ApiError, Code, FieldCode},
    territory::PositionView,
};

/// How far around a position is looked when nothing is said, in metres.
const REACH_M: f64 = 20_000.0;
/// The farthest anybody may look, in metres: right across the province.
const FARTHEST_M: f64 = 200_000.0;

/// A place where citizens get something.
#[derive(Debug, Serialize, ToSchema)]
struct FacilityView<'s> {
    /// Its id.
    id: &'s str,
    /// What it is.
    #[schema(example = "hospital")]
    kind: &'s str,
    /// Its name.
    name: &'s str,
    /// Its postal address, as far as it is known.
    address: Option<&'s str>,
    /// The code of the commune it lies in.
    commune: Option<String>,
    /// Where it is; `null` where only its name is known.
    position: Option<PositionView>,
    /// The distance from the position asked about, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
    /// Its telephone number.
    phone: Option<&'s str>,
    /// Whose list it comes from.
    source: &'s str,
    /// Where that list can be looked up.
    source_url: Option<&'s str>,
    /// Under which licence the data is shown.
    licence: &'s str,
    /// Of which day the data is.
    data_as_of: Option<NaiveDate>,
}

impl<'s> FacilityView<'s> {
    fn new(facility: &'s Facility, metres: Option<f64>) -> Self {
        Self {
            id: &facility.id,
            kind: &facility.kind,
            name: &facility.name,
            address: facility.address.as_deref(),
            commune: facility.commune.map(String::from),
            position: facility.position.map(PositionView::from),
            distance_m: metres.map(f64::round),
            phone: facility.phone.as_deref(),
            source: &facility.source,
            source_url: facility.source_url.as_deref(),
            licence: &facility.licence,
            data_as_of: facility.data_as_of,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FacilitiesQuery {
    /// What to look for.
    #[param(example = "hospital")]
    kind: Option<String>,
    /// Around which position, `lat,lon`; the answer is then sorted by distance.
    #[param(example = "21.5942,105.8482")]
    near: Option<String>,
    /// How far around `near`, in metres, 1 to 200000; 20000 when absent.
    radius_m: Option<f64>,
    /// In which commune.
    #[param(value_type = Option<String>, example = "05518")]
    commune: Option<CommuneCode>,
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Facilities
///
/// Nearest first where a position is given, which leaves out those without one; else in the order
/// of the alphabet.
#[utoipa::path(
    tag = "directory",
    params(FacilitiesQuery),
    responses(
        (status = 200, description = "The facilities", body = PageView<FacilityView<'_>>),
        (status = 304, description = "As the client has them"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    )
)]
#[get("/v1/facilities")]
pub(super) async fn list_facilities(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<FacilitiesQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let views = query
        .candidates(&snapshot)?
        .into_iter()
        .filter(|(facility, _)| query.kind.as_ref().is_none_or(|kind| facility.kind == *kind))
        .filter(|(facility, _)| query.commune.is_none() || facility.commune == query.commune)
        .map(|(facility, metres)| FacilityView::new(facility, metres))
        .collect();
    let (limit, cursor) = (limit(query.limit)?, query.cursor.as_deref());
    let page = page_of("facilities", views, limit, cursor, |view| view.id.to_owned())?;
    Ok(send_new(&request, &page, Freshness::Data))
}

/// A facility
#[utoipa::path(
    tag = "directory",
    params(("id" = String, Path, description = "Its id", example = "osm-way-1091993287")),
    responses(
        (status = 200, description = "The facility", body = FacilityView<'_>),
        (status = 304, description = "As the client has it"),
        (status = 404, description = "Problem `not_found`"),
    )
)]
#[get("/v1/facilities/{id}")]
pub(super) async fn read_facility(
    request: HttpRequest,
    app: Data<App>,
    Path(id): Path<String>,
    _: Query<Nothing>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let facility = snapshot.facilities.iter().find(|facility| facility.id == id);
    let facility = facility.ok_or(ApiError::new(Code::NotFound))?;
    Ok(send_new(&request, &FacilityView::new(facility, None), Freshness::Data))
}

impl FacilitiesQuery {
    /// The facilities in their order: those near, with their distance, or all.
    fn candidates<'s>(
        &self,
        snapshot: &'s Snapshot,
    ) -> Result<Vec<(&'s Facility, Option<f64>)>, ApiError> {
        known_commune(snapshot, self.commune)?;
        let Some(near) = &self.near else {
            return match self.radius_m {
                Some(_) => Err(wrong("/query/near", FieldCode::Missing)),
                None => Ok(snapshot.facilities.iter().map(|facility| (facility, None)).collect()),
            };
        };
        let radius = self.radius_m.unwrap_or(REACH_M);
        if !(1.0..=FARTHEST_M).contains(&radius) {
            return Err(wrong("/query/radius_m", FieldCode::OutOfRange));
        }
        let near = snapshot.facility_map.near(here(near)?, radius).into_iter();
        Ok(near
            .filter_map(|(number, metres)| Some((snapshot.facilities.get(number)?, Some(metres))))
            .collect())
    }
}

/// The position in `lat,lon`.
fn here(near: &str) -> Result<Position, ApiError> {
    let degrees = near.split_once(',').and_then(|(lat, lon)| {
        Some((lat.trim().parse::<f64>().ok()?, lon.trim().parse::<f64>().ok()?))
    });
    let (lat, lon) = degrees.ok_or(wrong("/query/near", FieldCode::WrongForm))?;
    Position::new(lat, lon).map_err(|_| wrong("/query/near", FieldCode::OutOfRange))
}

/// Refuses a commune that does not exist: an empty answer would hide the mistake.
pub(super) fn known_commune(
    snapshot: &Snapshot,
    commune: Option<CommuneCode>,
) -> Result<(), ApiError> {
    match commune {
        Some(code) if snapshot.commune(code).is_none() => {
            Err(wrong("/query/commune", FieldCode::Unknown))
        }
        _ => Ok(()),
    }
}

fn wrong(pointer: &str, code: FieldCode) -> ApiError {
    ApiError::new(Code::InvalidQuery).with_field(pointer, code)
}
