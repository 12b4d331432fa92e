//! What was published, for the programs of others: as GeoJSON, and as a feed to subscribe to.

use actix_web::{HttpRequest, HttpResponse, get, http::header::HeaderValue, web::Data};
use infra::snapshot::Prepared;
use serde::Serialize;

use super::{
    find,
    map::{Collection, Feature},
    query::{FeedQuery, PublicQuery},
    rss,
    view::PublicView,
};
use crate::{
    App,
    extract::Query,
    lookup::{self, Freshness},
    problem::ApiError,
};

/// How many reports a feed holds.
const LATEST: usize = 50;

/// What was published, as features of a map.
///
/// GeoJSON (RFC 7946), in pages, by the same questions as the list.
#[utoipa::path(
    tag = "feedback",
    params(PublicQuery),
    responses(
        (status = 200, description = "A feature collection with `next_cursor`", body = Object,
         content_type = "application/geo+json"),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/feedback.geojson")]
pub(in crate::feedback) async fn geojson(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<PublicQuery>,
) -> Result<HttpResponse, ApiError> {
    let (found, next) = find::page(&app, query).await?;
    let feature = |found: find::Found| Feature::at(found.0.position, PublicView::found(found));
    let features = found.into_iter().map(feature).collect();
    Ok(send_geojson(&request, &Collection::of(features, next)))
}

/// What was published lately, to subscribe to.
///
/// RSS 2.0: the latest fifty, of one category or commune where that is asked for.
#[utoipa::path(
    tag = "feedback",
    params(FeedQuery),
    responses(
        (status = 200, description = "A feed", body = String, content_type = "application/rss+xml"),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 422, description = "Problem `invalid_query`"),
    ),
)]
#[get("/v1/feedback.rss")]
pub(in crate::feedback) async fn feed(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<FeedQuery>,
) -> Result<HttpResponse, ApiError> {
    let filter = query.filter(&app)?;
    let reports = find::latest(&app, &filter, LATEST).await?;
    let feed = rss::feed(&app, &reports);
    Ok(send(&request, feed, HeaderValue::from_static("application/rss+xml; charset=utf-8")))
}

/// Sends `collection` as GeoJSON, or 304.
pub(super) fn send_geojson(request: &HttpRequest, collection: &impl Serialize) -> HttpResponse {
    let content_type = HeaderValue::from_static("application/geo+json");
    send(request, lookup::json(collection), content_type)
}

fn send(request: &HttpRequest, body: Vec<u8>, content_type: HeaderValue) -> HttpResponse {
    let form = Prepared::new(body).form(lookup::coding(request));
    lookup::send_form(request, &form, content_type, Freshness::Withdrawable)
}
