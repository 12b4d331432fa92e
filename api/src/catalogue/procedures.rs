//! The list of procedures.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
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
    lookup::{Freshness, send_new},
    page::{limit, page_of},
    problem::ApiError,
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
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

impl ProceduresQuery {
    fn filter(&self) -> Filter {
        let line = |text: &Option<String>| text.as_deref().map(text::line);
        Filter {
            field: line(&self.field),
            level: self.level,
            target: line(&self.target),
            agency: line(&self.agency),
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
    let filter = query.filter();
    let found = Found::new(&snapshot, query.q.as_deref())?;
    let candidates: Vec<_> = found.procedures.iter().map(|&(procedure, _)| procedure).collect();
    let fitting = found.procedures.iter().filter(|(procedure, _)| filter.fits(procedure));
    let items = fitting.map(|&(procedure, score)| ProcedureItem::new(procedure, score)).collect();
    let (limit, cursor) = (limit(query.limit)?, query.cursor.as_deref());
    let page = page_of("procedures", items, limit, cursor, |item| item.code.to_owned())?;
    let view = ProceduresView {
        behaviour: found.behaviour,
        items: page.items,
        next_cursor: page.next_cursor,
        facets: filter.facets(&candidates),
        did_you_mean: found.did_you_mean,
    };
    Ok(send_new(&request, &view, Freshness::Data))
}

/// The procedures to be narrowed: those a query found, with their scores, or all.
struct Found<'s> {
    behaviour: Behaviour,
    procedures: Vec<(&'s Procedure, Option<f64>)>,
    did_you_mean: Vec<String>,
}

impl<'s> Found<'s> {
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
