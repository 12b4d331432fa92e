//! What officers do with the media of a report. Every step names in `If-Match` the version that the
//! officer saw.

use actix_web::{HttpResponse, get, http::header::ETag, post, web::Data};
use domain::{
    feedback::{self, ActError, Flaw, FlawKind, Report, ReportId, Version},
    media::{self, Attachment, MOST_ATTACHED, Media, MediaId, Stage, Uploader, Verdict},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{name::attachment, view::MediaView};
use crate::{
    App,
    extract::{IfMatch, Json, Path, version_tag},
    feedback::office,
    identity::{By, Officer},
    problem::ApiError,
};

/// What belongs to a report.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportMediaView {
    /// In the order in which it was linked.
    items: Vec<MediaView>,
    /// The version of the report to name in `If-Match`, in quotation marks.
    version: i64,
}

/// What an officer adds to a report.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddMedia {
    /// Ids of what the officer uploaded, or tokens; at most 10.
    media_ids: Vec<String>,
    /// `before` (what was reported) or `after` (what was done about it); `after` when absent.
    #[schema(value_type = Option<String>, example = "after")]
    stage: Option<AddedStage>,
}

/// What it shows.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AddedStage {
    Before,
    After,
}

impl From<AddedStage> for Stage {
    fn from(stage: AddedStage) -> Self {
        match stage {
            AddedStage::Before => Self::Before,
            AddedStage::After => Self::After,
        }
    }
}

fn answer((report, media): &(Report, Vec<Media>)) -> HttpResponse {
    let version = report.version.0;
    let items = media.iter().map(MediaView::of_staff).collect();
    HttpResponse::Ok()
        .insert_header(ETag(version_tag(version)))
        .json(ReportMediaView { items, version })
}

/// The photos, videos and sounds of a report, with where and when they were taken.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report")),
    responses(
        (status = 200, description = "What belongs to it", body = ReportMediaView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 404, description = "Problem `not_found`: none, or none of this desk"),
    ),
)]
#[get("/v1/desk/feedback/{id}/media")]
pub(super) async fn list(
    app: Data<App>,
    By(officer): Officer,
    Path(id): Path<ReportId>,
) -> Result<HttpResponse, ApiError> {
    let found = app.database.read(move |tx| {
        let report = feedback::in_scope(tx, &officer, id)?;
        Ok::<_, ActError>((report, media::of_report(tx, id)?))
    });
    Ok(answer(&found.await?))
}

/// Adds what an officer uploaded to a report: photos of what was done.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    request_body = AddMedia,
    responses(
        (status = 200, description = "What belongs to it now", body = ReportMediaView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 404, description = "Problem `not_found`: none, or none of this desk"),
        (status = 412, description = "Problem `precondition_failed`: it has changed"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    ),
)]
#[post("/v1/desk/feedback/{id}/media")]
pub(super) async fn add(
    app: Data<App>,
    By(officer): Officer,
    Path(id): Path<ReportId>,
    IfMatch(seen): IfMatch,
    Json(body): Json<AddMedia>,
) -> Result<HttpResponse, ApiError> {
    let names = some(Uploader::Staff(officer.staff().id), &body.media_ids)?;
    let stage = body.stage.map_or(Stage::After, Stage::from);
    let (office, at) = (office(&app), (id, Version(seen)));
    let added = app
        .database
        .write(move |tx| media::add_at_desk(tx, &office, &officer, at, (&names, stage)))
        .await?;
    Ok(answer(&added))
}

/// What an officer names: something, and not too much.
fn some(by: Uploader, ids: &[String]) -> Result<Attachment, ApiError> {
    match ids.len() {
        0 => Err(Flaw::at("media_ids", FlawKind::Missing).into()),
        1..=MOST_ATTACHED => attachment(by, ids),
        _ => Err(Flaw::at("media_ids", FlawKind::TooLong(MOST_ATTACHED)).into()),
    }
}

/// Lets strangers see one of the media of a report, once the report is published.
///
/// What has no rendition without metadata cannot be shown.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("media_id" = Uuid, Path, description = "The media"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    responses(
        (status = 200, description = "What belongs to the report", body = ReportMediaView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 404, description = "Problem `not_found`: none, or none of this desk"),
        (status = 409, description = "Problem `media_not_showable`: its metadata cannot be removed"),
        (status = 412, description = "Problem `precondition_failed`: the report has changed"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    ),
)]
#[post("/v1/desk/feedback/{id}/media/{media_id}/approve")]
pub(super) async fn approve(
    app: Data<App>,
    officer: Officer,
    Path(which): Path<(ReportId, MediaId)>,
    seen: IfMatch,
) -> Result<HttpResponse, ApiError> {
    decide(&app, officer, which, (seen, Verdict::Approve)).await
}

/// Hides one of the media of a report from strangers.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report"),
           ("media_id" = Uuid, Path, description = "The media"),
           ("If-Match" = String, Header, description = "The `ETag` that the officer saw")),
    responses(
        (status = 200, description = "What belongs to the report", body = ReportMediaView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 404, description = "Problem `not_found`: none, or none of this desk"),
        (status = 412, description = "Problem `precondition_failed`: the report has changed"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    ),
)]
#[post("/v1/desk/feedback/{id}/media/{media_id}/hide")]
pub(super) async fn hide(
    app: Data<App>,
    officer: Officer,
    Path(which): Path<(ReportId, MediaId)>,
    seen: IfMatch,
) -> Result<HttpResponse, ApiError> {
    decide(&app, officer, which, (seen, Verdict::Hide)).await
}

async fn decide(
    app: &App,
    By(officer): Officer,
    (id, media): (ReportId, MediaId),
    (IfMatch(seen), verdict): (IfMatch, Verdict),
) -> Result<HttpResponse, ApiError> {
    let (office, at) = (office(app), (id, Version(seen)));
    let decided = app
        .database
        .write(move |tx| media::moderate(tx, &office, &officer, at, (media, verdict)))
        .await?;
    Ok(answer(&decided))
}
