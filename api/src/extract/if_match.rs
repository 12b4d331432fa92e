//! Which version of a thing the caller saw.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{ETAG, EntityTag, IF_MATCH},
};

use crate::problem::{ApiError, Code, FieldCode};

/// The version in `If-Match`, which an edit has to name: 428 without. What names no version (`*`
/// does not say what was seen) is version 0, which nothing ever is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub i64);

impl FromRequest for IfMatch {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(tag) = request.headers().get(IF_MATCH) else {
            return ready(Err(ApiError::new(Code::PreconditionRequired)));
        };
        let tag = tag.to_str().ok().and_then(|tag| tag.parse::<EntityTag>().ok());
        let version = tag.filter(|tag| !tag.weak).and_then(|tag| tag.tag().parse().ok());
        ready(Ok(Self(version.unwrap_or_default())))
    }
}

/// The entity tag of `version`.
#[must_use]
pub fn version_tag(version: i64) -> EntityTag {
    EntityTag::new_strong(version.to_string())
}

/// The thing is not at the version that the caller saw, but at `version`.
#[must_use]
pub fn stale(version: i64) -> ApiError {
    let error = ApiError::new(Code::PreconditionFailed);
    let error = error.with_field("/header/If-Match", FieldCode::OutOfDate);
    match version_tag(version).to_string().parse() {
        Ok(tag) => error.with_header(ETAG, tag),
        Err(_) => error,
    }
}
