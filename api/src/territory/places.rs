//! From a place to its commune: by position, by name.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::{CandidateView, CommuneName};
use crate::{
    App,
    extract::{Query, position, typed},
    lookup::{Freshness, send_new},
    page::PageView,
    problem::{ApiError, Code},
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlaceQuery {
    /// Degrees north, -90 to 90.
    #[param(example = 21.5942)]
    lat: f64,
    /// Degrees east, -180 to 180.
    #[param(example = 105.8482)]
    lon: f64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NameQuery {
    /// The name of a commune, of today or before July 2025, with or without its type, its marks
    /// and its district: `phường Túc Duyên`, `tuc duyen`, `Trung Thành (thành phố Phổ Yên)`.
    #[param(max_length = 200)]
    name: String,
}

/// The commune of a position
#[utoipa::path(
    tag = "territory",
    params(PlaceQuery),
    responses(
        (status = 200, description = "The commune", body = CommuneName<'_>),
        (status = 304, description = "As the client has it"),
        (status = 404, description = "Problem `outside_province`"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/communes/locate")]
pub(super) async fn locate_commune(
    request: HttpRequest,
    app: Data<App>,
    Query(place): Query<PlaceQuery>,
) -> Result<HttpResponse, ApiError> {
    let position = position("/query", place.lat, place.lon)?;
    let snapshot = app.snapshot();
    let commune = snapshot.map.locate(position).and_then(|code| snapshot.commune(code));
    let commune = commune.ok_or(ApiError::new(Code::OutsideProvince))?;
    Ok(send_new(&request, &CommuneName::from(commune), Freshness::Data))
}

/// The communes that a name may mean
///
/// The likeliest first; several where the name is not clear, none where no commune is called so.
/// Where a former commune was divided, all its parts are listed, the default first.
#[utoipa::path(
    tag = "territory",
    params(NameQuery),
    responses(
        (status = 200, description = "The candidates", body = PageView<CandidateView<'_>>),
        (status = 304, description = "As the client has them"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/communes/resolve")]
pub(super) async fn resolve_commune(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<NameQuery>,
) -> Result<HttpResponse, ApiError> {
    let name = typed("/query/name", &query.name)?;
    let snapshot = app.snapshot();
    let candidates = snapshot.gazetteer.resolve(&name);
    let items = candidates
        .iter()
        .filter_map(|candidate| {
            Some(CandidateView::new(candidate, snapshot.commune(candidate.code)?))
        })
        .collect();
    Ok(send_new(&request, &PageView { items, next_cursor: None }, Freshness::Data))
}
