//! Whether the process lives, and whether it can do its work.

use actix_web::{HttpResponse, get, web::Data};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::{
    App,
    extract::Query,
    problem::{ApiError, Code},
};

/// The process lives.
#[utoipa::path(tag = "system", responses((status = 200, description = "The process lives")))]
#[get("/healthz")]
pub(super) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The service can do its work: the store answers, its schema is up to date, the index is built. `spooled`
/// calls for help wait on this process's disk to be stored.
///
/// `probe` tells how the last call went that the service made itself. Where it got lost `status` is
/// `degraded`, and the answer is 503 to whoever asks `strict`: people who watch, never a balancer, since
/// calls are taken all the same.
#[utoipa::path(tag = "system", params(ReadyParameters), responses(
    (status = 200, description = "The service can do its work"),
    (status = 503, description = "Problem `unavailable`: the store does not answer"),
))]
#[get("/readyz")]
pub(super) async fn readyz(
    app: Data<App>,
    Query(ReadyParameters { strict }): Query<ReadyParameters>,
) -> Result<HttpResponse, ApiError> {
    app.database.read(|tx| tx.ping().map_err(ApiError::from)).await?;
    let probe = app.probe.view(app.now().at);
    let well = probe.as_ref().is_none_or(|probe| probe.ok);
    if !well && strict == Some(true) {
        return Err(ApiError::new(Code::Unavailable).with("probe", json!(probe)));
    }
    let status = if well { "ready" } else { "degraded" };
    let spooled = app.spool.waiting();
    Ok(HttpResponse::Ok().json(json!({ "status": status, "spooled": spooled, "probe": probe })))
}

/// How strictly to judge.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReadyParameters {
    /// Whether a lost probe counts as not ready.
    strict: Option<bool>,
}
