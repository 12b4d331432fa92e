//! The one box for everything.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::{
    catalogue::{Advice, Answer, Behaviour, Hit, Kind, Kinds},
    territory::Position,
};
use infra::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::rounded;
use crate::{
    App,
    extract::{Query, position, typed},
    lookup::{Freshness, send_new},
    page::limit,
    problem::{ApiError, Code, FieldCode},
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// What to search for, in everyday words, with or without marks.
    #[param(max_length = 200, example = "lam giay khai sinh")]
    q: String,
    /// What kinds of things, with commas between them: `procedure`, `commune`, `hotline`,
    /// `facility`, `agency`. All of them when absent.
    #[param(example = "procedure,commune")]
    types: Option<String>,
    /// Where the person is, degrees north: facilities then tell their distance, and of those that
    /// answer alike the nearest comes first.
    lat: Option<f64>,
    /// Where the person is, degrees east.
    lon: Option<f64>,
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnswerView<'a> {
    /// How sure the answer is: `answer` (the first row is what was asked for), `clarify` (let the
    /// person choose) or `none` (nothing here answers this).
    #[schema(value_type = String, example = "answer")]
    behaviour: Behaviour,
    /// What was found, best first.
    items: Vec<HitView<'a>>,
    /// What could have been meant instead.
    did_you_mean: &'a [String],
    /// Where to turn with what the province's offices do not do.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<AdviceView<'a>>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
struct HitView<'a> {
    /// What kind of thing: `procedure`, `commune`, `hotline`, `facility` or `agency`.
    r#type: &'static str,
    /// Its code within its kind.
    code: &'a str,
    /// What to show.
    title: &'a str,
    /// A line that helps to tell it from others.
    snippet: &'a str,
    /// How well it fits; comparable between queries.
    score: f64,
    /// The distance of a facility from the person, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
}

/// Where to turn.
#[derive(Debug, Serialize, ToSchema)]
struct AdviceView<'a> {
    /// Who does it.
    place: &'a str,
    /// What to know, in a sentence.
    text: &'a str,
}

impl<'a> AnswerView<'a> {
    /// The view of `answer` to somebody who is `here`.
    pub(super) fn new(answer: &'a Answer, snapshot: &Snapshot, here: Option<Position>) -> Self {
        let item = |hit: &'a Hit| HitView {
            distance_m: here.and_then(|here| distance(hit, snapshot, here)),
            r#type: hit.kind.as_str(),
            code: &hit.code,
            title: &hit.title,
            snippet: &hit.snippet,
            score: rounded(hit.score),
        };
        let advice = answer.advice.as_ref();
        Self {
            behaviour: answer.behaviour,
            items: answer.hits.iter().map(item).collect(),
            did_you_mean: &answer.did_you_mean,
            advice: advice.map(|Advice { place, text }| AdviceView { place, text }),
        }
    }
}

/// Search everything
#[utoipa::path(
    tag = "catalogue",
    params(SearchQuery),
    responses(
        (status = 200, description = "The answer", body = AnswerView<'_>),
        (status = 304, description = "As the client has it"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/search")]
pub(super) async fn search(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<SearchQuery>,
) -> Result<HttpResponse, ApiError> {
    let (kinds, here, limit) = (query.kinds()?, query.here()?, limit(query.limit)?);
    let snapshot = app.snapshot();
    let asked = typed("/query/q", &query.q)?;
    let answer = match here {
        None => snapshot.index.search(&asked, kinds, limit),
        Some(here) => {
            let distance = |hit: &Hit| distance(hit, &snapshot, here);
            snapshot.index.search_near(&asked, kinds, limit, distance)
        }
    };
    if kinds == Kinds::ALL && answer.is_silent() {
        app.count_unanswered(&asked, app.limits.source(&request));
    }
    Ok(send_new(&request, &AnswerView::new(&answer, &snapshot, here), Freshness::Data))
}

impl SearchQuery {
    fn kinds(&self) -> Result<Kinds, ApiError> {
        let Some(types) = &self.types else { return Ok(Kinds::ALL) };
        let kinds: Result<Kinds, _> =
            types.split(',').map(|kind| kind.trim().parse::<Kind>()).collect();
        kinds.map_err(|_| wrong("/query/types", FieldCode::Unknown))
    }

    fn here(&self) -> Result<Option<Position>, ApiError> {
        match (self.lat, self.lon) {
            (Some(lat), Some(lon)) => position("/query", lat, lon).map(Some),
            (None, None) => Ok(None),
            (None, _) => Err(wrong("/query/lat", FieldCode::Missing)),
            (_, None) => Err(wrong("/query/lon", FieldCode::Missing)),
        }
    }
}

/// How far the facility that was found is, in whole metres.
fn distance(hit: &Hit, snapshot: &Snapshot, here: Position) -> Option<f64> {
    let facility = Some(hit).filter(|hit| hit.kind == Kind::Facility);
    let facility = facility.and_then(|hit| snapshot.facility(&hit.code))?;
    Some(here.distance_m(facility.position?).round())
}

fn wrong(pointer: &str, code: FieldCode) -> ApiError {
    ApiError::new(Code::InvalidQuery).with_field(pointer, code)
}
