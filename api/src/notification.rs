//! What people are told in the app.

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    Id,
    notification::{Inbox as _, InboxMessage},
    page::Page,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    App,
    extract::Query,
    identity::{Citizen, Staff},
    page::{self, PageQuery, PageView},
    problem::ApiError,
};

/// The name of this list in its cursors.
const LIST: &str = "notifications";

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(mine).service(of_staff);
}

/// A message to the caller.
#[derive(Debug, Serialize, ToSchema)]
struct NotificationView {
    id: Uuid,
    /// What it is about, as a stable name.
    kind: String,
    text: String,
    /// The id of the thing it is about.
    subject: Uuid,
    at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

impl From<InboxMessage> for NotificationView {
    fn from(message: InboxMessage) -> Self {
        Self {
            id: message.id.uuid(),
            kind: message.kind,
            text: message.text,
            subject: message.subject,
            at: message.at,
            read_at: message.read_at,
        }
    }
}

/// What the caller was told, newest first.
#[utoipa::path(
    tag = "notification",
    security(("bearer" = ["use_account"])),
    params(PageQuery),
    responses(
        (status = 200, description = "The messages", body = PageView<NotificationView>),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 422, description = "Problem `invalid_cursor` or `invalid_query`"),
    ),
)]
#[get("/v1/me/notifications")]
async fn mine(
    app: Data<App>,
    citizen: Citizen,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    inbox(&app, citizen.id.uuid(), query).await
}

/// What the caller was told as a member of the staff, newest first.
#[utoipa::path(
    tag = "notification",
    security(("bearer" = ["work_here"])),
    params(PageQuery),
    responses(
        (status = 200, description = "The messages", body = PageView<NotificationView>),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 422, description = "Problem `invalid_cursor` or `invalid_query`"),
    ),
)]
#[get("/v1/staff/notifications")]
async fn of_staff(
    app: Data<App>,
    staff: Staff,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    inbox(&app, staff.id.uuid(), query).await
}

/// A page of what `recipient` was told.
async fn inbox(app: &App, recipient: Uuid, query: PageQuery) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let before: Option<Id<InboxMessage>> =
        query.cursor.map(|cursor| page::key(LIST, &cursor)).transpose()?;
    let messages = app.database.read(move |tx| tx.of(recipient, before, limit + 1)).await?;
    let page = Page::cut(messages, limit, |message| message.id);
    Ok(HttpResponse::Ok().json(PageView {
        items: page.items.into_iter().map(NotificationView::from).collect(),
        next_cursor: page.next.map(|id| page::cursor(LIST, &id)),
    }))
}
