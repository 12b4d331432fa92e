//! Writing a problem in the caller's language.

use actix_web::{
    HttpResponse, ResponseError as _,
    http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, HeaderValue, WWW_AUTHENTICATE},
};
use serde_json::{Map, Value, json};

use super::{ApiError, Code, Language};

const MEDIA_TYPE: &str = "application/problem+json";

/// The answer for `error`, in `language`, to the request `request_id`.
pub(crate) fn render(error: &ApiError, language: Language, request_id: &str) -> HttpResponse {
    let mut response = error.error_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if error.code.status() == actix_web::http::StatusCode::UNAUTHORIZED
        && !headers.contains_key(WWW_AUTHENTICATE)
    {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    headers.insert(actix_web::http::header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response.set_body(actix_web::body::BoxBody::new(body(error, language, request_id)))
}

fn body(error: &ApiError, language: Language, request_id: &str) -> String {
    let code: Code = error.code;
    let mut problem = Map::new();
    problem.insert("type".to_owned(), json!(format!("/problems/{}", code.as_str())));
    problem.insert("title".to_owned(), json!(code.title(language)));
    problem.insert("status".to_owned(), json!(code.status().as_u16()));
    problem.insert("detail".to_owned(), json!(code.detail(language)));
    problem.insert("code".to_owned(), json!(code.as_str()));
    problem.insert("request_id".to_owned(), json!(request_id));
    problem.extend(error.members.clone());
    if !error.errors.is_empty() {
        let errors = error.errors.iter().map(|error| {
            json!({
                "pointer": error.pointer,
                "code": error.code.as_str(),
                "detail": error.code.detail(language),
            })
        });
        problem.insert("errors".to_owned(), errors.collect());
    }
    Value::Object(problem).to_string()
}
