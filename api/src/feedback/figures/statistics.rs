//! How well reports are answered: for the desk, for everybody, and of one's own.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::feedback;

use super::{
    query::StatisticsQuery,
    view::{FeedbackStatisticsView, OwnStatisticsView},
};
use crate::{
    App,
    extract::Query,
    feedback::calendar,
    identity::{Citizen, Officer},
    limits::Limited,
    lookup::{self, Freshness},
    problem::ApiError,
};

/// How well reports are answered, as far as the officer reaches.
///
/// Of what came in some days, all together and by what they have in common. From fewer than
/// `minimum_sample` no share, no time and no rating is told, only how many they are. Working days
/// count from the first one after the day of arrival. What came by every way counts, sealed
/// reports among them.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(StatisticsQuery),
    responses(
        (status = 200, description = "The figures", body = FeedbackStatisticsView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 422, description = "Problem `invalid_query`"),
    ),
)]
#[get("/v1/desk/statistics")]
pub(super) async fn desk_statistics(
    app: Data<App>,
    officer: Officer,
    Query(query): Query<StatisticsQuery>,
) -> Result<HttpResponse, ApiError> {
    let (at, calendar) = (app.now().at, calendar(&app.snapshot()));
    let asked = query.asked(&app, at)?;
    let period = asked.0.period;
    let statistics = app
        .database
        .read(move |tx| feedback::statistics(tx, &officer, asked, (&calendar, at)))
        .await?;
    Ok(HttpResponse::Ok().json(FeedbackStatisticsView::of(statistics, period)))
}

/// How well reports are answered, for everybody.
///
/// As the figures of the desk, of what is published, without what is confidential or has to take a
/// statutory way. Counted anew at most every five minutes, and for one address not without end.
#[utoipa::path(
    tag = "feedback",
    params(StatisticsQuery),
    responses(
        (status = 200, description = "The figures", body = FeedbackStatisticsView),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 422, description = "Problem `invalid_query`"),
        (status = 429, description = "Problem `rate_limited`"),
    ),
)]
#[get("/v1/feedback/statistics")]
pub(super) async fn public_statistics(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<StatisticsQuery>,
) -> Result<HttpResponse, ApiError> {
    let at = app.now().at;
    let asked = query.asked(&app, at)?;
    let count = async || -> Result<Vec<u8>, ApiError> {
        app.limits.admit(Limited::Statistics, &request)?;
        let (asked, calendar) = (asked.clone(), calendar(&app.snapshot()));
        let period = asked.0.period;
        let statistics = app
            .database
            .read(move |tx| feedback::public_statistics(tx, asked, (&calendar, at)))
            .await?;
        Ok(lookup::json(&FeedbackStatisticsView::of(statistics, period)))
    };
    let body = app.public_figures.statistics.get(asked.clone(), at, count).await?;
    Ok(lookup::send(&request, &body, Freshness::News))
}

/// What became of my reports. Not of what I reported anonymously.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    responses(
        (status = 200, description = "The figures", body = OwnStatisticsView),
        (status = 401, description = "Problem `unauthorized`"),
    ),
)]
#[get("/v1/me/feedback/statistics")]
pub(super) async fn own_statistics(
    app: Data<App>,
    citizen: Citizen,
) -> Result<HttpResponse, ApiError> {
    let (at, calendar) = (app.now().at, calendar(&app.snapshot()));
    let figures =
        app.database.read(move |tx| feedback::own_figures(tx, &citizen, (&calendar, at))).await?;
    Ok(HttpResponse::Ok().json(OwnStatisticsView::from(figures)))
}
