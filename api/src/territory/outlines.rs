//! The communes as a map to draw.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::HeaderValue,
    web::{self, Data},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    App,
    extract::Query,
    lookup::{Freshness, coding, send_form},
    problem::{ApiError, Code},
};

/// How exact the outlines are.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Detail {
    /// For drawing: about 90 metres off at most, 0.4 MB.
    #[default]
    Simplified,
    /// As surveyed: 4 MB.
    Full,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OutlinesQuery {
    /// How exact the outlines are; `simplified` when absent.
    #[serde(default)]
    #[param(inline)]
    detail: Detail,
}

/// The outlines of the communes
///
/// GeoJSON (RFC 7946), one feature for each commune, its code the id.
#[utoipa::path(
    tag = "territory",
    params(OutlinesQuery),
    responses(
        (
            status = 200,
            description = "A feature collection",
            content_type = "application/geo+json",
            body = Object,
        ),
        (status = 304, description = "As the client has it"),
    )
)]
#[get("/v1/communes.geojson")]
pub(super) async fn draw_communes(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<OutlinesQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let body = Arc::clone(match query.detail {
        Detail::Simplified => &snapshot.simplified_outlines,
        Detail::Full => &snapshot.full_outlines,
    });
    let coding = coding(&request);
    // Whoever asks first for a coding waits until the body is compressed: not on this thread.
    let form = web::block(move || body.form(coding)).await;
    let form = form.map_err(|_| ApiError::new(Code::Internal))?;
    let content_type = HeaderValue::from_static("application/geo+json");
    Ok(send_form(&request, &form, content_type, Freshness::Outlines))
}
