//! A file in a form (RFC 7578), or as the body itself.

use std::pin::Pin;

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest,
    http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap},
    web::{Bytes, Payload},
};
use futures_util::{Stream, StreamExt as _};

use crate::problem::{ApiError, Code, FieldCode};

/// What the boundaries and heads of a form may take beside the file.
const AROUND: u64 = 64 * 1024;

/// The bytes of one file as they come.
pub(crate) type Piece = Pin<Box<dyn Stream<Item = Result<Bytes, String>>>>;

/// How many bytes `headers` announce.
pub(super) fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The most bytes that a file in `request` can have: what is announced, or `most`.
pub(super) fn length(request: &HttpRequest, most: u64) -> u64 {
    announced(request.headers()).map_or(most, |length| length.min(most))
}

/// The bytes of the one file that comes with `request`: the field `file` of a form, or the body
/// itself where it is no form. A body that announces more than `most` is not read.
///
/// # Errors
/// [`Code::MediaTooLarge`]; a pointer to `/file` where a form holds none.
pub(crate) async fn pieces(
    request: &HttpRequest,
    payload: Payload,
    most: u64,
) -> Result<Piece, ApiError> {
    if announced(request.headers()).is_some_and(|length| length > most.saturating_add(AROUND)) {
        return Err(ApiError::new(Code::MediaTooLarge).with_field("/file", FieldCode::TooLong));
    }
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = kind.is_some_and(|kind| kind.trim_start().starts_with("multipart/"));
    if !is_form {
        return Ok(Box::pin(payload.map(|piece| piece.map_err(|error| error.to_string()))));
    }
    let mut form = Multipart::new(request.headers(), payload);
    let missing = || ApiError::field("/file", FieldCode::Missing);
    loop {
        let field = form.next().await.ok_or_else(missing)?;
        let field = field.map_err(|_| ApiError::field("", FieldCode::WrongForm))?;
        if field.name() == Some("file") {
            // The form has to live as long as its field.
            let pieces = futures_util::stream::unfold((form, field), |(form, mut field)| async {
                let piece = field.next().await?;
                Some((piece.map_err(|error| error.to_string()), (form, field)))
            });
            return Ok(Box::pin(pieces));
        }
        // What else a form holds is passed over, as long as it is little.
        skim(field).await?;
    }
}

async fn skim(mut field: actix_multipart::Field) -> Result<(), ApiError> {
    let mut left = AROUND;
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|_| ApiError::field("", FieldCode::WrongForm))?;
        left = left
            .checked_sub(piece.len().try_into().unwrap_or(u64::MAX))
            .ok_or_else(|| ApiError::new(Code::PayloadTooLarge))?;
    }
    Ok(())
}
