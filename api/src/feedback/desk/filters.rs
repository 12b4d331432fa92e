//! Queues that officers look at again and again.

use actix_web::{HttpResponse, delete, get, http::header::ETag, post, put, web::Data};
use domain::{
    feedback::{self, ActError, NewFilter, SavedFilter, SavedFilterId},
    idempotency::{OnceError, once},
    identity,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::query::QueueQuery;
use crate::{
    App,
    extract::{IfMatch, Json, Path, Query, Repeatable, made, version_tag},
    identity::{By, Staff},
    page::{self, PageQuery, PageView, page_of},
    problem::{ApiError, Code, FieldCode},
};

/// The name of this list in its cursors.
const LIST: &str = "feedback-filters";

/// What a saved filter shall be.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct SaveFilter {
    /// What it is called, 1 to 80 characters.
    #[schema(example = "Quá hạn của tổ 2")]
    name: String,
    /// Whether the others of the agency may use it.
    #[serde(default)]
    shared: bool,
    /// What the queue is asked, as in its address.
    query: QueueQuery,
}

/// A saved filter.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct FilterView {
    /// Its id, for `filter` of the queue.
    id: Uuid,
    /// The version to name in `If-Match`, in quotation marks.
    version: i64,
    /// What it is called.
    name: String,
    /// Whether the others of the agency may use it.
    shared: bool,
    /// Whether it is the caller's own, to change and remove.
    own: bool,
    /// What the queue is asked.
    #[schema(value_type = QueueQuery)]
    query: Value,
}

impl FilterView {
    fn new(filter: SavedFilter, staff: &identity::Staff) -> Self {
        Self {
            id: filter.id.uuid(),
            version: filter.version,
            own: filter.staff == staff.id,
            name: filter.name,
            shared: filter.shared,
            query: serde_json::from_str(&filter.query).unwrap_or_default(),
        }
    }
}

impl SaveFilter {
    /// What was sent, if the queue of `staff` could be asked this.
    fn parse(self, app: &App, staff: &identity::Staff) -> Result<NewFilter, ApiError> {
        if !self.query.can_be_saved() {
            return Err(ApiError::field("/query", FieldCode::UnknownField));
        }
        let query =
            serde_json::to_string(&self.query).map_err(|_| ApiError::new(Code::Internal))?;
        self.query.filter(app, staff, app.now().at)?;
        Ok(NewFilter::parse(&self.name, self.shared, query)?)
    }
}

fn answer(
    mut response: actix_web::HttpResponseBuilder,
    filter: SavedFilter,
    staff: &identity::Staff,
) -> HttpResponse {
    response.insert_header(ETag(version_tag(filter.version)));
    response.json(FilterView::new(filter, staff))
}

/// My saved filters
///
/// The caller's own, and those that are shared in their agency.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["work_here"])),
    params(PageQuery),
    responses((status = 200, description = "The filters", body = PageView<FilterView>)),
)]
#[get("/v1/desk/filters")]
pub(in crate::feedback) async fn list_filters(
    app: Data<App>,
    By(staff): Staff,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (limit, by) = (page::limit(query.limit)?, staff.clone());
    let all = app.database.read(move |tx| feedback::saved_filters(tx, &by)).await?;
    let views = all.into_iter().map(|filter| FilterView::new(filter, &staff)).collect();
    Ok(HttpResponse::Ok().json(page_of(LIST, views, limit, query.cursor.as_deref(), |it| it.id)?))
}

/// Save a filter
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["work_here"])),
    request_body = SaveFilter,
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "The filter", body = FilterView),
        (status = 409, description = "Problem `too_many`"),
        (status = 422, description = "Problem `validation_failed`, `invalid_query` or \
                                      `idempotency_key_reused`"),
    ),
)]
#[post("/v1/desk/filters")]
pub(in crate::feedback) async fn save_filter(
    app: Data<App>,
    By(staff): Staff,
    key: Repeatable,
    Json(body): Json<SaveFilter>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "filter.save", Some(staff.id.uuid()), &body);
    let (now, by, new) = (app.now(), staff.clone(), body.parse(&app, &staff)?);
    let save = move |tx: &mut Transaction<'_>| {
        let id = once(tx, &now, key.as_ref(), |tx| {
            feedback::save_filter(tx, &now, &by, new).map(|filter| filter.id)
        })?;
        let all = feedback::saved_filters(tx, &by).map_err(ActError::from);
        made(all, |filter| filter.id == id, ActError::NotFound)
    };
    let saved: Result<_, OnceError<ActError>> = app.database.write(save).await;
    Ok(answer(HttpResponse::Created(), saved?, &staff))
}

/// Change a filter of one's own
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["work_here"])),
    params(("id" = Uuid, Path, description = "The filter"),
           ("If-Match" = String, Header, description = "The `version` that was seen")),
    request_body = SaveFilter,
    responses(
        (status = 200, description = "As it is now", body = FilterView),
        (status = 404, description = "Problem `not_found`: none of the caller's own"),
        (status = 412, description = "Problem `precondition_failed`: it has changed"),
        (status = 422, description = "Problem `validation_failed` or `invalid_query`"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    ),
)]
#[put("/v1/desk/filters/{id}")]
pub(in crate::feedback) async fn change_filter(
    app: Data<App>,
    By(staff): Staff,
    Path(id): Path<SavedFilterId>,
    IfMatch(seen): IfMatch,
    Json(body): Json<SaveFilter>,
) -> Result<HttpResponse, ApiError> {
    let (by, new) = (staff.clone(), body.parse(&app, &staff)?);
    let change = move |tx: &mut Transaction<'_>| feedback::change_filter(tx, &by, (id, seen), new);
    let changed = app.database.write(change).await?;
    Ok(answer(HttpResponse::Ok(), changed, &staff))
}

/// Remove a filter of one's own
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["work_here"])),
    params(("id" = Uuid, Path, description = "The filter"),
           ("If-Match" = String, Header, description = "The `version` that was seen")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Problem `not_found`: none of the caller's own"),
        (status = 412, description = "Problem `precondition_failed`: it has changed"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    ),
)]
#[delete("/v1/desk/filters/{id}")]
pub(in crate::feedback) async fn remove_filter(
    app: Data<App>,
    By(staff): Staff,
    Path(id): Path<SavedFilterId>,
    IfMatch(seen): IfMatch,
) -> Result<HttpResponse, ApiError> {
    let remove = move |tx: &mut Transaction<'_>| feedback::remove_filter(tx, &staff, (id, seen));
    app.database.write(remove).await?;
    Ok(HttpResponse::NoContent().finish())
}
