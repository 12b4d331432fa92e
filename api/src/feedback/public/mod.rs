//! What strangers see: published reports, and nothing else.

pub(super) mod feeds;
mod find;
pub(super) mod map;
mod query;
mod rss;
mod view;

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::{
    StoreError,
    feedback::{History as _, NoticeBoard as _, ReportName},
    media,
};
use infra::database::Transaction;

use crate::{
    App,
    extract::{Path, Query},
    lookup::{self, Freshness},
    page::PageView,
    problem::{ApiError, Code},
};
use query::PublicQuery;
pub(super) use view::PublicView;

/// What was published, the latest first; around a position, the nearest first.
#[utoipa::path(
    tag = "feedback",
    params(PublicQuery),
    responses(
        (status = 200, description = "Published reports", body = PageView<PublicView>),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/feedback")]
pub(super) async fn list(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<PublicQuery>,
) -> Result<HttpResponse, ApiError> {
    let (found, next_cursor) = find::page(&app, query).await?;
    let items = found.into_iter().map(PublicView::found).collect();
    // It is not kept without asking: what is hidden has to be gone at once.
    Ok(lookup::send_new(&request, &PageView { items, next_cursor }, Freshness::Withdrawable))
}

/// One published report, by its id or its code.
#[utoipa::path(
    tag = "feedback",
    params(("name" = String, Path, description = "The id or the tracking code")),
    responses(
        (status = 200, description = "The report", body = PublicView),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 404, description = "Problem `not_found`: none, or not public"),
    ),
)]
#[get("/v1/feedback/{name}")]
pub(super) async fn detail(
    app: Data<App>,
    request: HttpRequest,
    Path(name): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let name = named(&name)?;
    let look = move |tx: &mut Transaction<'_>| {
        let Some(report) = tx.shown(&name)? else { return Ok(None) };
        let history = tx.history_of(report.id)?;
        let media = media::of_report(tx, report.id)?;
        Ok::<_, StoreError>(Some(PublicView::with(report, history, &media)))
    };
    let shown = app.database.read(look).await?;
    let view = shown.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(lookup::send_new(&request, &view, Freshness::Withdrawable))
}

/// What a report is called in an address. What names none is answered as what is not there.
pub(super) fn named(name: &str) -> Result<ReportName, ApiError> {
    name.parse().map_err(|_| ApiError::new(Code::NotFound))
}
