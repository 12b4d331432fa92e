//! What a caller shows to those who help.

use actix_web::{
    FromRequest as _, HttpRequest, HttpResponse, http::header::CONTENT_TYPE, post, web, web::Data,
};
use domain::{
    emergency::{self, CallerProof, EmergencyId, PictureError},
    media::{self, AttachError, Attachment, Expected, Media, Quota, Uploader},
    secret::hex,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{follow::OfCaller, guidance::GuidanceView, keeping::PATIENCE};
use crate::{
    App,
    extract::{Json, Repeatable},
    media::{Arrival, MediaView, attachment, first, pieces, receive, settle},
    problem::{ApiError, Code},
};

/// The emergency, and what proves that it is the caller's.
type Whose = (EmergencyId, CallerProof);

/// What was uploaded before.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShowUploaded {
    /// Tokens, or ids of what the signed-in caller uploaded.
    media_ids: Vec<String>,
}

/// What the caller has shown.
#[derive(Serialize, ToSchema)]
struct ShownView {
    /// What was shown with this call. `problem` says what is wrong with it; it is kept all the same.
    items: Vec<MediaView>,
    #[serde(flatten)]
    guidance: GuidanceView,
}

impl From<PictureError> for ApiError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Attach(error) => error.into(),
            PictureError::Follow(error) => error.into(),
            PictureError::TooMany => Self::new(Code::TooMany),
        }
    }
}

impl ShownView {
    fn of(media: &[Media], guidance: GuidanceView) -> Self {
        Self { items: media.iter().map(MediaView::own).collect(), guidance }
    }
}

/// Show something to those who help
///
/// A photo, a video or a sound: as the field `file` of a form, as the body itself, or as
/// `{media_ids}` of what was uploaded before. Whatever it is, it is kept; what cannot be read is
/// marked, and what arrived of it before the connection broke is kept, too.
#[utoipa::path(
    tag = "emergency",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The emergency"),
           ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    request_body(content = ShowUploaded, content_type = "application/json"),
    responses(
        (status = 201, description = "It is stored", body = ShownView),
        (status = 404, description = "Problem `not_found`: none, or another's"),
        (status = 409, description = "Problem `too_many`: a hundred are there"),
        (status = 413, description = "Problem `media_too_large`"),
    )
)]
#[post("/v1/emergencies/{id}/media")]
pub(super) async fn show_media(
    app: Data<App>,
    request: HttpRequest,
    caller: OfCaller,
    key: Repeatable,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let (whose, language) = (caller.proof(), caller.language());
    app.database.read(move |tx| emergency::may_show(tx, whose)).await?;
    let shown = if names_uploads(&request) {
        linked(&app, &request, whose, payload).await?
    } else {
        let settled = arrived(&app, &request, by(whose), payload).await?;
        vec![shown(&app, whose, &key, settled).await?]
    };
    let guidance = GuidanceView::of_caller(&app, whose, language).await?;
    Ok(HttpResponse::Created().json(ShownView::of(&shown, guidance)))
}

/// Shows `uploads` with the call `id`, as far as they can be had: the call stands without them.
pub(super) async fn show_with_call(app: &App, id: EmergencyId, uploads: Vec<Attachment>) {
    if uploads.is_empty() {
        return;
    }
    let (now, keys, whose) = (app.now(), app.keys.clone(), (id, CallerProof::Token(id)));
    let link = move |tx: &mut Transaction<'_>| {
        for upload in &uploads {
            match emergency::show_uploaded(tx, (&now, &*keys), whose, upload) {
                Err(PictureError::Attach(AttachError::Unknown(_))) => {}
                shown => drop(shown?),
            }
        }
        Ok::<_, PictureError>(())
    };
    let linked = tokio::time::timeout(PATIENCE, app.database.write(link)).await;
    if !matches!(linked, Ok(Ok(()))) {
        tracing::warn!(?linked, "a call stands without what was shown with it");
    }
}

const fn by((_, proof): Whose) -> Uploader {
    match proof {
        CallerProof::Citizen(id) => Uploader::Citizen(id),
        CallerProof::Token(_) => Uploader::Anonymous,
    }
}

/// Links what was uploaded before.
async fn linked(
    app: &App,
    request: &HttpRequest,
    whose: Whose,
    payload: web::Payload,
) -> Result<Vec<Media>, ApiError> {
    let mut payload = payload.into_inner();
    let Json(body) = Json::<ShowUploaded>::from_request(request, &mut payload).await?;
    let (names, keys, now) = (attachment(by(whose), &body.media_ids)?, app.keys.clone(), app.now());
    let link =
        move |tx: &mut Transaction<'_>| emergency::show_uploaded(tx, (&now, &*keys), whose, &names);
    Ok(app.database.write(link).await?)
}

/// Links what just arrived, unless the same came before under the same key.
async fn shown(
    app: &App,
    whose: Whose,
    key: &Repeatable,
    settled: Media,
) -> Result<Media, ApiError> {
    let content = hex(&settled.sha256.unwrap_or_default());
    let key = key.bind(&*app.keys, &format!("emergency.media.{}", whose.0), None, &content);
    let (now, media) = (app.now(), first(app, key, settled).await?);
    if media.subject.is_some() {
        return Ok(media);
    }
    Ok(app.database.write(move |tx| emergency::show_new(tx, &now, whose, &media)).await?)
}

fn names_uploads(request: &HttpRequest) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().starts_with("application/json"))
}

/// What comes with `request`, whatever it is.
async fn arrived(
    app: &Data<App>,
    request: &HttpRequest,
    uploader: Uploader,
    payload: web::Payload,
) -> Result<Media, ApiError> {
    let most = app.media.workshop.bounds().most();
    let coming = pieces(request, payload, most).await?;
    let now = app.now();
    let expected = Expected { length: None, uploader, counted_as: None };
    let unbounded = Quota { number: u64::MAX, bytes: u64::MAX };
    let begin = move |tx: &mut Transaction<'_>| media::begin(tx, &now, expected, unbounded);
    let media = app.database.write(begin).await?;
    let arrival = Arrival { checksum: None, all_the_same: true };
    let media = receive(app.clone(), media, coming, arrival).await?;
    settle(app, media, true).await
}
