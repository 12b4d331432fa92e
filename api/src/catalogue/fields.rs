//! The fields of the catalogue.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use infra::snapshot::Snapshot;

use super::filter::{self, Count};
use crate::{
    App,
    extract::{Nothing, Query},
    lookup::{Freshness, json, send},
    page::PageView,
};

/// The fields of the catalogue
///
/// Each with the number of its procedures, the largest first.
#[utoipa::path(
    tag = "catalogue",
    responses(
        (status = 200, description = "The fields", body = PageView<Count<'_>>),
        (status = 304, description = "As the client has them"),
    )
)]
#[get("/v1/procedure-fields")]
pub(super) async fn list_procedure_fields(
    request: HttpRequest,
    app: Data<App>,
    _: Query<Nothing>,
) -> HttpResponse {
    let snapshot = app.snapshot();
    let body = snapshot.shelf.body("procedure-fields", || json(&page(&snapshot)));
    send(&request, &body, Freshness::Data)
}

fn page(snapshot: &Snapshot) -> PageView<Count<'_>> {
    let procedures: Vec<_> = snapshot.procedures.iter().collect();
    PageView { items: filter::fields(&procedures), next_cursor: None }
}
