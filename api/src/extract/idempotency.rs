//! The key under which a client repeats a request.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderName, HeaderValue},
};
use domain::{
    idempotency::{IdempotencyKey, OnceError},
    secret::Hasher,
};
use serde::Serialize;
use uuid::Uuid;

use crate::problem::{ApiError, Code, FieldCode};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// The most characters of a key.
const MOST: usize = 255;

/// The `Idempotency-Key` of the request, where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeatable(Option<String>);

impl FromRequest for Repeatable {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut sent = request.headers().get_all(HEADER);
        let key = match (sent.next(), sent.next()) {
            (None, _) => return ready(Ok(Self(None))),
            (Some(sent), None) => key_in(sent),
            (Some(_), Some(_)) => None,
        };
        let wrong = || ApiError::field("/header/Idempotency-Key", FieldCode::WrongForm);
        ready(key.map(|key| Self(Some(key))).ok_or_else(wrong))
    }
}

/// The key in `value`: 1 to 255 characters, with or without quotation marks.
fn key_in(value: &HeaderValue) -> Option<String> {
    let key = value.to_str().ok()?.trim().trim_matches('"');
    (1..=MOST).contains(&key.len()).then(|| key.to_owned())
}

impl Repeatable {
    /// The key, bound to `operation`, to who is signed in, and to `body`.
    #[must_use]
    pub fn bind(
        &self,
        hasher: &impl Hasher,
        operation: &str,
        principal: Option<Uuid>,
        body: &impl Serialize,
    ) -> Option<IdempotencyKey> {
        let key = self.0.as_ref()?;
        let body = serde_json::to_vec(body).unwrap_or_default();
        Some(IdempotencyKey::new(hasher, operation, principal, (key, &body)))
    }
}

/// The one that was made, `among` those that are there.
///
/// # Errors
/// `gone` where it is not there any more; else why nobody could look.
pub fn made<T, E>(
    among: Result<Vec<T>, E>,
    is_it: impl Fn(&T) -> bool,
    gone: E,
) -> Result<T, OnceError<E>> {
    let made = among.map_err(OnceError::Work)?.into_iter().find(is_it);
    made.ok_or(OnceError::Work(gone))
}

impl<E> From<OnceError<E>> for ApiError
where
    Self: From<E>,
{
    fn from(error: OnceError<E>) -> Self {
        match error {
            OnceError::KeyReused => Self::new(Code::IdempotencyKeyReused)
                .with_field("/header/Idempotency-Key", FieldCode::Reused),
            OnceError::Work(error) => error.into(),
        }
    }
}
