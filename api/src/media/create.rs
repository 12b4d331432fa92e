//! Uploading something in one go.

use actix_web::{HttpRequest, HttpResponse, post, web, web::Data};
use domain::{
    Id,
    idempotency::{IdempotencyKey, OnceError, once},
    media::{self, BeginError, Expected, Media, MediaRepository as _, Uploader},
    secret::hex,
};
use infra::database::Transaction;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Arrival, form,
    name::{self, uploader},
    receive, settle,
    settle::{discard, first},
    view::MediaView,
};
use crate::{
    App,
    extract::Repeatable,
    identity::Caller,
    limits::Limited,
    problem::{ApiError, Code, FieldCode},
};

/// Something that was uploaded.
#[derive(Serialize, ToSchema)]
pub(super) struct UploadedView {
    #[serde(flatten)]
    media: MediaView,
    /// Links it, and shows it to its holder. Whoever is signed in can link it by its id, too.
    #[schema(example = "ctn_m_AZNXKgAAcACAAAAAAAAAAA")]
    token: String,
}

impl UploadedView {
    pub(super) fn of(app: &App, media: &Media) -> Self {
        Self { token: name::token(app, media.id), media: MediaView::own(media) }
    }
}

/// A form that holds a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the interface")]
struct UploadForm {
    /// The file. What it is called and said to be counts for nothing.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Counts `request` as an upload of `by`.
pub(super) fn admit(app: &App, request: &HttpRequest, by: Uploader) -> Result<(), ApiError> {
    match (by.citizen().map(Id::uuid), by.staff().map(Id::uuid)) {
        (Some(id), _) | (None, Some(id)) => app.limits.admit_account(Limited::Upload, id, request),
        (None, None) => app.limits.admit(Limited::Upload, request),
    }
}

/// Uploads a photo, a video or a sound.
///
/// Nobody has to sign in. It stays private, and goes after a day unless it is linked: name its
/// `token` (or its `id`, signed in as who uploaded it) in `media_ids`.
#[utoipa::path(
    tag = "media",
    security((), ("bearer" = ["use_account"])),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "It is stored", body = UploadedView),
        (status = 401, description = "Problem `unauthorized`: a token was sent and is not valid"),
        (status = 408, description = "Problem `upload_cut`: it did not arrive whole"),
        (status = 413, description = "Problem `media_too_large`"),
        (status = 415, description = "Problem `media_unsupported`: its content is none of what is taken"),
        (status = 422, description = "Problem `media_unreadable`, `media_too_many_pixels`, \
                                      `media_animated`, `media_ambiguous`, `validation_failed` or \
                                      `idempotency_key_reused`"),
        (status = 429, description = "Problem `media_quota_used_up` or `rate_limited`"),
    ),
)]
#[post("/v1/media")]
pub(super) async fn upload(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    key: Repeatable,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let by = uploader(&caller)?;
    admit(&app, &request, by)?;
    let most = app.media.workshop.bounds().most();
    let coming = form::pieces(&request, payload, most).await?;
    let length = form::length(&request, most);
    let media = begin(&app, name::expected(&app, &request, by, length), None).await?;
    let settled = whole(&app, media, coming).await?;
    let content = hex(&settled.sha256.unwrap_or_default());
    let key = bound(&app, (&key, "media.upload"), (&request, by), &content);
    let media = first(&app, key, settled).await?;
    Ok(HttpResponse::Created().json(UploadedView::of(&app, &media)))
}

/// The key of an upload, bound to who uploads: of two who are not signed in, to their addresses.
pub(super) fn bound(
    app: &App,
    (key, operation): (&Repeatable, &str),
    (request, by): (&HttpRequest, Uploader),
    body: &impl Serialize,
) -> Option<IdempotencyKey> {
    let principal = by.citizen().map(Id::uuid).or(by.staff().map(Id::uuid));
    let whose = format!("{operation}:{:x}", app.source(app.limits.source(request)));
    let operation = if principal.is_some() { operation } else { &whose };
    key.bind(&*app.keys, operation, principal, body)
}

/// Writes down that what is `expected` begins to arrive; under a key that came before it is the
/// upload that was begun then.
pub(super) async fn begin(
    app: &App,
    expected: Expected,
    key: Option<IdempotencyKey>,
) -> Result<Media, ApiError> {
    let (now, quota) = (app.now(), app.media.quota);
    let work = move |tx: &mut Transaction<'_>| {
        let start = |tx: &mut Transaction<'_>| {
            media::begin(tx, &now, expected, quota).map(|media| media.id)
        };
        let id = once(tx, &now, key.as_ref(), start)?;
        Ok::<_, OnceError<BeginError>>(tx.media(id)?)
    };
    let begun = app.database.write(work).await?;
    let begun = begun.ok_or_else(|| ApiError::new(Code::UploadGone))?;
    if let Some(whose) = begun.counted_as.filter(|_| begun.received == 0)
        && app.database.read(move |tx| media::is_used_up(tx, whose, quota)).await?
    {
        discard(app, &begun).await?;
        return Err(BeginError::QuotaUsedUp.into());
    }
    Ok(begun)
}

/// All of what comes for `media` in one go. What does not arrive whole goes at once.
async fn whole(app: &Data<App>, media: Media, coming: form::Piece) -> Result<Media, ApiError> {
    let arrival = Arrival { checksum: None, all_the_same: false };
    let received = match receive(app.clone(), media.clone(), coming, arrival).await {
        Ok(received) if received.received == 0 => Err(ApiError::field("/file", FieldCode::Missing)),
        received => received,
    };
    match received {
        Ok(received) => settle(app, received, false).await,
        Err(error) => {
            discard(app, &media).await?;
            Err(error)
        }
    }
}
