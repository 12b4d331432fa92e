//! Seeing and changing the rules about words.

use std::collections::HashMap;

use actix_web::{HttpResponse, delete, get, http::header::ETag, put, web::Data};
use domain::{
    catalogue::{self, ChangeRuleError, RuleRepository as _, RuleVersion, WordRule, WordRuleId},
    text,
};
use infra::{database::Transaction, snapshot::Snapshot};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::rule::{RuleBody, RuleView};
use crate::{
    App,
    extract::{IfMatch, Json, Path, Query, stale, version_tag},
    identity::ChiefAdministrator,
    page::{self, PageView},
    problem::{ApiError, Code, FieldCode},
};

/// The name of this list in its cursors.
const LIST: &str = "search_rules";

/// Which rules to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RulesQuery {
    /// Of this kind alone: `synonym`, `best_bet` or `out_of_scope`.
    kind: Option<String>,
    /// With these words in what people write, with or without marks.
    q: Option<String>,
    /// Only those that were changed by hand, taken away ones too.
    changed: Option<bool>,
    /// The most rows to answer with, at most 100.
    #[param(minimum = 1)]
    limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A rule with how it came to be.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleHistoryView {
    /// As it is in force.
    #[serde(flatten)]
    rule: RuleView,
    /// All its versions, oldest first; the imported one is not among them.
    versions: Vec<RuleView>,
}

impl From<ChangeRuleError> for ApiError {
    fn from(error: ChangeRuleError) -> Self {
        match error {
            ChangeRuleError::NotFound => Self::new(Code::NotFound),
            ChangeRuleError::Seen { version } => stale(version),
            ChangeRuleError::Store(error) => error.into(),
        }
    }
}

impl RulesQuery {
    fn admits(&self, rule: &WordRule) -> bool {
        let words = self.q.as_deref().map(text::fold).unwrap_or_default();
        self.kind.as_deref().is_none_or(|kind| rule.kind() == kind)
            && text::fold(rule.phrase()).contains(&words)
    }

    fn check(&self) -> Result<(), ApiError> {
        let kinds = ["synonym", "best_bet", "out_of_scope"];
        let known = self.kind.as_deref().is_none_or(|kind| kinds.contains(&kind));
        let unknown =
            || ApiError::new(Code::InvalidQuery).with_field("/query/kind", FieldCode::Unknown);
        if known { Ok(()) } else { Err(unknown()) }
    }
}

/// The rules about words
///
/// As they are in force, a second after a change at the latest: the imported ones, then those that
/// were added by hand.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(RulesQuery),
    responses((status = 200, description = "The rules", body = PageView<RuleView>))
)]
#[get("/v1/admin/search/rules")]
pub(super) async fn list_search_rules(
    app: Data<App>,
    _by: ChiefAdministrator,
    Query(query): Query<RulesQuery>,
) -> Result<HttpResponse, ApiError> {
    query.check()?;
    let rules = listed(&app.snapshot(), &query);
    let limit = page::limit(query.limit)?;
    let page = page::page_of(LIST, rules, limit, query.cursor.as_deref(), RuleView::key)?;
    Ok(HttpResponse::Ok().json(page))
}

/// A rule about words
///
/// With all its versions: who left it how, and when. The `ETag` is what a change names in
/// `If-Match`.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("id" = String, Path, description = "The rule")),
    responses(
        (status = 200, description = "The rule", body = RuleHistoryView),
        (status = 404, description = "Problem `not_found`"),
    )
)]
#[get("/v1/admin/search/rules/{id}")]
pub(super) async fn show_search_rule(
    app: Data<App>,
    _by: ChiefAdministrator,
    Path(id): Path<WordRuleId>,
) -> Result<HttpResponse, ApiError> {
    let read = move |tx: &mut Transaction<'_>| tx.versions_of_rule(id);
    let versions = app.database.read(read).await?;
    let imported = || app.snapshot().wording.rules().find(|rule| rule.id() == id);
    let rule = match versions.last() {
        Some(last) => RuleView::from(last.clone()),
        None => RuleView::imported(imported().ok_or_else(|| ApiError::new(Code::NotFound))?),
    };
    let tag = ETag(version_tag(rule.version()));
    let versions = versions.into_iter().map(RuleView::from).collect();
    let mut response = HttpResponse::Ok();
    response.insert_header(tag);
    Ok(response.json(RuleHistoryView { rule, versions }))
}

/// Add or change a rule about words
///
/// There is one rule of a kind for a phrase: what is sent takes the place of the one about the same,
/// imported or not, within a second and on every replica. `If-Match` names the version that was
/// seen, `"0"` where there was none or the imported one.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    responses(
        (status = 200, description = "As it is now", body = RuleView),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    )
)]
#[put("/v1/admin/search/rules")]
pub(super) async fn put_search_rule(
    app: Data<App>,
    by: ChiefAdministrator,
    IfMatch(seen): IfMatch,
    Json(body): Json<RuleBody>,
) -> Result<HttpResponse, ApiError> {
    let (now, rule) = (app.now(), body.checked("", &app.snapshot().index)?);
    let put = move |tx: &mut Transaction<'_>| catalogue::put_rule(tx, &now, &by, rule, seen);
    Ok(changed(app.database.write(put).await?))
}

/// Take a rule about words away
///
/// An imported one, too: it stays away when the rules are imported anew.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("id" = String, Path, description = "The rule")),
    responses(
        (status = 200, description = "As it is now", body = RuleView),
        (status = 404, description = "Problem `not_found`"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    )
)]
#[delete("/v1/admin/search/rules/{id}")]
pub(super) async fn remove_search_rule(
    app: Data<App>,
    by: ChiefAdministrator,
    Path(id): Path<WordRuleId>,
    IfMatch(seen): IfMatch,
) -> Result<HttpResponse, ApiError> {
    let (now, snapshot) = (app.now(), app.snapshot());
    let remove = move |tx: &mut Transaction<'_>| {
        catalogue::remove_rule(tx, &now, &by, &snapshot.wording, (id, seen))
    };
    Ok(changed(app.database.write(remove).await?))
}

/// The rules that `query` asks for, in force or, where only changed ones are asked for, taken away.
fn listed(snapshot: &Snapshot, query: &RulesQuery) -> Vec<RuleView> {
    let changes: HashMap<_, _> = snapshot.rules.iter().map(|rule| (rule.id, rule)).collect();
    if query.changed == Some(true) {
        let fits = |rule: &&RuleVersion| rule.rule.as_ref().is_none_or(|rule| query.admits(rule));
        return snapshot.rules.iter().filter(fits).cloned().map(RuleView::from).collect();
    }
    let in_force = snapshot.wording_in_force();
    let asked = in_force.rules().filter(|rule| query.admits(rule));
    let view = |rule: WordRule| match changes.get(&rule.id()) {
        Some(&version) => RuleView::from(version.clone()),
        None => RuleView::imported(rule),
    };
    let wanted = |rule: &WordRule| query.changed.is_none() || !changes.contains_key(&rule.id());
    asked.filter(wanted).map(view).collect()
}

fn changed(version: RuleVersion) -> HttpResponse {
    let tag = ETag(version_tag(version.version));
    let mut response = HttpResponse::Ok();
    response.insert_header(tag);
    response.json(RuleView::from(version))
}
