//! Uploading something as the network lets one, by tus 1.0.0.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::header::{CACHE_CONTROL, HttpDate, LOCATION},
    options, patch, post, web,
    web::Data,
};
use domain::media::{Media, MediaName, UploadError};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Arrival,
    create::{UploadedView, admit, begin, bound},
    name::{self, uploader},
    receive, settle,
    settle::discard,
    tus::{self, Checksum},
};
use crate::{
    App,
    extract::{Path, Repeatable},
    identity::{Bearer, Caller},
    problem::{ApiError, Code, FieldCode},
};

/// An upload as it stands.
#[derive(Serialize, ToSchema)]
pub(super) struct UploadView {
    #[serde(flatten)]
    uploaded: UploadedView,
    /// How many bytes are there.
    offset: u64,
    /// How many there will be.
    length: Option<u64>,
    /// Whether all of it is there, was looked at and can be linked.
    whole: bool,
}

impl UploadView {
    fn of(app: &App, media: &Media) -> Self {
        Self {
            offset: media.received,
            length: media.length,
            whole: media.is_whole(),
            uploaded: UploadedView::of(app, media),
        }
    }
}

/// `response` with what the protocol tells of `media`.
fn told(response: &mut actix_web::HttpResponseBuilder, media: &Media) {
    response.insert_header((tus::UPLOAD_OFFSET, media.received.to_string()));
    if let Some(length) = media.length {
        response.insert_header((tus::UPLOAD_LENGTH, length.to_string()));
    }
    if let Some(end) = media.expires_at {
        let end = HttpDate::from(std::time::SystemTime::from(end));
        response.insert_header((tus::UPLOAD_EXPIRES, end.to_string()));
    }
}

/// What the caller calls an upload: by its token in the path, or by its id in the path with the
/// token, or who they are, beside it.
fn called(name: &str, bearer: &Bearer) -> Result<MediaName, ApiError> {
    let not_found = || ApiError::new(Code::NotFound);
    let in_path = name::read(name).ok_or_else(not_found)?;
    let beside = bearer.0.as_deref().and_then(name::read);
    match beside.filter(|beside| beside.id() == in_path.id()) {
        Some(token) if matches!(in_path, MediaName::Id(_)) => Ok(token),
        _ => Ok(in_path),
    }
}

/// The upload of the caller that is called `name`.
async fn held(
    app: &App,
    (caller, bearer): (&Caller, &Bearer),
    name: &str,
) -> Result<Media, ApiError> {
    let (by, name, at) = (uploader(caller)?, called(name, bearer)?, app.now().at);
    let keys = app.keys.clone();
    let found = app.database.read(move |tx| Media::held(tx, &*keys, at, (by, name))).await;
    Ok(found.map_err(|error: UploadError| error)?)
}

/// What is spoken here: tus 1.0.0.
#[utoipa::path(
    tag = "media",
    responses((status = 204, description = "`Tus-Version`, `Tus-Extension`, `Tus-Max-Size`")),
)]
#[options("/v1/uploads")]
pub(super) async fn options(app: Data<App>) -> Result<HttpResponse, ApiError> {
    let most = app.media.workshop.bounds().most().to_string();
    tus::spoken(Ok(HttpResponse::NoContent()
        .insert_header((tus::TUS_VERSION, tus::VERSION))
        .insert_header((tus::TUS_EXTENSION, tus::EXTENSIONS))
        .insert_header((tus::TUS_MAX_SIZE, most))
        .insert_header((tus::TUS_ALGORITHM, tus::ALGORITHMS))
        .finish()))
}

/// Announces an upload, by tus 1.0.0.
///
/// Nobody has to sign in. `Location` leads to the upload, and is secret: it holds the token. The
/// first bytes may come along. An upload goes after a day unless it is linked.
#[utoipa::path(
    tag = "media",
    security((), ("bearer" = ["use_account"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours"),
           ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
           ("Upload-Length" = u64, Header, description = "How many bytes there will be"),
           ("Upload-Metadata" = Option<String>, Header, description = "Counts for nothing"),
           ("Upload-Checksum" = Option<String>, Header, description = "Of the bytes that come along")),
    request_body(content = Option<String>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 201, description = "`Location`, `Upload-Offset`, `Upload-Expires`", body = UploadView),
        (status = 412, description = "Problem `tus_version_unsupported`"),
        (status = 413, description = "Problem `media_too_large`"),
        (status = 422, description = "Problem `validation_failed`, or what is wrong with its content"),
        (status = 429, description = "Problem `media_quota_used_up` or `rate_limited`"),
    ),
)]
#[post("/v1/uploads")]
pub(super) async fn create(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    key: Repeatable,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    tus::spoken(announced(&app, &request, (&caller, &key), payload).await)
}

async fn announced(
    app: &Data<App>,
    request: &HttpRequest,
    (caller, key): (&Caller, &Repeatable),
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    tus::understood(request)?;
    let by = uploader(caller)?;
    admit(app, request, by)?;
    tus::metadata(request)?;
    let length = tus::number(request, &tus::UPLOAD_LENGTH, "Upload-Length")?;
    if length > app.media.workshop.bounds().most() {
        let error = ApiError::new(Code::MediaTooLarge);
        return Err(error.with_field("/header/Upload-Length", FieldCode::TooLong));
    }
    let checksum = Checksum::of(request)?;
    let key = bound(app, (key, "uploads.create"), (request, by), &length);
    let expected = name::expected(app, request, by, length);
    let mut media = begin(app, expected, key).await?;
    if tus::carries_bytes(request) && media.received == 0 {
        media = match continued(app, request, media.clone(), payload, checksum).await {
            // The upload stands, and goes on from where it is.
            Err(error) if error.code() == Code::UploadCut => media,
            continued => continued?,
        };
    }
    let mut response = HttpResponse::Created();
    told(&mut response, &media);
    let view = UploadView::of(app, &media);
    let location = format!("/v1/uploads/{}", name::token(app, media.id));
    Ok(response.insert_header((LOCATION, location)).json(view))
}

/// How far an upload is.
#[utoipa::path(
    tag = "media",
    security((), ("bearer" = ["use_account"])),
    params(("name" = String, Path, description = "The token, or the id of one's own upload")),
    responses(
        (status = 200, description = "`Upload-Offset`, `Upload-Length`, `Upload-Expires`", body = UploadView),
        (status = 404, description = "Problem `not_found`: none, or another's"),
        (status = 410, description = "Problem `upload_gone`"),
    ),
)]
#[get("/v1/uploads/{name}")]
pub(super) async fn state(
    app: Data<App>,
    caller: Caller,
    bearer: Bearer,
    Path(name): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let found = async {
        let media = held(&app, (&caller, &bearer), &name).await?;
        // All of it came, and whoever was to look at it died over it.
        if Some(media.received) == media.length {
            settle(&app, media, false).await
        } else {
            Ok(media)
        }
    };
    tus::spoken(found.await.map(|media| {
        let mut response = HttpResponse::Ok();
        told(&mut response, &media);
        response.insert_header((CACHE_CONTROL, "no-store")).json(UploadView::of(&app, &media))
    }))
}

/// Continues an upload from where it is, by tus 1.0.0.
///
/// With the last byte it is looked at; what is not fit is refused, and gone. What comes with a
/// checksum counts only as a whole. Sent again without a byte more, a finished upload is answered
/// as before.
#[utoipa::path(
    tag = "media",
    security((), ("bearer" = ["use_account"])),
    params(("name" = String, Path, description = "The token, or the id of one's own upload"),
           ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
           ("Upload-Offset" = u64, Header, description = "From where on"),
           ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256`, and the digest in Base64")),
    request_body(content = String, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "`Upload-Offset`, `Upload-Expires`"),
        (status = 400, description = "Problem `upload_checksum_unsupported`"),
        (status = 404, description = "Problem `not_found`: none, or another's"),
        (status = 409, description = "Problem `upload_offset_conflict`"),
        (status = 410, description = "Problem `upload_gone`"),
        (status = 412, description = "Problem `tus_version_unsupported`"),
        (status = 413, description = "Problem `media_too_large`: more than was announced"),
        (status = 415, description = "Problem `unsupported_media_type` or `media_unsupported`"),
        (status = 422, description = "What is wrong with its content"),
        (status = 460, description = "Problem `upload_checksum_mismatch`"),
    ),
)]
#[patch("/v1/uploads/{name}")]
pub(super) async fn append(
    app: Data<App>,
    request: HttpRequest,
    (caller, bearer): (Caller, Bearer),
    Path(name): Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let continued = async {
        tus::understood(&request)?;
        let media = held(&app, (&caller, &bearer), &name).await?;
        let checksum = fitting(&request, &media)?;
        continued(&app, &request, media, payload, checksum).await
    };
    tus::spoken(continued.await.map(|media| {
        let mut response = HttpResponse::NoContent();
        told(&mut response, &media);
        response.finish()
    }))
}

/// The checksum of bytes that go on where `media` is.
fn fitting(request: &HttpRequest, media: &Media) -> Result<Option<Checksum>, ApiError> {
    if !tus::carries_bytes(request) {
        return Err(ApiError::new(Code::UnsupportedMediaType));
    }
    let offset = tus::number(request, &tus::UPLOAD_OFFSET, "Upload-Offset")?;
    if offset != media.received {
        return Err(ApiError::new(Code::UploadOffsetConflict));
    }
    Checksum::of(request)
}

/// `media` with what came in `payload`; where that was all of it, with what it is.
async fn continued(
    app: &Data<App>,
    request: &HttpRequest,
    media: Media,
    payload: web::Payload,
    checksum: Option<Checksum>,
) -> Result<Media, ApiError> {
    let left = media.length.map(|length| length.saturating_sub(media.received));
    let more = super::form::announced(request.headers()).zip(left);
    if more.is_some_and(|(more, left)| more > left) {
        let error = ApiError::new(Code::MediaTooLarge);
        return Err(error.with_field("/body", FieldCode::TooLong));
    }
    if media.is_whole() {
        return Ok(media);
    }
    let arrival = Arrival { checksum, all_the_same: false };
    let media = receive(app.clone(), media, payload, arrival).await?;
    if Some(media.received) == media.length { settle(app, media, false).await } else { Ok(media) }
}

/// Gives an upload up. What is linked by then stays.
#[utoipa::path(
    tag = "media",
    security((), ("bearer" = ["use_account"])),
    params(("name" = String, Path, description = "The token, or the id of one's own upload"),
           ("Tus-Resumable" = String, Header, description = "`1.0.0`")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Problem `not_found`: none, another's, or linked"),
        (status = 410, description = "Problem `upload_gone`"),
        (status = 412, description = "Problem `tus_version_unsupported`"),
    ),
)]
#[delete("/v1/uploads/{name}")]
pub(super) async fn terminate(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    bearer: Bearer,
    Path(name): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let gone = async {
        tus::understood(&request)?;
        let media = held(&app, (&caller, &bearer), &name).await?;
        discard(&app, &media).await?;
        Ok(HttpResponse::NoContent().finish())
    };
    tus::spoken(gone.await)
}
