//! Places where citizens get something.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::{
    directory::{Facility, FacilityKind},
    territory::{CommuneCode, Position},
};
use infra::snapshot::Snapshot;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    facility_view::FacilityView,
    places::{Found, Places},
};
use crate::{
    App,
    extract::{Path, Query},
    lookup::{Freshness, send_new},
    page::{PageView, limit, page_of_wanted},
    problem::{ApiError, Code, FieldCode},
    trim::{Fields, FieldsQuery, send_page},
};

/// How far around a position is looked when nothing is said, in metres.
const REACH_M: f64 = 20_000.0;
/// The farthest anybody may look, in metres: right across the province.
const FARTHEST_M: f64 = 200_000.0;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FacilitiesQuery {
    /// What to look for: a `kind` of a facility.
    #[param(value_type = Option<String>, example = "hospital")]
    kind: Option<FacilityKind>,
    /// Around which position, `lat,lon`; the answer is then sorted by distance.
    #[param(example = "21.5942,105.8482")]
    near: Option<String>,
    /// How far around `near`, in metres, 1 to 200000; 20000 when absent.
    radius_m: Option<f64>,
    /// In which commune.
    #[param(value_type = Option<String>, example = "05518")]
    commune: Option<CommuneCode>,
    /// Only what is certainly open now, or certainly closed. What is not known is neither.
    open_now: Option<bool>,
    /// Only these parts of each, with commas between them.
    #[param(value_type = Option<String>, example = "id,name,kind,distance_m")]
    fields: Option<Fields>,
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Facilities
///
/// Nearest first where a position is given, which leaves out those without one; else in the order
/// of the alphabet. Of each the answer says whether it is open now, as far as that is known.
#[utoipa::path(
    tag = "directory",
    params(FacilitiesQuery),
    responses(
        (status = 200, description = "The facilities", body = PageView<FacilityView<'_>>),
        (status = 304, description = "As the client has them"),
        (status = 410, description = "Problem `cursor_expired`: the facility at which the page before ended is gone"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    )
)]
#[get("/v1/facilities")]
pub(super) async fn list_facilities(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<FacilitiesQuery>,
) -> Result<HttpResponse, ApiError> {
    let places = Places::now(&app);
    let found = query.candidates(&places)?;
    let at = (limit(query.limit)?, query.cursor.as_deref());
    let id = |(facility, _): &Found<'_>| facility.id.clone();
    let wanted = |(facility, _): &Found<'_>| query.asks_for(facility, &places);
    let page = page_of_wanted("facilities", found, at, id, wanted)?;
    let items: Vec<_> = page.items.into_iter().map(|found| places.view(found)).collect();
    let page = PageView { items, next_cursor: page.next_cursor };
    send_page(&request, &page, query.fields.as_ref(), Freshness::News)
}

/// A facility
#[utoipa::path(
    tag = "directory",
    params(
        ("id" = String, Path, description = "Its id", example = "osm-way-1091993287"),
        FieldsQuery,
    ),
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
    Query(query): Query<FieldsQuery>,
) -> Result<HttpResponse, ApiError> {
    let places = Places::now(&app);
    let facility = places.find(&id).ok_or(ApiError::new(Code::NotFound))?;
    let view = places.view((facility, None));
    match query.fields {
        Some(fields) => Ok(send_new(&request, &fields.of_record(&view)?, Freshness::News)),
        None => Ok(send_new(&request, &view, Freshness::News)),
    }
}

impl FacilitiesQuery {
    fn asks_for(&self, facility: &Facility, places: &Places) -> bool {
        self.kind.is_none_or(|kind| facility.kind == kind)
            && (self.commune.is_none() || facility.commune == self.commune)
            && (self.open_now.is_none() || places.is_open(facility) == self.open_now)
    }

    /// The facilities in their order: those near, with their distance, or all.
    fn candidates<'p>(&self, places: &'p Places) -> Result<Vec<Found<'p>>, ApiError> {
        known_commune(&places.snapshot, self.commune)?;
        let Some(near) = &self.near else {
            return match self.radius_m {
                Some(_) => Err(wrong("/query/near", FieldCode::Missing)),
                None => Ok(places.all()),
            };
        };
        let radius = self.radius_m.unwrap_or(REACH_M);
        if !(1.0..=FARTHEST_M).contains(&radius) {
            return Err(wrong("/query/radius_m", FieldCode::OutOfRange));
        }
        Ok(places.near(here(near)?, radius))
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
pub(crate) fn known_commune(
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
