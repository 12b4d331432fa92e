//! Parameters in the path and in the query.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::{Deserialize, de::DeserializeOwned};

use super::pointer;
use crate::problem::{ApiError, Code, FieldCode};

/// The query parameters: every one known, each at most once, well-formed UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

/// No query parameters at all.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    if query.contains("%00") {
        return Err(
            ApiError::new(Code::InvalidQuery).with_field("/query", FieldCode::ControlCharacter)
        );
    }
    let pairs = form_urlencoded::parse(query.as_bytes());
    let parameters = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(parameters)
        .map_err(|error| pointer::problem(Code::InvalidQuery, "/query", &error))
}

/// The parameters in the path. One that cannot be read names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parameters = web::Path::<T>::from_request(request, payload).into_inner();
        ready(
            parameters
                .map(|path| Self(path.into_inner()))
                .map_err(|_| ApiError::new(Code::NotFound)),
        )
    }
}
