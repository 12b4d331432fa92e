//! The map of what was published: clusters from afar, single reports close by.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::{
    feedback::{PublicReport, Status},
    territory::{Bounds, Position},
};
use infra::feedback::Cluster;
use serde::Serialize;

use super::{feeds::send_geojson, find, query::MapQuery};
use crate::{App, extract::Query, problem::ApiError};

/// A collection of features (RFC 7946).
#[derive(Serialize)]
pub(super) struct Collection<P> {
    #[serde(rename = "type")]
    kind: &'static str,
    pub(super) features: Vec<Feature<P>>,
    /// Where the next page starts; `null` on the last one.
    pub(super) next_cursor: Option<String>,
}

/// Something at a place on the map.
#[derive(Serialize)]
pub(super) struct Feature<P> {
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: Option<Point>,
    properties: P,
}

#[derive(Serialize)]
struct Point {
    #[serde(rename = "type")]
    kind: &'static str,
    /// Degrees east, degrees north.
    coordinates: [f64; 2],
}

/// What a feature of the map tells.
#[derive(Serialize)]
#[serde(untagged)]
enum Mark {
    Cluster {
        cluster: bool,
        /// The cell of H3 that they lie in.
        cell: String,
        count: u32,
        /// The rectangle around them: `west,south,east,north`.
        bbox: [f64; 4],
    },
    Report {
        cluster: bool,
        id: String,
        code: String,
        category: String,
        status: Status,
        title: Option<String>,
        location_blurred: bool,
    },
}

impl<P> Collection<P> {
    pub(super) fn of(features: Vec<Feature<P>>, next_cursor: Option<String>) -> Self {
        Self { kind: "FeatureCollection", features, next_cursor }
    }
}

impl<P> Feature<P> {
    pub(super) fn at(position: Option<Position>, properties: P) -> Self {
        let point =
            |place: Position| Point { kind: "Point", coordinates: [place.lon(), place.lat()] };
        Self { kind: "Feature", geometry: position.map(point), properties }
    }
}

impl From<Cluster> for Feature<Mark> {
    fn from(cluster: Cluster) -> Self {
        let Bounds { west, south, east, north } = cluster.bounds;
        let mark = Mark::Cluster {
            cluster: true,
            cell: format!("{:x}", cluster.cell),
            count: cluster.count,
            bbox: [west, south, east, north],
        };
        Self::at(Some(cluster.middle), mark)
    }
}

impl From<PublicReport> for Feature<Mark> {
    fn from(report: PublicReport) -> Self {
        let mark = Mark::Report {
            cluster: false,
            id: report.id.to_string(),
            code: report.code.into(),
            category: report.category,
            status: report.status,
            title: report.title,
            location_blurred: report.blurred,
        };
        Self::at(report.position, mark)
    }
}

/// What was published, as marks on a map.
///
/// GeoJSON (RFC 7946). Up to zoom 15, and where too many lie in view, each feature is a cluster
/// (`cluster: true`) at the middle of its `count` reports, with the cell of H3 that they lie in;
/// clusters are made coarser until they are at most 600. Closer by each is a single report. From
/// zoom 13 on, and where a filter is named, the counts add up to what lies in the rectangle; farther
/// off its edge is some ten pixels wide.
#[utoipa::path(
    tag = "feedback",
    params(MapQuery),
    responses(
        (status = 200, description = "A feature collection", body = Object,
         content_type = "application/geo+json"),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 422, description = "Problem `invalid_query`"),
    ),
)]
#[get("/v1/feedback/map")]
pub(in crate::feedback) async fn map(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<MapQuery>,
) -> Result<HttpResponse, ApiError> {
    let view = query.bbox.0;
    let (filter, zoom) = query.filter(&app)?;
    app.board.current().await?;
    let marks = app.board.marks(&filter, view, zoom);
    let reports = find::shown(&app, marks.places).await?;
    let mut features: Vec<_> = marks.clusters.into_iter().map(Feature::from).collect();
    features.extend(reports.into_iter().map(|(_, report)| Feature::from(report)));
    Ok(send_geojson(&request, &Collection::of(features, None)))
}
