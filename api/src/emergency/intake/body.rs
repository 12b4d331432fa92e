//! Reading the body of a call for help from a bad line.

use std::{future::ready, time::Duration};

use actix_web::{
    dev::{Decompress, Payload},
    error::PayloadError,
    http::header::{CONTENT_ENCODING, HeaderMap},
    web::{Bytes, BytesMut},
};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

use crate::{
    extract::MAX_BODY,
    problem::{ApiError, Code},
};

/// How long a phone may take to send the body. Then what came so far is the call.
const PATIENCE: Duration = Duration::from_secs(10);

/// A body, as much of it as came.
pub(in crate::emergency) struct Body {
    pub(in crate::emergency) bytes: Bytes,
    /// Whether all of it came.
    pub(in crate::emergency) whole: bool,
}

impl Body {
    /// Reads `payload` to its end, or to where the connection breaks or stalls. What says that it
    /// is compressed, and is not, is taken as it came.
    ///
    /// # Errors
    /// [`Code::PayloadTooLarge`] over 256 KiB, before or after decompression.
    pub(in crate::emergency) async fn read(
        payload: Payload,
        headers: &HeaderMap,
    ) -> Result<Self, ApiError> {
        let sent = Self::collect(payload).await?;
        if !headers.contains_key(CONTENT_ENCODING) {
            return Ok(sent);
        }
        let compressed = stream::once(ready(Ok(sent.bytes.clone())));
        let plain = Self::collect(Decompress::from_headers(compressed, headers)).await?;
        Ok(if plain.bytes.is_empty() { sent } else { Self { whole: sent.whole, ..plain } })
    }

    async fn collect(
        mut chunks: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    ) -> Result<Self, ApiError> {
        let deadline = Instant::now() + PATIENCE;
        let mut bytes = BytesMut::new();
        loop {
            match timeout_at(deadline, chunks.next()).await {
                Ok(Some(Ok(chunk))) if bytes.len() + chunk.len() > MAX_BODY => {
                    return Err(ApiError::new(Code::PayloadTooLarge));
                }
                Ok(Some(Ok(chunk))) => bytes.extend_from_slice(&chunk),
                end => return Ok(Self { bytes: bytes.freeze(), whole: matches!(end, Ok(None)) }),
            }
        }
    }
}
