//! The communes themselves.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::territory::CommuneCode;
use infra::snapshot::Snapshot;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::CommuneView;
use crate::{
    App,
    extract::{Path, Query},
    lookup::{Freshness, json, send, send_new},
    page::{self, PageView, page_of},
    problem::{ApiError, Code},
    trim::{Fields, FieldsQuery, send_page},
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CommunesQuery {
    /// The most rows to answer with, at most 100; all where nothing is said.
    #[param(minimum = 1)]
    limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only these parts of each, with commas between them.
    #[param(value_type = Option<String>, example = "code,name")]
    fields: Option<Fields>,
}

/// The communes and wards
///
/// All of them in one page, in the order of the alphabet, unless `limit` asks for less.
#[utoipa::path(
    tag = "territory",
    params(CommunesQuery),
    responses(
        (status = 200, description = "The communes", body = PageView<CommuneView<'_>>),
        (status = 304, description = "As the client has them"),
    )
)]
#[get("/v1/communes")]
pub(super) async fn list_communes(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<CommunesQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    if request.query_string().is_empty() {
        let all = || PageView { items: views(&snapshot), next_cursor: None };
        let body = snapshot.shelf.body("communes", || json(&all()));
        return Ok(send(&request, &body, Freshness::Data));
    }
    let all = snapshot.communes.len();
    let limit = query.limit.map_or(Ok(all), |asked| page::limit(Some(asked)))?;
    let cursor = query.cursor.as_deref();
    let page = page_of("communes", views(&snapshot), limit, cursor, CommuneView::key)?;
    send_page(&request, &page, query.fields.as_ref(), Freshness::Data)
}

/// A commune
#[utoipa::path(
    tag = "territory",
    params(
        ("code" = String, Path, description = "Its code", example = "05443"),
        FieldsQuery,
    ),
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
    Query(query): Query<FieldsQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let commune = snapshot.commune(code).ok_or(ApiError::new(Code::NotFound))?;
    let view = CommuneView::from(commune);
    if let Some(fields) = query.fields {
        return Ok(send_new(&request, &fields.of_record(&view)?, Freshness::Data));
    }
    let body = snapshot.shelf.body(&format!("commune {code}"), || json(&view));
    Ok(send(&request, &body, Freshness::Data))
}

fn views(snapshot: &Snapshot) -> Vec<CommuneView<'_>> {
    snapshot.communes.iter().map(CommuneView::from).collect()
}
