//! The children for whom I speak.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    idempotency::once,
    identity::DisplayName,
    personal::{self, Child, ChildCard, PersonalError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    extract::{Json, Path, Repeatable, made},
    identity::Citizen,
    page::PageView,
    problem::{ApiError, FieldCode},
};

/// A child to speak for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddChild {
    /// What they are called, 1 to 100 characters.
    name: String,
    /// Their birthday; they are under sixteen.
    born_on: NaiveDate,
}

/// A child for whom the caller speaks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChildView {
    id: Uuid,
    name: String,
    born_on: NaiveDate,
    added_at: DateTime<Utc>,
}

impl From<Child> for ChildView {
    fn from(child: Child) -> Self {
        let ChildCard { name, born_on } = child.card;
        Self { id: child.id.uuid(), name, born_on, added_at: child.added_at }
    }
}

/// Speak for a child
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "The child", body = ChildView),
        (status = 409, description = "Problem `consent_required`, or `action_not_allowed`: twenty"),
    )
)]
#[post("/v1/me/children")]
pub(super) async fn add_child(
    app: Data<App>,
    citizen: Citizen,
    key: Repeatable,
    Json(body): Json<AddChild>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "child.add", Some(citizen.id.uuid()), &body);
    let now = app.now();
    let name = DisplayName::try_from(body.name.as_str())
        .map_err(|_| ApiError::field("/name", FieldCode::WrongForm))?;
    let card = ChildCard::read(&name, body.born_on, now.at)
        .ok_or_else(|| ApiError::field("/born_on", FieldCode::OutOfRange))?;
    let adding = app.database.write(move |tx| {
        let added = once(tx, &now, key.as_ref(), |tx| {
            personal::add_child(tx, &now, &citizen, card).map(|child| child.id)
        })?;
        let all = personal::children_of(tx, &now, &citizen);
        made(all, |child| child.id == added, PersonalError::NotFound)
    });
    Ok(HttpResponse::Created().json(ChildView::from(adding.await?)))
}

/// The children for whom I speak
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "As they were added", body = PageView<ChildView>))
)]
#[get("/v1/me/children")]
pub(super) async fn children(app: Data<App>, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let children = app.database.read(move |tx| personal::children_of(tx, &now, &citizen)).await?;
    let items = children.into_iter().map(ChildView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Speak for a child no longer
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The child")),
    responses((status = 204, description = "It is forgotten"))
)]
#[delete("/v1/me/children/{id}")]
pub(super) async fn remove_child(
    app: Data<App>,
    citizen: Citizen,
    Path(id): Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    app.database.write(move |tx| personal::remove_child(tx, &citizen, id.into())).await?;
    Ok(HttpResponse::NoContent().finish())
}
