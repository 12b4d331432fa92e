//! What officers write again and again.

use actix_web::{HttpResponse, delete, get, http::header::ETag, patch, post, web::Data};
use domain::{
    directory::AgencyCode,
    feedback::{self, ActError, NewTemplate, Report, ReportId, Template, TemplateId},
    idempotency::{OnceError, once},
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    extract::{IfMatch, Json, Path, Query, Repeatable, made, version_tag},
    feedback::office,
    identity::{By, Officer},
    page::{self, PageQuery, PageView, page_of},
    problem::ApiError,
};

/// The name of this list in its cursors.
const LIST: &str = "feedback-templates";

/// What a template shall be.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct WriteTemplate {
    /// Whose it is; of the officer's own agency when absent. Those below it use it, too.
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    /// What it is called, 1 to 80 characters.
    #[schema(example = "Đã chuyển đội thi công")]
    name: String,
    /// What it says, 1 to 4,000 characters, with `{{address}}`, `{{agency}}`, `{{answer}}`,
    /// `{{category}}`, `{{code}}`, `{{commune}}`, `{{due_on}}`, `{{officer}}`, `{{submitted_on}}`,
    /// `{{text}}` or `{{title}}` for what the report says there.
    #[schema(example = "Phản ánh {{code}} sẽ được trả lời trước ngày {{due_on}}.")]
    text: String,
}

/// A template.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct TemplateView {
    /// Its id.
    id: Uuid,
    /// The version to name in `If-Match`, in quotation marks.
    version: i64,
    /// Whose it is.
    agency: String,
    /// What it is called.
    name: String,
    /// What it says.
    text: String,
}

/// For which report a template is filled in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct RenderTemplate {
    /// The id of the report.
    #[schema(value_type = Uuid)]
    report: ReportId,
}

/// A template, filled in.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct RenderedView {
    /// What it says of the report.
    text: String,
}

impl From<Template> for TemplateView {
    fn from(template: Template) -> Self {
        Self {
            id: template.id.uuid(),
            version: template.version,
            agency: template.agency.into(),
            name: template.name,
            text: template.wording.as_str().to_owned(),
        }
    }
}

impl WriteTemplate {
    fn parse(self) -> Result<NewTemplate, ApiError> {
        Ok(NewTemplate::parse(self.agency, &self.name, &self.text)?)
    }
}

fn answer(mut response: actix_web::HttpResponseBuilder, template: Template) -> HttpResponse {
    response.insert_header(ETag(version_tag(template.version)));
    response.json(TemplateView::from(template))
}

/// The templates
///
/// Of the officer's agency, of those below it, and of those above it.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(PageQuery),
    responses((status = 200, description = "The templates", body = PageView<TemplateView>)),
)]
#[get("/v1/desk/templates")]
pub(in crate::feedback) async fn list_templates(
    app: Data<App>,
    By(officer): Officer,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let all = app.database.read(move |tx| feedback::templates(tx, &officer)).await?;
    let views = all.into_iter().map(TemplateView::from).collect();
    Ok(HttpResponse::Ok().json(page_of(LIST, views, limit, query.cursor.as_deref(), |it| it.id)?))
}

/// Add a template
///
/// A variable that there is not is refused.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    request_body = WriteTemplate,
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "The template", body = TemplateView),
        (status = 403, description = "Problem `forbidden`: the agency is out of reach"),
        (status = 409, description = "Problem `too_many`"),
        (status = 422, description = "Problem `validation_failed` or `idempotency_key_reused`"),
    ),
)]
#[post("/v1/desk/templates")]
pub(in crate::feedback) async fn add_template(
    app: Data<App>,
    By(officer): Officer,
    key: Repeatable,
    Json(body): Json<WriteTemplate>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "template.add", Some(officer.staff().id.uuid()), &body);
    let (now, new) = (app.now(), body.parse()?);
    let add = move |tx: &mut Transaction<'_>| {
        let id = once(tx, &now, key.as_ref(), |tx| {
            feedback::add_template(tx, &now, &officer, new).map(|template| template.id)
        })?;
        let all = feedback::templates(tx, &officer).map_err(ActError::from);
        made(all, |template| template.id == id, ActError::NotFound)
    };
    let added: Result<_, OnceError<ActError>> = app.database.write(add).await;
    Ok(answer(HttpResponse::Created(), added?))
}

/// Change a template
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The template"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    request_body = WriteTemplate,
    responses(
        (status = 200, description = "As it is now", body = TemplateView),
        (status = 403, description = "Problem `forbidden`: the agency is out of reach"),
        (status = 404, description = "Problem `not_found`: none of an agency in reach"),
        (status = 412, description = "Problem `precondition_failed`: it has changed"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    ),
)]
#[patch("/v1/desk/templates/{id}")]
pub(in crate::feedback) async fn change_template(
    app: Data<App>,
    By(officer): Officer,
    Path(id): Path<TemplateId>,
    IfMatch(seen): IfMatch,
    Json(body): Json<WriteTemplate>,
) -> Result<HttpResponse, ApiError> {
    let (now, new) = (app.now(), body.parse()?);
    let change = move |tx: &mut Transaction<'_>| {
        feedback::change_template(tx, &now, &officer, (id, seen), new)
    };
    Ok(answer(HttpResponse::Ok(), app.database.write(change).await?))
}

/// Remove a template
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The template"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Problem `not_found`: none of an agency in reach"),
        (status = 412, description = "Problem `precondition_failed`: it has changed"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    ),
)]
#[delete("/v1/desk/templates/{id}")]
pub(in crate::feedback) async fn remove_template(
    app: Data<App>,
    By(officer): Officer,
    Path(id): Path<TemplateId>,
    IfMatch(seen): IfMatch,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let remove =
        move |tx: &mut Transaction<'_>| feedback::remove_template(tx, &now, &officer, (id, seen));
    app.database.write(remove).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Fill a template in
///
/// With what a report of the desk says. Nothing is sent: the officer reads it, and sends it with a
/// step.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The template")),
    request_body = RenderTemplate,
    responses(
        (status = 200, description = "The text", body = RenderedView),
        (status = 404, description = "Problem `not_found`: no such template, or no such report"),
        (status = 422, description = "Problem `validation_failed`"),
    ),
)]
#[post("/v1/desk/templates/{id}/render")]
pub(in crate::feedback) async fn render_template(
    app: Data<App>,
    By(officer): Officer,
    Path(id): Path<TemplateId>,
    Json(body): Json<RenderTemplate>,
) -> Result<HttpResponse, ApiError> {
    let (office, snapshot) = (office(&app), app.snapshot());
    let commune = move |report: &Report| {
        let commune = report.commune.and_then(|code| snapshot.commune(code));
        commune.map(|commune| commune.name.clone())
    };
    let render = move |tx: &mut Transaction<'_>| {
        feedback::render(tx, &office, &officer, (id, body.report), commune)
    };
    let text = app.database.read(render).await?;
    Ok(HttpResponse::Ok().json(RenderedView { text }))
}
