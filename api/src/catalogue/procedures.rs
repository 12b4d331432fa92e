//! The list of procedures.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    catalogue::{Behaviour, Kinds, Level, ProcedureCode, Side},
    text,
};
use infra::snapshot::{Numbers, Snapshot};
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
    page::{self, PageView, limit},
    problem::ApiError,
    trim::{Fields, send_page},
};

/// The names of the two lists in cursors.
const BY_NAME: &str = "procedures";
const BY_SCORE: &str = "procedures found";

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
    fn filter(&self) -> Filter {
        let line = |side, text: &Option<String>| Some((side, text::line(text.as_deref()?)));
        let chosen = [
            line(Side::Field, &self.field),
            self.level.map(|level| (Side::Level, level.as_str().to_owned())),
            line(Side::Target, &self.target),
            line(Side::Agency, &self.agency),
            line(Side::LifeEvent, &self.life_event),
        ];
        Filter { chosen: chosen.into_iter().flatten().collect() }
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
    let asked = query.q.as_deref().map(|q| typed("/query/q", q)).transpose()?;
    let found = Found::new(&snapshot, asked.as_deref(), &query);
    if let Some(asked) = asked.filter(|asked| found.is_silent(&snapshot, asked)) {
        app.count_unanswered(&asked, app.limits.source(&request));
    }
    let view = narrowed(&snapshot, found, &query)?;
    send_page(&request, &view, query.fields.as_ref(), Freshness::Data)
}

/// The page of what was `found` that `query` asks for.
fn narrowed<'s>(
    snapshot: &'s Snapshot,
    found: Found,
    query: &ProceduresQuery,
) -> Result<ProceduresView<'s>, ApiError> {
    let (facets, filter) = (snapshot.facets(), query.filter());
    let fitting = filter.fitting(facets, &found.candidates);
    let (limit, cursor) = (limit(query.limit)?, query.cursor.as_deref());
    let page = match found.ranking {
        Some(ranking) => ranked_page(snapshot, &ranking, &fitting, limit, cursor)?,
        None => page_by_name(snapshot, &fitting, limit, cursor)?,
    };
    Ok(ProceduresView {
        behaviour: found.behaviour,
        items: page.items,
        next_cursor: page.next_cursor,
        facets: filter.facets(facets, &found.candidates),
        did_you_mean: found.did_you_mean,
    })
}

/// Where a page ends: what the procedure is called, and its code.
type Place = (String, ProcedureCode);

/// The page of the `fitting` procedures in the order of the alphabet. It goes on even where the last
/// one of the page before is no longer there, or called otherwise.
fn page_by_name<'s>(
    snapshot: &'s Snapshot,
    fitting: &Numbers,
    limit: usize,
    cursor: Option<&str>,
) -> Result<PageView<ProcedureItem<'s>>, ApiError> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            let (name, code): Place = page::key(BY_NAME, cursor)?;
            let is_called_so = |number: &usize| {
                snapshot.procedures.get(*number).is_some_and(|procedure| procedure.name == name)
            };
            let number = snapshot.procedure_number(&code).filter(is_called_so);
            number.map_or_else(|| snapshot.first_after(&name), |number| number + 1)
        }
    };
    let mut rest = fitting.ones().skip_while(|&number| number < start);
    let numbers = rest.by_ref().take(limit);
    let procedures: Vec<_> = numbers.filter_map(|number| snapshot.procedures.get(number)).collect();
    let last = procedures.last().filter(|_| rest.next().is_some());
    let next = last.map(|last| page::cursor(BY_NAME, &(&last.name, &last.code)));
    let item = |procedure| ProcedureItem::new(snapshot, procedure, None);
    Ok(PageView { items: procedures.into_iter().map(item).collect(), next_cursor: next })
}

/// The page of the `fitting` procedures of a `ranking`, best first. A cursor whose procedure no longer
/// answers goes on with those that answer less well.
fn ranked_page<'s>(
    snapshot: &'s Snapshot,
    ranking: &[(usize, f64)],
    fitting: &Numbers,
    limit: usize,
    cursor: Option<&str>,
) -> Result<PageView<ProcedureItem<'s>>, ApiError> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            let (score, code): (f64, ProcedureCode) = page::key(BY_SCORE, cursor)?;
            let known = snapshot.procedure_number(&code);
            let place = ranking.iter().position(|&(number, _)| Some(number) == known);
            let worse = || ranking.iter().take_while(|&&(_, other)| other >= score).count();
            place.map_or_else(worse, |place| place + 1)
        }
    };
    let rest = ranking.iter().skip(start).filter(|(number, _)| fitting.contains(*number));
    let mut rest =
        rest.filter_map(|&(number, score)| Some((snapshot.procedures.get(number)?, score)));
    let found: Vec<_> = rest.by_ref().take(limit).collect();
    let last = found.last().filter(|_| rest.next().is_some());
    let next = last.map(|(last, score)| page::cursor(BY_SCORE, &(score, &last.code)));
    let item = |(procedure, score)| ProcedureItem::new(snapshot, procedure, Some(score));
    Ok(PageView { items: found.into_iter().map(item).collect(), next_cursor: next })
}

/// The procedures to be narrowed: those a query found, best first with their scores, or all.
struct Found {
    behaviour: Behaviour,
    candidates: Numbers,
    ranking: Option<Vec<(usize, f64)>>,
    did_you_mean: Vec<String>,
}

impl Found {
    /// What is `asked`, if anything is, above all of what `query` narrows it to.
    fn new(snapshot: &Snapshot, asked: Option<&str>, query: &ProceduresQuery) -> Self {
        let facets = snapshot.facets();
        let among = modified_after(snapshot, query.modified_after);
        let Some(asked) = asked else {
            let (behaviour, did_you_mean) = (Behaviour::Answer, Vec::new());
            return Self { behaviour, candidates: among, ranking: None, did_you_mean };
        };
        let wanted = query.filter().fitting(facets, &among);
        let answer = snapshot.index.search_procedures(asked, &|number| wanted.contains(number));
        let ranking = answer.hits.iter().filter_map(|hit| {
            let number = snapshot.procedure_number(&hit.code.parse().ok()?)?;
            Some((number, rounded(hit.score)))
        });
        let ranking: Vec<_> = ranking.collect();
        let mut candidates = facets.those(ranking.iter().map(|&(number, _)| number));
        candidates.intersect_with(&among);
        Self {
            behaviour: answer.behaviour,
            candidates,
            ranking: Some(ranking),
            did_you_mean: answer.did_you_mean,
        }
    }

    /// Whether neither a procedure nor anything else answers what was `asked`.
    fn is_silent(&self, snapshot: &Snapshot, asked: &str) -> bool {
        self.behaviour == Behaviour::None && snapshot.index.search(asked, Kinds::ALL, 1).is_silent()
    }
}

/// The procedures whose version came into force after `instant`; all where none is said.
fn modified_after(snapshot: &Snapshot, instant: Option<DateTime<Utc>>) -> Numbers {
    let (facets, history) = (snapshot.facets(), &snapshot.history);
    let Some(instant) = instant else { return facets.everything() };
    let since = |code: &ProcedureCode| history.standing(code).map(|version| version.valid_from);
    let numbered = (0..).zip(&snapshot.procedures);
    let modified = numbered.filter(|(_, procedure)| since(&procedure.code) > Some(instant));
    facets.those(modified.map(|(number, _)| number))
}
