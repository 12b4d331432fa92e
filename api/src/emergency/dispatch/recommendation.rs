//! Which unit to send.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::emergency::{self, EmergencyId, Recommended, Roads};
use serde::Serialize;
use utoipa::ToSchema;

use super::unit::view::UnitView;
use crate::{
    App,
    extract::Path,
    identity::Dispatcher,
    problem::{ApiError, Language},
};

/// The units that could be sent, the best first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecommendedUnitsView {
    /// At most 20.
    items: Vec<RecommendedView>,
}

/// A unit that could be sent, and what speaks for it.
#[derive(Debug, Serialize, ToSchema)]
struct RecommendedView {
    #[serde(flatten)]
    unit: UnitView,
    /// Whether it can do what an emergency of this kind calls for.
    fits: bool,
    /// How old its position is; `null` where it is not known, or too old (1,800 s) to tell.
    position_age_s: Option<i64>,
    /// Metres as the crow flies; `null` where either end is not known.
    straight_line_m: Option<f64>,
    /// How long it may take, in seconds: an estimate, made without a map of the roads.
    travel_estimate_s: Option<f64>,
    /// What the estimate rests on.
    #[schema(example = "straight_line_times_road_factor")]
    basis: &'static str,
}

impl RecommendedView {
    fn of(recommended: Recommended, language: Language, at: DateTime<Utc>) -> Self {
        let travel = recommended.travel;
        Self {
            fits: recommended.fits,
            position_age_s: recommended.position_age.map(|age| age.num_seconds()),
            straight_line_m: travel.map(|way| way.straight_line_m.round()),
            travel_estimate_s: travel.map(|way| way.estimate_s.round()),
            basis: Roads::BASIS,
            unit: UnitView::of(recommended.now, language, at),
        }
    }
}

/// Which unit to send
///
/// On shift and free ones first, then those that can do what the emergency calls for, then the
/// nearest. Times are estimates: the straight line times a road factor, at one speed.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    responses(
        (status = 200, description = "The best first", body = RecommendedUnitsView),
        (status = 404, description = "Problem `not_found`: none, or another agency's"),
    )
)]
#[get("/v1/dispatch/emergencies/{id}/recommended-units")]
pub(super) async fn recommended_units(
    app: Data<App>,
    request: HttpRequest,
    dispatcher: Dispatcher,
    Path(id): Path<EmergencyId>,
) -> Result<HttpResponse, ApiError> {
    let (now, roads) = (app.now(), app.settings.roads());
    let (at, language) = (now.at, Language::of(request.headers()));
    let found = app
        .database
        .snapshot(move |tx| emergency::recommended(tx, &now, &dispatcher, id, roads))
        .await?;
    let items = found.into_iter().map(|each| RecommendedView::of(each, language, at)).collect();
    Ok(HttpResponse::Ok().json(RecommendedUnitsView { items }))
}
