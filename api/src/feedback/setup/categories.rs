//! Changing what can be reported, while the service runs.

use actix_web::{HttpResponse, get, http::header::ETag, post, put, web::Data};
use domain::feedback::{
    self, Allowance, Attribute, Categories, Edition, LegalTrack, Name, Responsible, SetupError,
    Urgency,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{adopt, blur};
use crate::{
    App,
    extract::{IfMatch, Json, Path, Query, version_tag},
    identity::{By, ChiefAdministrator},
    page::{self, PageQuery, PageView, page_of},
    problem::{ApiError, Code},
};

/// The name of this list in its cursors.
const LIST: &str = "feedback-category-editions";

/// What a category shall be; what is left out is as in its group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are what a category states")]
pub(in crate::feedback) struct PutCategory {
    /// The group it belongs to.
    parent: Option<String>,
    /// Its name: `{"vi", "en"}`.
    #[schema(value_type = Object, example = json!({ "vi": "Ổ gà", "en": "Pothole" }))]
    name: Name,
    /// What the reporter should know before sending: `{"vi", "en"}`.
    #[schema(value_type = Option<Object>)]
    notice: Option<Name>,
    /// Whether it can be reported; otherwise it only groups others.
    #[serde(default = "yes")]
    selectable: bool,
    /// `normal`, `high` or `urgent`.
    #[schema(value_type = Option<String>)]
    urgency: Option<Urgency>,
    /// Whether a report has to come with a photo.
    #[serde(default)]
    photo_required: bool,
    /// Whether an answer has to come with a photo of what was done.
    #[serde(default)]
    after_photo_required: bool,
    /// What else is asked: `[{"code", "name", "datatype", "required?", "values?"}]`, the datatypes
    /// those of Open311.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    attributes: Vec<Attribute>,
    /// Who answers: `commune` (the one that holds the place) or the code of an agency.
    #[schema(value_type = Option<String>, example = "commune")]
    agency: Option<Responsible>,
    /// How long an answer may take: `{"working_days": 7}` or `{"working_hours": 8}`.
    #[schema(value_type = Option<Object>, example = json!({ "working_days": 7 }))]
    deadline: Option<Allowance>,
    /// Whether its reports are never shown.
    #[serde(default)]
    sealed: bool,
    /// Whether strangers see only roughly where its reports are.
    #[serde(default)]
    blurred: bool,
    /// `complaint` or `denunciation`.
    #[schema(value_type = Option<String>)]
    legal_track: Option<LegalTrack>,
}

const fn yes() -> bool {
    true
}

/// A category as it is stated, before what it leaves out is taken from its group.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub(in crate::feedback) struct EditionView(Edition);

impl PutCategory {
    fn edition(self, code: String) -> Edition {
        Edition {
            code,
            parent: self.parent,
            version: 0,
            name: self.name,
            notice: self.notice,
            selectable: self.selectable,
            withdrawn: false,
            urgency: self.urgency,
            photo_required: self.photo_required,
            after_photo_required: self.after_photo_required,
            attributes: self.attributes,
            agency: self.agency,
            deadline: self.deadline,
            sealed: self.sealed,
            blurred: self.blurred,
            legal_track: self.legal_track,
        }
    }
}

/// The latest edition of the category `code`.
fn latest(categories: &Categories, code: &str) -> Result<HttpResponse, ApiError> {
    let edition = categories.editions(code).last().copied().cloned();
    let edition = edition.ok_or_else(|| ApiError::new(Code::NotFound))?;
    let mut response = HttpResponse::Ok();
    response.insert_header(ETag(version_tag(edition.version.into())));
    Ok(response.json(EditionView(edition)))
}

/// The version that was seen, as editions count.
fn seen_edition(IfMatch(seen): IfMatch) -> u32 {
    u32::try_from(seen).unwrap_or(u32::MAX)
}

/// The categories as they are stated
///
/// Withdrawn ones, too.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(PageQuery),
    responses((status = 200, description = "The categories", body = PageView<EditionView>)),
)]
#[get("/v1/admin/feedback-categories")]
pub(in crate::feedback) async fn list_editions(
    app: Data<App>,
    _by: ChiefAdministrator,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let categories = app.feedback.categories();
    let latest = categories.iter().filter_map(|known| categories.editions(&known.code).pop());
    let views = latest.cloned().map(EditionView).collect();
    let code = |view: &EditionView| view.0.code.clone();
    Ok(HttpResponse::Ok().json(page_of(LIST, views, limit, query.cursor.as_deref(), code)?))
}

/// A category as it is stated
///
/// The `ETag` is what a change names in `If-Match`.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("code" = String, Path, description = "The code of the category")),
    responses(
        (status = 200, description = "The category", body = EditionView),
        (status = 404, description = "Problem `not_found`"),
    ),
)]
#[get("/v1/admin/feedback-categories/{code}")]
pub(in crate::feedback) async fn show_edition(
    app: Data<App>,
    _by: ChiefAdministrator,
    Path(code): Path<String>,
) -> Result<HttpResponse, ApiError> {
    latest(&app.feedback.categories(), &code)
}

/// Add or change a category
///
/// It is a new edition, which counts for what is reported from now on, on every replica. What was
/// written for an earlier one names it in `category_version`. A withdrawn category comes back. Where
/// places are shown only roughly from now on, those of what is published are, too.
/// `If-Match` names the version that was seen, `"0"` where there is none.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("code" = String, Path, description = "The code of the category"),
           ("If-Match" = String, Header, description = "The version that was seen")),
    request_body = PutCategory,
    responses(
        (status = 200, description = "As it is now", body = EditionView),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    ),
)]
#[put("/v1/admin/feedback-categories/{code}")]
pub(in crate::feedback) async fn put_category(
    app: Data<App>,
    By(by): ChiefAdministrator,
    Path(code): Path<String>,
    seen: IfMatch,
    Json(body): Json<PutCategory>,
) -> Result<HttpResponse, ApiError> {
    let (now, agencies) = (app.now(), app.agencies.tree());
    let (shipped, named) = (shipped(&app), (body.edition(code.clone()), seen_edition(seen)));
    let put = move |tx: &mut Transaction<'_>| -> Result<Categories, SetupError> {
        feedback::put_category(tx, (&now, &shipped, &agencies), &by, named)
    };
    let changed = app.database.write(put).await?;
    adopt(&app).await?;
    blur(&app, &changed, &code).await?;
    latest(&changed, &code)
}

/// Withdraw a category
///
/// Nothing of it can be reported any more, nor of what it holds. What was reported is answered.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("code" = String, Path, description = "The code of the category"),
           ("If-Match" = String, Header, description = "The version that was seen")),
    responses(
        (status = 200, description = "As it is now", body = EditionView),
        (status = 404, description = "Problem `not_found`"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    ),
)]
#[post("/v1/admin/feedback-categories/{code}/withdraw")]
pub(in crate::feedback) async fn withdraw_category(
    app: Data<App>,
    By(by): ChiefAdministrator,
    Path(code): Path<String>,
    seen: IfMatch,
) -> Result<HttpResponse, ApiError> {
    let (now, agencies, shipped) = (app.now(), app.agencies.tree(), shipped(&app));
    let (named, seen) = (code.clone(), seen_edition(seen));
    let withdraw = move |tx: &mut Transaction<'_>| {
        feedback::withdraw_category(tx, (&now, &shipped, &agencies), &by, (&named, seen))
    };
    let changed = app.database.write(withdraw).await?;
    adopt(&app).await?;
    latest(&changed, &code)
}

fn shipped(app: &App) -> std::sync::Arc<Categories> {
    std::sync::Arc::clone(app.feedback.setup().shipped_categories())
}
