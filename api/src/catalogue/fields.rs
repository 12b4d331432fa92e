//! What the catalogue can be entered by: its fields, and what happens in a life.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use infra::snapshot::Snapshot;
use serde::Serialize;
use utoipa::ToSchema;

use super::filter::{self, Count};
use crate::{
    App,
    extract::{Nothing, Query},
    lookup::{Freshness, json, send},
    page::PageView,
};

/// The fields of the catalogue
///
/// Each with the number of its procedures, in the order of the alphabet.
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
    PageView { items: filter::fields(snapshot), next_cursor: None }
}

/// Something that happens in the life of a person or a business.
#[derive(Debug, Serialize, ToSchema)]
struct LifeEventView<'s> {
    /// Its key, as the parameter `life_event` takes it.
    #[schema(example = "birth")]
    code: &'s str,
    /// What it is called.
    #[schema(example = "Sinh con")]
    name: &'s str,
    /// What it is called in English.
    #[schema(example = "A child is born")]
    name_en: &'s str,
    /// How many procedures come with it.
    count: usize,
}

/// What happens in a life
///
/// A birth, a new house, a death: each with the number of procedures that come with it, in the
/// order of the alphabet. `/v1/procedures?life_event=` lists them.
#[utoipa::path(
    tag = "catalogue",
    responses(
        (status = 200, description = "The life events", body = PageView<LifeEventView<'_>>),
        (status = 304, description = "As the client has them"),
    )
)]
#[get("/v1/life-events")]
pub(super) async fn list_life_events(
    request: HttpRequest,
    app: Data<App>,
    _: Query<Nothing>,
) -> HttpResponse {
    let snapshot = app.snapshot();
    let body = snapshot.shelf.body("life-events", || json(&life_events(&snapshot)));
    send(&request, &body, Freshness::Data)
}

fn life_events(snapshot: &Snapshot) -> PageView<LifeEventView<'_>> {
    let counts = filter::life_events(snapshot);
    let items = snapshot.life_events.all().iter().map(|event| LifeEventView {
        code: &event.code,
        name: &event.name,
        name_en: &event.name_en,
        count: counts.iter().find(|each| each.value == event.code).map_or(0, |each| each.count),
    });
    PageView { items: items.collect(), next_cursor: None }
}
