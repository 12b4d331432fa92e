//! JSON bodies.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::CONTENT_TYPE,
    web::{Bytes, BytesMut},
};
use domain::text;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::pointer;
use crate::problem::{ApiError, Code, FieldCode};

/// The most bytes a body may have.
pub const MAX_BODY: usize = 256 * 1024;

/// A JSON body: at most 256 KiB, in NFC, without control characters, without unknown fields. An
/// absent one is `{}`.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let declared_json = declares_json(request);
        let payload = payload.take();
        Box::pin(async move {
            let body = read_body(payload).await?;
            if body.is_empty() {
                return from_value(Value::Object(serde_json::Map::new())).map(Self);
            }
            if !declared_json {
                return Err(ApiError::new(Code::UnsupportedMediaType));
            }
            parse(&body).map(Self)
        })
    }
}

/// The whole body, if it is not too large.
///
/// # Errors
/// [`Code::PayloadTooLarge`]; [`Code::MalformedJson`] when the connection broke.
pub async fn read_body(mut payload: Payload) -> Result<Bytes, ApiError> {
    use futures_util::StreamExt as _;
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| ApiError::new(Code::MalformedJson))?;
        if body.len() + chunk.len() > MAX_BODY {
            return Err(ApiError::new(Code::PayloadTooLarge));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn declares_json(request: &HttpRequest) -> bool {
    let declared = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = declared.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let mut value: Value =
        serde_json::from_slice(body).map_err(|_| ApiError::new(Code::MalformedJson))?;
    if !value.is_object() {
        // A structure would also read itself from an array, by the order of its fields.
        return Err(ApiError::field("", FieldCode::WrongType));
    }
    clean(&mut value, "")?;
    from_value(value)
}

fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    read_value("", value)
}

/// A part of a body that was read before, which stands at the pointer `at`.
///
/// # Errors
/// [`Code::ValidationFailed`] with a pointer to what is wrong.
pub fn read_value<T: DeserializeOwned>(at: &str, value: Value) -> Result<T, ApiError> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| pointer::problem(Code::ValidationFailed, at, &error))
}

/// Brings every text into NFC and refuses control characters, wherever they are.
fn clean(value: &mut Value, at: &str) -> Result<(), ApiError> {
    match value {
        Value::String(text) => {
            if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
                return Err(ApiError::field(at, FieldCode::ControlCharacter));
            }
            if let Some(composed) = text::composed(text) {
                *text = composed;
            }
            Ok(())
        }
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .try_for_each(|(index, item)| clean(item, &format!("{at}/{index}"))),
        Value::Object(fields) => fields
            .iter_mut()
            .try_for_each(|(key, item)| clean(item, &format!("{at}/{}", pointer::escape(key)))),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}
