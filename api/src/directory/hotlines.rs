//! Telephone numbers to call.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::directory::Hotline;
use infra::snapshot::Snapshot;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    extract::Query,
    lookup::{Freshness, json, send, send_new},
    page::PageView,
    problem::ApiError,
    trim::FieldsQuery,
};

/// A telephone number to call.
#[derive(Debug, Serialize, ToSchema)]
struct HotlineView<'s> {
    /// The number, as it is dialled.
    #[schema(example = "113")]
    number: &'s str,
    /// Who answers.
    name: &'s str,
    /// `emergency`, `public_service`, `health`, `utility` or `other`.
    kind: &'static str,
    /// Where it is answered: `national`, or the name of a region.
    scope: &'s str,
    /// When it is answered; `null` where that is not known.
    hours: Option<&'s str>,
}

impl<'s> From<&'s Hotline> for HotlineView<'s> {
    fn from(hotline: &'s Hotline) -> Self {
        Self {
            number: &hotline.number,
            name: &hotline.name,
            kind: hotline.kind.as_str(),
            scope: &hotline.scope,
            hours: hotline.hours.as_deref(),
        }
    }
}

/// The hotlines
///
/// The emergency numbers first, always; others once an operator has confirmed them.
#[utoipa::path(
    tag = "directory",
    params(FieldsQuery),
    responses(
        (status = 200, description = "The hotlines", body = PageView<HotlineView<'_>>),
        (status = 304, description = "As the client has them"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/hotlines")]
pub(super) async fn list_hotlines(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<FieldsQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    if let Some(fields) = query.fields {
        return Ok(send_new(&request, &fields.of_items(&page(&snapshot))?, Freshness::Data));
    }
    let body = snapshot.shelf.body("hotlines", || json(&page(&snapshot)));
    Ok(send(&request, &body, Freshness::Data))
}

fn page(snapshot: &Snapshot) -> PageView<HotlineView<'_>> {
    let items = snapshot.hotlines.iter().map(HotlineView::from).collect();
    PageView { items, next_cursor: None }
}
