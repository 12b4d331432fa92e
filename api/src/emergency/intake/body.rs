//! Reading the body of a call for help from a bad line.

use std::time::Duration;

use actix_web::{
    dev::{Decompress, Payload},
    http::header::HeaderMap,
    web::BytesMut,
};
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout_at};

use crate::{
    extract::MAX_BODY,
    problem::{ApiError, Code},
};

/// How long a phone may take to send the body. Then what came so far is the call.
const PATIENCE: Duration = Duration::from_secs(10);

/// A body, as much of it as came.
pub(super) struct Body {
    pub(super) bytes: BytesMut,
    /// Whether all of it came.
    pub(super) whole: bool,
}

impl Body {
    /// Reads `payload` to its end, or to where the connection breaks, stalls, or sends what cannot
    /// be decompressed.
    ///
    /// # Errors
    /// [`Code::PayloadTooLarge`] over 256 KiB.
    pub(super) async fn read(payload: Payload, headers: &HeaderMap) -> Result<Self, ApiError> {
        let deadline = Instant::now() + PATIENCE;
        let mut payload = Decompress::from_headers(payload, headers);
        let mut bytes = BytesMut::new();
        loop {
            match timeout_at(deadline, payload.next()).await {
                Ok(None) => return Ok(Self { bytes, whole: true }),
                Ok(Some(Ok(chunk))) if bytes.len() + chunk.len() > MAX_BODY => {
                    return Err(ApiError::new(Code::PayloadTooLarge));
                }
                Ok(Some(Ok(chunk))) => bytes.extend_from_slice(&chunk),
                Ok(Some(Err(_))) | Err(_) => return Ok(Self { bytes, whole: false }),
            }
        }
    }
}
