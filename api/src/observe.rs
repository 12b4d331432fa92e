//! What happens around every request: its id, its line in the log, its metrics, the headers that
//! protect, and the rendering of problems.
//!
//! Logs carry the route pattern, status and time. Never the path as sent, a query, a token, an
//! address or a position.

use std::{cell::RefCell, collections::HashMap, time::Instant};

use actix_web::{
    Error, HttpMessage as _,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
            HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
};
use metrics::Histogram;
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

use crate::{
    limits::Standing,
    problem::{ApiError, Code, Language, render},
};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id by which a request is found in the log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// When a request came in.
struct Started(Instant);

impl RequestId {
    /// The client's own id where it sent a reasonable one, else a new one.
    fn of(request: &ServiceRequest) -> Self {
        let sent = request.headers().get(X_REQUEST_ID).and_then(|value| value.to_str().ok());
        match sent.filter(|id| is_reasonable(id)) {
            Some(id) => Self(id.to_owned()),
            None => Self(numbered()),
        }
    }
}

fn is_reasonable(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// A new id: a prefix of this thread, and a running number.
fn numbered() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    thread_local! {
        static NUMBER: RefCell<(u64, u64)> = RefCell::new((RandomState::new().hash_one(0), 0));
    }
    NUMBER.with_borrow_mut(|(prefix, number)| {
        *number += 1;
        format!("{prefix:016x}-{number}")
    })
}

/// The span of a request, and its line in the log.
pub struct RootSpan;

impl RootSpanBuilder for RootSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = RequestId::of(request);
        let span = tracing::info_span!("request", id = %id.0);
        request.extensions_mut().insert(id);
        request.extensions_mut().insert(Started(Instant::now()));
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let Ok(response) = outcome else { return };
        let request = response.request();
        let route = request.match_pattern().unwrap_or_default();
        let seconds = request
            .extensions()
            .get::<Started>()
            .map_or(0.0, |started| started.0.elapsed().as_secs_f64());
        let (method, status) = (request.method(), response.status());
        record(method, &route, status, seconds);
        span.in_scope(|| {
            let ms = (seconds * 1e6).round() / 1e3;
            tracing::info!(%method, route, status = status.as_u16(), ms, "answered");
        });
    }
}

/// Counts the request. The handle of each histogram is looked up once a thread.
fn record(method: &Method, route: &str, status: StatusCode, seconds: f64) {
    thread_local! {
        static HANDLES: RefCell<HashMap<(Method, StatusCode, String), Histogram>> =
            RefCell::default();
    }
    HANDLES.with_borrow_mut(|handles| {
        let key = (method.clone(), status, route.to_owned());
        let handle = handles.entry(key).or_insert_with(|| {
            metrics::histogram!(
                "http_request_duration_seconds",
                "method" => method.to_string(),
                "route" => route.to_owned(),
                "status" => status.as_u16().to_string(),
            )
        });
        handle.record(seconds);
    });
}

/// Sends HEAD where GET goes, renders problems, adds the headers of every answer.
///
/// # Errors
/// None of its own: what the routes refuse comes as an answer.
pub async fn observe<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if request.method() == Method::HEAD {
        // The codec remembers what was asked and leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let language = Language::of(request.headers());
    let policy = content_policy(request.path());
    let id = request_id(request.request());
    let mut response = problem_rendered(next.call(request).await?, language, &id);
    protect(response.headers_mut(), policy);
    let standing = response.request().extensions().get::<Standing>().copied();
    if let Some(standing) = standing {
        standing.tell(response.headers_mut());
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    Ok(response)
}

fn problem_rendered<B>(
    response: ServiceResponse<B>,
    language: Language,
    id: &str,
) -> ServiceResponse<EitherBody<B>> {
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response.map_into_left_body();
    }
    let told = response.response().extensions().get::<ApiError>().cloned();
    let already =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json");
    match told.or_else(|| (!already).then(|| ApiError::new(code_for(response.status())))) {
        Some(error) => response.into_response(render(&error, language, id)).map_into_right_body(),
        None => response.map_into_left_body(),
    }
}

fn request_id(request: &actix_web::HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// The problem behind a status that actix set by itself.
fn code_for(status: StatusCode) -> Code {
    match status {
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::UNAUTHORIZED => Code::Unauthorized,
        StatusCode::FORBIDDEN => Code::Forbidden,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        status if status.is_client_error() => Code::MalformedJson,
        _ => Code::Internal,
    }
}

/// The headers that keep a browser from doing more with an answer than showing it, and everybody
/// from keeping one that does not say for how long it may be kept.
fn protect(headers: &mut HeaderMap, policy: &'static str) {
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
}

/// Answers are data and load nothing; the reference page loads its own scripts and styles.
fn content_policy(path: &str) -> &'static str {
    if path.starts_with("/docs/") {
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
         script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
    } else if path.starts_with("/v1/media/") {
        // What people uploaded may do nothing at all, not even as a page of its own.
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    } else {
        "default-src 'none'; frame-ancestors 'none'"
    }
}
