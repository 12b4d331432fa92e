//! The communes themselves.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::territory::CommuneCode;
use infra::snapshot::Snapshot;

use super::view::CommuneView;
use crate::{
    App,
    extract::{Nothing, Path, Query},
    lookup::{Freshness, json, send, send_new},
    page::{PageQuery, PageView, page_of},
    problem::{ApiError, Code},
};

/// The communes and wards
///
/// All of them in one page, in the order of the alphabet, unless `limit` asks for less.
#[utoipa::path(
    tag = "territory",
    params(PageQuery),
    responses(
        (status = 200, description = "The communes", body = PageView<CommuneView<'_>>),
        (status = 304, description = "As the client has them"),
    )
)]
#[get("/v1/communes")]
pub(super) async fn list_communes(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    if request.query_string().is_empty() {
        let all = || PageView { items: views(&snapshot), next_cursor: None };
        let body = snapshot.shelf.body("communes", || json(&all()));
        return Ok(send(&request, &body, Freshness::Data));
    }
    let limit = query.limit_or(snapshot.communes.len())?;
    let cursor = query.cursor.as_deref();
    let page = page_of("communes", views(&snapshot), limit, cursor, CommuneView::key)?;
    Ok(send_new(&request, &page, Freshness::Data))
}

/// A commune
#[utoipa::path(
    tag = "territory",
    params(("code" = String, Path, description = "Its code", example = "05443")),
    responses(
        (status = 200, description = "The commune", body = CommuneView<'_>),
        (status = 304, description = "As the client has it"),
        (status = 404, description = "Problem `not_found`"),
    )
)]
#[get("/v1/communes/{code}")]
pub(super) async fn read_commune(
    request: HttpRequest,
    app: Data<App>,
    Path(code): Path<CommuneCode>,
    _: Query<Nothing>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let commune = snapshot.commune(code).ok_or(ApiError::new(Code::NotFound))?;
    Ok(send_new(&request, &CommuneView::from(commune), Freshness::Data))
}

fn views(snapshot: &Snapshot) -> Vec<CommuneView<'_>> {
    snapshot.communes.iter().map(CommuneView::from).collect()
}
