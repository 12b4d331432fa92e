//! The list of procedures.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    catalogue::{Behaviour, Kind, Kinds, Level, Procedure},
    text,
};
use infra::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    filter::{Facets, Filter},
    view::{ProcedureItem, rounded},
};
use crate::{
    App,
    extract::{Query, typed},
    lookup::Freshness,
    page::{limit, page_of},
    problem::ApiError,
    trim::{Fields, send_page},
};

/// How many procedures a query finds at most.
const FOUND: usize = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProceduresQuery {
    /// What to search for, in everyday words, with or without marks; the answer is then sorted by
    /// how well it fits, else by name.
    #[param(max_length = 200, example = "làm giấy khai sinh")]
    q: Option<String>,
    /// The field, as `facets` names it.
    field: Option<String>,
    /// The level: `cap_bo`, `cap_tinh`, `cap_xa` or `khac`.
    #[param(value_type = Option<String>, example = "cap_xa")]
    level: Option<Level>,
    /// The target group, as `facets` names it.
    target: Option<String>,
    /// The issuing agency, as `facets` names it.
    agency: Option<String>,
    /// The life event that they come with, as `/v1/life-events` names it.
    #[param(example = "birth")]
    life_event: Option<String>,
    /// Only those whose version came into force after this instant. What vanished is not among
    /// them: `/v1/procedures/changes` tells that, too.
    modified_after: Option<DateTime<Utc>>,
    /// Only these parts of each, with commas between them.
    #[param(value_type = Option<String>, example = "code,name")]
    fields: Option<Fields>,
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

impl ProceduresQuery {
    fn filter<'s>(&self, snapshot: &'s Snapshot) -> Filter<'s> {
        let line = |text: &Option<String>| text.as_deref().map(text::line);
        Filter {
            snapshot,
            field: line(&self.field),
            level: self.level,
            target: line(&self.target),
            agency: line(&self.agency),
            life_event: line(&self.life_event),
        }
    }
}

/// A page of procedures.
#[derive(Debug, Serialize, ToSchema)]
struct ProceduresView<'s> {
    /// How sure the answer is: `answer`, `clarify` or `none`.
    #[schema(value_type = String, example = "answer")]
    behaviour: Behaviour,
    /// The procedures.
    items: Vec<ProcedureItem<'s>>,
    /// Where the next page starts; `null` on the last one.
    next_cursor: Option<String>,
    /// What each further choice would leave.
    facets: Facets<'s>,
    /// What could have been meant instead.
    did_you_mean: Vec<String>,
}

/// Procedures, searched and narrowed
#[utoipa::path(
    tag = "catalogue",
    params(ProceduresQuery),
    responses(
        (status = 200, description = "The procedures", body = ProceduresView<'_>),
        (status = 304, description = "As the client has them"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    )
)]
#[get("/v1/procedures")]
pub(super) async fn list_procedures(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<ProceduresQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let mut found = Found::new(&snapshot, query.q.as_deref())?;
    found.keep_modified(&snapshot, query.modified_after);
    let view = narrowed(&snapshot, found, &query)?;
    send_page(&request, &view, query.fields.as_ref(), Freshness::Data)
}

/// The page of what was `found` that `query` asks for.
fn narrowed<'s>(
    snapshot: &'s Snapshot,
    found: Found<'s>,
    query: &ProceduresQuery,
) -> Result<ProceduresView<'s>, ApiError> {
    let filter = query.filter(snapshot);
    let candidates: Vec<_> = found.procedures.iter().map(|&(procedure, _)| procedure).collect();
    let fitting = found.procedures.into_iter().filter(|(procedure, _)| filter.fits(procedure));
    let code = |&(procedure, _): &(&Procedure, _)| procedure.code.clone();
    let (limit, cursor) = (limit(query.limit)?, query.cursor.as_deref());
    let page = page_of("procedures", fitting.collect(), limit, cursor, code)?;
    let item = |(procedure, score)| ProcedureItem::new(snapshot, procedure, score);
    Ok(ProceduresView {
        behaviour: found.behaviour,
        items: page.items.into_iter().map(item).collect(),
        next_cursor: page.next_cursor,
        facets: filter.facets(&candidates),
        did_you_mean: found.did_you_mean,
    })
}

/// The procedures to be narrowed: those a query found, with their scores, or all.
struct Found<'s> {
    behaviour: Behaviour,
    procedures: Vec<(&'s Procedure, Option<f64>)>,
    did_you_mean: Vec<String>,
}

impl<'s> Found<'s> {
    /// Keeps those whose version came into force after `instant`.
    fn keep_modified(&mut self, snapshot: &Snapshot, instant: Option<DateTime<Utc>>) {
        let Some(instant) = instant else { return };
        let since = |procedure: &Procedure| snapshot.history.standing(&procedure.code);
        self.procedures.retain(|(procedure, _)| {
            since(procedure).is_some_and(|standing| standing.valid_from > instant)
        });
    }

    fn new(snapshot: &'s Snapshot, q: Option<&str>) -> Result<Self, ApiError> {
        let Some(q) = q else {
            let procedures = snapshot.procedures.iter().map(|each| (each, None)).collect();
            let (behaviour, did_you_mean) = (Behaviour::Answer, Vec::new());
            return Ok(Self { behaviour, procedures, did_you_mean });
        };
        let kinds = Kinds::from_iter([Kind::Procedure]);
        let answer = snapshot.index.search(&typed("/query/q", q)?, kinds, FOUND);
        let hits = answer.hits.iter().filter_map(|hit| {
            let procedure = snapshot.procedure(&hit.code.parse().ok()?)?;
            Some((procedure, Some(rounded(hit.score))))
        });
        Ok(Self {
            behaviour: answer.behaviour,
            procedures: hits.collect(),
            did_you_mean: answer.did_you_mean,
        })
    }
}
