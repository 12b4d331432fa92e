//! Whether the process lives, and whether it can do its work.

use actix_web::{HttpResponse, get, web::Data};
use serde_json::json;

use crate::{App, problem::ApiError};

/// The process lives.
#[utoipa::path(tag = "system", responses((status = 200, description = "The process lives")))]
#[get("/healthz")]
pub(super) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The service can do its work: the store answers, its schema is up to date, the index is built. `spooled`
/// calls for help wait on this process's disk to be stored.
#[utoipa::path(tag = "system", responses(
    (status = 200, description = "The service can do its work"),
    (status = 503, description = "Problem `unavailable`: the store does not answer"),
))]
#[get("/readyz")]
pub(super) async fn readyz(app: Data<App>) -> Result<HttpResponse, ApiError> {
    app.database.read(|tx| tx.ping().map_err(ApiError::from)).await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready", "spooled": app.spool.waiting() })))
}
