//! Units at work: which there are, on shift and off.

use actix_web::{HttpRequest, HttpResponse, get, put, web::Data};
use domain::emergency::{self, Capability, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{CapabilityView, UnitView, answer};
use crate::{
    App,
    extract::{Json, Path, Query},
    identity::OnCall,
    page::{self, PageQuery, PageView, page_of},
    problem::{ApiError, Language},
};

/// The name of this list in its cursors.
const LIST: &str = "units";

/// Whether a unit is on shift.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PutShift {
    /// On, or off.
    on: bool,
}

/// Everything units can do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CapabilitiesView {
    /// All there are.
    items: Vec<CapabilityView>,
}

/// What units can do
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["work_here"])),
    responses((status = 200, description = "All there are", body = CapabilitiesView))
)]
#[get("/v1/dispatch/capabilities")]
pub(super) async fn list_capabilities(
    request: HttpRequest,
    _: crate::identity::Staff,
) -> Result<HttpResponse, ApiError> {
    let language = Language::of(request.headers());
    let items = Capability::ALL.map(|each| CapabilityView::of(each, language)).into();
    Ok(HttpResponse::Ok().json(CapabilitiesView { items }))
}

/// The units
///
/// In use, by name: for dispatchers those of their agency and the ones below it, for responders
/// their own.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(PageQuery),
    responses((status = 200, description = "The units", body = PageView<UnitView>))
)]
#[get("/v1/dispatch/units")]
pub(super) async fn list_units(
    app: Data<App>,
    request: HttpRequest,
    by: OnCall,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (at, limit) = (app.now().at, page::limit(query.limit)?);
    let language = Language::of(request.headers());
    let units = app.database.snapshot(move |tx| emergency::units(tx, &by)).await?;
    let page = page_of(LIST, units, limit, query.cursor.as_deref(), |now| now.unit.id)?;
    let items = page.items.into_iter().map(|now| UnitView::of(now, language, at)).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: page.next_cursor }))
}

/// A unit
///
/// The `ETag` is what a change names in `If-Match`.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The unit")),
    responses(
        (status = 200, description = "The unit", body = UnitView),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
    )
)]
#[get("/v1/dispatch/units/{id}")]
pub(super) async fn show_unit(
    app: Data<App>,
    request: HttpRequest,
    by: OnCall,
    Path(id): Path<UnitId>,
) -> Result<HttpResponse, ApiError> {
    let language = Language::of(request.headers());
    let unit = app.database.snapshot(move |tx| emergency::unit(tx, &by, id)).await?;
    Ok(answer(&mut HttpResponse::Ok(), unit, language, app.now().at))
}

/// Go on or off shift with a unit
///
/// By its crew or a dispatcher. What it is assigned to stays.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The unit")),
    request_body = PutShift,
    responses(
        (status = 200, description = "As it stands now", body = UnitView),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
    )
)]
#[put("/v1/dispatch/units/{id}/shift")]
pub(super) async fn put_shift(
    app: Data<App>,
    request: HttpRequest,
    by: OnCall,
    Path(id): Path<UnitId>,
    Json(PutShift { on }): Json<PutShift>,
) -> Result<HttpResponse, ApiError> {
    let (now, language) = (app.now(), Language::of(request.headers()));
    let at = now.at;
    let put = app.database.write(move |tx| emergency::put_on_shift(tx, &now, &by, id, on)).await?;
    Ok(answer(&mut HttpResponse::Ok(), put, language, at))
}
