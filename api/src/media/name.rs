//! What people call what they uploaded, and what shows that it is theirs.

use actix_web::HttpRequest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    feedback::Flaw,
    media::{Attachment, Expected, MediaId, MediaName, Uploader},
};

use super::account;
use crate::{
    App,
    identity::Caller,
    problem::{ApiError, Code},
};

/// What all tokens of media start with.
const PREFIX: &str = "ctn_m_";

/// The token of the media `id`, as it is given out.
pub(super) fn token(app: &App, id: MediaId) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(MediaName::token(&*app.keys, id)))
}

/// What `text` names: an id, or a token.
pub(super) fn read(text: &str) -> Option<MediaName> {
    match text.strip_prefix(PREFIX) {
        Some(token) => MediaName::of_token(&URL_SAFE_NO_PAD.decode(token).ok()?),
        None => text.parse().ok().map(MediaName::Id),
    }
}

/// Who uploads, as far as they say.
///
/// # Errors
/// [`Code::Unauthorized`] for what proves nothing.
pub(crate) fn uploader(caller: &Caller) -> Result<Uploader, ApiError> {
    match caller {
        Caller::Anonymous => Ok(Uploader::Anonymous),
        Caller::Citizen(citizen) => Ok(Uploader::Citizen(citizen.id)),
        Caller::Staff(staff) => Ok(Uploader::Staff(staff.id)),
        Caller::Invalid => Err(ApiError::new(Code::Unauthorized)),
    }
}

/// What the caller names in `media_ids`: ids of what they uploaded themselves, or tokens.
///
/// # Errors
/// A pointer to each that is neither.
pub(crate) fn attachment(by: Uploader, ids: &[String]) -> Result<Attachment, ApiError> {
    let names: Vec<_> = ids.iter().map(|text| read(text)).collect();
    let places = names.iter().enumerate().filter(|(_, name)| name.is_none());
    let unknown: Vec<_> = places.map(|(place, _)| place).collect();
    if unknown.is_empty() {
        Ok(Attachment { by, names: names.into_iter().flatten().collect() })
    } else {
        Err(Flaw::unknown_media(&unknown).into())
    }
}

/// What is about to arrive of the caller, and by what they are counted: their account, or their
/// address.
pub(super) fn expected(
    app: &App,
    request: &HttpRequest,
    uploader: Uploader,
    length: u64,
) -> Expected {
    let counted_as = match uploader {
        Uploader::Citizen(id) => account(app, id.uuid()),
        Uploader::Staff(id) => account(app, id.uuid()),
        Uploader::Anonymous => app.source(app.limits.source(request)),
    };
    Expected { length: Some(length), uploader, counted_as: Some(counted_as) }
}
