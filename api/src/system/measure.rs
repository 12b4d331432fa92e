//! Figures for Prometheus.

use std::sync::OnceLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AUTHORIZATION, ContentType, HeaderValue},
    web::Data,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use crate::{
    App,
    problem::{ApiError, Code},
};

/// Upper bounds of the classes of answer times, in seconds.
const BOUNDS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The recorder of this process, installed on first use.
///
/// # Errors
/// [`BuildError`] when another recorder was installed before.
pub(crate) fn recorder() -> Result<&'static PrometheusHandle, BuildError> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle);
    }
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BOUNDS)?
        .install_recorder()?;
    Ok(HANDLE.get_or_init(|| handle))
}

/// `GET /metrics`, for the operator: with the token, or from this machine where none is set.
pub(crate) async fn metrics(
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    if !is_operator(&request, &app) {
        return Err(ApiError::new(Code::NotFound));
    }
    app.probe.measure(app.now().at);
    let handle = recorder().map_err(|_| ApiError::new(Code::Internal))?;
    Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body(handle.render()))
}

fn is_operator(request: &HttpRequest, app: &App) -> bool {
    match &app.settings.metrics_token {
        Some(token) => {
            let sent = request.headers().get(AUTHORIZATION).map(HeaderValue::as_bytes);
            let expected = format!("Bearer {}", token.expose_secret());
            sent.is_some_and(|sent| sent.ct_eq(expected.as_bytes()).into())
        }
        // A request that came through a proxy on this machine is not from this machine.
        None => {
            request.peer_addr().is_some_and(|peer| peer.ip().is_loopback())
                && !request.headers().contains_key("x-forwarded-for")
        }
    }
}
