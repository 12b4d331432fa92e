//! Completing what is being typed.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::catalogue::Suggestion;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    App,
    extract::{Query, typed},
    lookup::{Freshness, send_new},
    page::limit,
    problem::ApiError,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SuggestQuery {
    /// What was typed so far.
    #[param(max_length = 200, example = "khai s")]
    q: String,
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
}

/// What a person may be about to type.
#[derive(Debug, Serialize, ToSchema)]
struct SuggestionsView<'a> {
    /// The completions, likeliest first.
    items: Vec<SuggestionView<'a>>,
}

/// A completion.
#[derive(Debug, Serialize, ToSchema)]
struct SuggestionView<'a> {
    /// The text to complete to.
    text: &'a str,
    /// What kind of thing it names.
    r#type: &'static str,
    /// The code of that thing.
    code: &'a str,
}

impl<'a> From<&'a Suggestion> for SuggestionView<'a> {
    fn from(suggestion: &'a Suggestion) -> Self {
        let Suggestion { text, kind, code } = suggestion;
        Self { text, r#type: kind.as_str(), code }
    }
}

/// Complete while typing
#[utoipa::path(
    tag = "catalogue",
    params(SuggestQuery),
    responses(
        (status = 200, description = "The completions", body = SuggestionsView<'_>),
        (status = 304, description = "As the client has them"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/search/suggest")]
pub(super) async fn suggest(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<SuggestQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = limit(query.limit)?;
    let suggestions = app.snapshot().index.suggest(&typed("/query/q", &query.q)?, limit);
    let items = suggestions.iter().map(SuggestionView::from).collect();
    Ok(send_new(&request, &SuggestionsView { items }, Freshness::Data))
}
