//! Where much is reported.

use std::ops::RangeInclusive;

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::NaiveDate;
use domain::{feedback::PublicFilter, territory::Position};
use infra::feedback::{Heat, HeatCell};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::out_of_range;
use crate::{
    App,
    extract::Query,
    feedback::filters::{self, Rectangle},
    lookup::{self, Freshness},
    problem::ApiError,
};

/// No cell that holds fewer is told.
const FEWEST: u32 = 5;
/// How narrow cells are when nothing is said: some 5 km² each.
const USUAL: u8 = 7;
/// How wide and how narrow they can be: some 12,000 km² and 0.1 km².
const RESOLUTIONS: RangeInclusive<u8> = 3..=9;

/// Which part of the map, and which reports.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HeatQuery {
    /// `west,south,east,north`, degrees. Cells that meet it are counted whole.
    #[param(value_type = String, example = "105.2,21.3,106.3,22.8")]
    bbox: Rectangle,
    /// The resolution of H3, 3 (some 12,000 km² a cell) to 9 (0.1 km²); 7 when absent.
    #[param(minimum = 3, maximum = 9)]
    resolution: Option<u8>,
    /// Of what came from this day on, by the clocks in Vietnam.
    from: Option<NaiveDate>,
    /// Of what came up to this day, which is counted, too.
    to: Option<NaiveDate>,
    /// Of this category, or of this group.
    category: Option<String>,
}

/// Where much is reported.
#[derive(Serialize, ToSchema)]
struct HeatMapView {
    /// The resolution that was asked for.
    resolution: u8,
    /// No cell that holds fewer is told.
    minimum_sample: u32,
    /// The cells.
    cells: Vec<HeatCellView>,
    /// How many lie where even the widest cell holds too few.
    left_out: u32,
}

/// A cell of the map.
#[derive(Serialize, ToSchema)]
struct HeatCellView {
    /// Its name in H3.
    #[schema(example = "876a5b4d1ffffff")]
    cell: String,
    /// How narrow it is: less than was asked for where it takes up what cells in it hold too
    /// little of.
    resolution: u8,
    /// Its middle.
    #[schema(value_type = Object, example = json!({ "lat": 21.5942, "lon": 105.8482 }))]
    centre: Position,
    /// How many reports lie in it, and in no narrower cell that is told.
    count: u32,
}

impl HeatQuery {
    fn days(&self) -> Result<Option<RangeInclusive<NaiveDate>>, ApiError> {
        let from = self.from.unwrap_or(NaiveDate::MIN);
        let to = self.to.unwrap_or(NaiveDate::MAX);
        match (self.from, self.to) {
            (None, None) => Ok(None),
            _ if from > to => Err(out_of_range("from")),
            _ => Ok(Some(from..=to)),
        }
    }

    fn resolution(&self) -> Result<u8, ApiError> {
        let resolution = self.resolution.unwrap_or(USUAL);
        let known = RESOLUTIONS.contains(&resolution);
        known.then_some(resolution).ok_or_else(|| out_of_range("resolution"))
    }
}

impl From<HeatCell> for HeatCellView {
    fn from(HeatCell { cell, resolution, centre, count }: HeatCell) -> Self {
        Self { cell, resolution, centre, count }
    }
}

/// Where much is reported.
///
/// How many published reports lie in each cell of H3. What a cell holds too little of is counted in
/// the wider cell around it, so that the counts and `left_out` add up; where there would be too many
/// cells all are wider.
#[utoipa::path(
    tag = "feedback",
    params(HeatQuery),
    responses(
        (status = 200, description = "The cells", body = HeatMapView),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 422, description = "Problem `invalid_query`"),
    ),
)]
#[get("/v1/feedback/heatmap")]
pub(super) async fn heat_map(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<HeatQuery>,
) -> Result<HttpResponse, ApiError> {
    let (days, resolution) = (query.days()?, query.resolution()?);
    let known = app.feedback.categories();
    let categories = filters::categories(&known, query.category.as_deref())?;
    let filter = PublicFilter { categories, ..PublicFilter::default() };
    app.board.current().await?;
    let Heat { cells, left_out } =
        app.board.heat(&filter, days, query.bbox.0, (resolution, FEWEST));
    let cells = cells.into_iter().map(HeatCellView::from).collect();
    let view = HeatMapView { resolution, minimum_sample: FEWEST, cells, left_out };
    Ok(lookup::send_new(&request, &view, Freshness::Withdrawable))
}
