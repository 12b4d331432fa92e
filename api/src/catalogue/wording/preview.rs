//! Trying rules before they are put in force.

use actix_web::{
    HttpResponse, post,
    web::{self, Data},
};
use domain::catalogue::{Answer, Kinds, WordRule, WordRuleId};
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
pub(super) struct PreviewView {
    /// With the rules in force.
    before: AnswerView,
    /// With those that were sent.
    after: AnswerView,
}

/// Try rules about words
///
/// Tells how a query would be answered with these rules. Nothing is changed.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    responses(
        (status = 200, description = "The answers", body = PreviewView),
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
    let answers = web::block(move || {
        let tried = snapshot.index.reworded(&snapshot.wording_in_force().with(changes));
        let ask = |answer: Answer| AnswerView::new(answer, &snapshot, None);
        PreviewView {
            before: ask(snapshot.index.search(&asked, Kinds::ALL, HITS)),
            after: ask(tried.search(&asked, Kinds::ALL, HITS)),
        }
    });
    let answers = answers.await.map_err(|_| ApiError::new(Code::Unavailable))?;
    Ok(HttpResponse::Ok().json(answers))
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
