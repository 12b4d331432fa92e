//! How fast help was.

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{directory::AgencyCode, emergency, identity::policy::Scope};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{figures::StatisticsView, keep_up};
use crate::{
    App,
    extract::Query,
    identity::Dispatcher,
    problem::{ApiError, Code, FieldCode},
};

/// Of how many days figures are told when nothing is said.
const USUAL: TimeDelta = TimeDelta::days(7);
/// Of how many days at most.
const LONGEST: TimeDelta = TimeDelta::days(366);
/// How many units of work somebody who asks waits for at most.
const PATIENCE: usize = 50;

/// Of what figures are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StatisticsParameters {
    /// Received from here on; seven days before `to` when absent.
    from: Option<DateTime<Utc>>,
    /// Received before; now when absent. At most 366 days after `from`.
    to: Option<DateTime<Utc>>,
    /// That this agency answers for.
    agency: Option<String>,
}

impl StatisticsParameters {
    fn period(&self, now: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), ApiError> {
        let out_of_range = |name: &str| {
            ApiError::new(Code::InvalidQuery)
                .with_field(format!("/query/{name}"), FieldCode::OutOfRange)
        };
        let to = self.to.unwrap_or(now);
        let usual = to.checked_sub_signed(USUAL).ok_or_else(|| out_of_range("to"))?;
        let from = self.from.unwrap_or(usual);
        if from >= to || to - from > LONGEST {
            return Err(out_of_range("from"));
        }
        Ok((from, to))
    }

    fn agencies(&self) -> Result<Scope, ApiError> {
        let unknown =
            || ApiError::new(Code::InvalidQuery).with_field("/query/agency", FieldCode::Unknown);
        let agency = self.agency.as_deref().map(str::parse::<AgencyCode>).transpose();
        agency.map(Scope::from).map_err(|_| unknown())
    }
}

/// How fast help was
///
/// From the timeline of each emergency that the caller of this request answers for, brought up to
/// date before it is told. Merged ones count once, exercises apart.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(StatisticsParameters),
    responses(
        (status = 200, description = "The figures", body = StatisticsView),
        (status = 422, description = "Problem `invalid_query`: no such period or agency"),
    )
)]
#[get("/v1/dispatch/statistics")]
pub(super) async fn show_statistics(
    app: Data<App>,
    dispatcher: Dispatcher,
    Query(parameters): Query<StatisticsParameters>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let (period, agencies) = (parameters.period(now.at)?, parameters.agencies()?);
    keep_up(&app.database, PATIENCE).await?;
    let statistics = app
        .database
        .read(move |tx| emergency::statistics(tx, &dispatcher, period, agencies))
        .await?;
    Ok(HttpResponse::Ok().json(StatisticsView::of(statistics, period)))
}
