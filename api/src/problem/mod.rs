//! What a client reads when a request is not answered as asked: RFC 9457 problem details.
//!
//! What the client reads and what the log reads are never mixed: an [`ApiError`] holds only what
//! may be shown.

mod code;
mod language;
mod render;
mod texts;

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue, RETRY_AFTER},
    },
};
use chrono::TimeDelta;
use domain::StoreError;
use serde_json::{Map, Value};

pub use code::{Code, FieldCode};
pub use language::Language;
pub(crate) use render::render;

/// A request that is not answered as asked. Rendered in the caller's language on its way out.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: Code,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// A JSON pointer into the body (RFC 6901); parameters are `/query/name` and `/path/name`.
    pub pointer: String,
    /// What is wrong with it.
    pub code: FieldCode,
}

impl ApiError {
    /// The problem `code`.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, errors: Vec::new(), members: Map::new(), headers: Vec::new() }
    }

    /// A body with something wrong at `pointer`.
    #[must_use]
    pub fn field(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self::new(Code::ValidationFailed).with_field(pointer, code)
    }

    /// Adds what is wrong at `pointer`.
    #[must_use]
    pub fn with_field(mut self, pointer: impl Into<String>, code: FieldCode) -> Self {
        self.errors.push(FieldError { pointer: pointer.into(), code });
        self
    }

    /// The same, for a part of a body that stands at the pointer `at`; what points into the part
    /// already stays.
    #[must_use]
    pub fn below(mut self, at: &str) -> Self {
        for field in self.errors.iter_mut().filter(|field| !field.pointer.starts_with(at)) {
            field.pointer.insert_str(0, at);
        }
        self
    }

    /// Adds an extension member, for programs.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Says after how many seconds to try again.
    #[must_use]
    pub fn retry_after(self, seconds: u32) -> Self {
        self.with_header(RETRY_AFTER, seconds.into())
    }

    /// Says after what time to try again, in whole seconds that are no fewer.
    #[must_use]
    pub fn retry_after_all_of(self, time: TimeDelta) -> Self {
        let rounded_up = time + TimeDelta::milliseconds(999);
        self.retry_after(u32::try_from(rounded_up.num_seconds()).unwrap_or(u32::MAX))
    }

    /// What is wrong with which fields.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.errors
    }

    /// Which problem it is.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code.as_str())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// The body is written on the way out, by what knows the caller's language and request id.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.code.status());
        for (name, value) in &self.headers {
            response.headers_mut().append(name.clone(), value.clone());
        }
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Stale => Self::new(Code::ChangedMeanwhile),
            StoreError::Duplicate => Self::new(Code::AlreadyExists),
            StoreError::Unavailable(reason) => {
                tracing::warn!(%reason, "the store is not available");
                Self::new(Code::Unavailable).retry_after(2)
            }
            StoreError::Failed(reason) => {
                tracing::error!(%reason, "the store failed");
                Self::new(Code::Internal)
            }
        }
    }
}
