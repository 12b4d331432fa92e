//! What I support and follow.

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    feedback::{FollowerList as _, ListKey, PublicReport, Supports as _},
    page::Page,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    extract::Query,
    feedback::{filters, public::PublicView},
    identity::Citizen,
    page::{self, PageQuery, PageView},
    problem::ApiError,
};

/// What I support, in its cursors.
const SUPPORTED: &str = "my-supported-feedback";
/// What I follow.
const FOLLOWED: &str = "my-followed-feedback";

/// A published report, and since when the caller supports or follows it.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct HeldView {
    /// Since when.
    since: DateTime<Utc>,
    #[serde(flatten)]
    report: PublicView,
}

fn paged(list: &str, page: Page<(PublicReport, DateTime<Utc>), ListKey>) -> PageView<HeldView> {
    let held = |(report, since)| HeldView { since, report: PublicView::from(report) };
    PageView {
        items: page.items.into_iter().map(held).collect(),
        next_cursor: page
            .next
            .map(|ListKey { at, id }| page::cursor(list, &(at.timestamp_micros(), id.uuid()))),
    }
}

/// The published reports that concern me, too, the latest first.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    params(PageQuery),
    responses(
        (status = 200, description = "What I support", body = PageView<HeldView>),
        (status = 401, description = "Problem `unauthorized`"),
    ),
)]
#[get("/v1/me/feedback/supported")]
pub(in crate::feedback) async fn supported(
    app: Data<App>,
    citizen: Citizen,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let stretch = filters::stretch(SUPPORTED, query.cursor.as_deref(), query.limit)?;
    let page = app.database.read(move |tx| tx.supported_by(citizen.id, stretch)).await?;
    Ok(HttpResponse::Ok().json(paged(SUPPORTED, page)))
}

/// The published reports that I follow, the latest first.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    params(PageQuery),
    responses(
        (status = 200, description = "What I follow", body = PageView<HeldView>),
        (status = 401, description = "Problem `unauthorized`"),
    ),
)]
#[get("/v1/me/feedback/followed")]
pub(in crate::feedback) async fn followed(
    app: Data<App>,
    citizen: Citizen,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let stretch = filters::stretch(FOLLOWED, query.cursor.as_deref(), query.limit)?;
    let page = app.database.read(move |tx| tx.followed_by(citizen.id, stretch)).await?;
    Ok(HttpResponse::Ok().json(paged(FOLLOWED, page)))
}
