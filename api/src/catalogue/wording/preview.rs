//! Trying rules before they are put in force.

use std::sync::Arc;

use actix_web::{
    HttpResponse, post,
    web::{self, Data},
};
use domain::catalogue::{Kinds, WordRule, WordRuleId};
use infra::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{super::search::AnswerView, rule::RuleBody};
use crate::{
    App,
    extract::{Json, filled_in},
    identity::ChiefAdministrator,
    problem::{ApiError, Code, FieldCode},
};

/// Rules that are tried at once, at most.
const RULES: usize = 20;

/// Hits of each answer.
const HITS: usize = 5;

/// A query and the rules to try on it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TryRules {
    /// The query.
    #[schema(max_length = 200)]
    q: String,
    /// Rules that are added or changed.
    #[serde(default)]
    rules: Vec<RuleBody>,
    /// Rules that are taken away.
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>)]
    without: Vec<WordRuleId>,
}

/// How a query is answered, and how it would be.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PreviewView<'a> {
    /// With the rules in force.
    before: AnswerView<'a>,
    /// With those that were sent.
    after: AnswerView<'a>,
}

/// Try rules about words
///
/// Tells how a query would be answered with these rules. Nothing is changed.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    responses(
        (status = 200, description = "The answers", body = PreviewView<'_>),
        (status = 422, description = "Problem `validation_failed`"),
    )
)]
#[post("/v1/admin/search/preview")]
pub(super) async fn preview_search(
    app: Data<App>,
    _by: ChiefAdministrator,
    Json(body): Json<TryRules>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let asked = filled_in("/q", &body.q, 200)?;
    let changes = body.changes(&snapshot)?;
    let tried = Arc::clone(&snapshot);
    let answers = web::block(move || {
        let index = tried.index.reworded(&tried.wording_in_force().with(changes));
        [&tried.index, &index].map(|index| index.search(&asked, Kinds::ALL, HITS))
    });
    let answers = answers.await.map_err(|_| ApiError::new(Code::Unavailable))?;
    let [before, after] = answers.each_ref().map(|answer| AnswerView::new(answer, &snapshot, None));
    Ok(HttpResponse::Ok().json(PreviewView { before, after }))
}

impl TryRules {
    /// What the rules that were sent change.
    fn changes(self, snapshot: &Snapshot) -> Result<Vec<(WordRuleId, Option<WordRule>)>, ApiError> {
        if self.rules.len() + self.without.len() > RULES {
            return Err(ApiError::field("/rules", FieldCode::TooLong));
        }
        let gone = self.without.into_iter().map(|id| Ok((id, None)));
        let put = self.rules.into_iter().enumerate().map(|(at, rule)| {
            let rule = rule.checked(&format!("/rules/{at}"), &snapshot.index)?;
            Ok((rule.id(), Some(rule)))
        });
        gone.chain(put).collect()
    }
}
