//! Seeing, changing and trying the rules by which reports go to agencies.

use actix_web::{HttpResponse, delete, get, http::header::ETag, post, put, web::Data};
use domain::{
    feedback::{self, Flaw, FlawKind, Rule, RuleBook as _, RuleId, Subject, TEXT},
    idempotency::{OnceError, once},
    territory::{CommuneCode, Position},
};
use infra::{database::Transaction, feedback::Setup};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    adopt,
    rule_view::{RouteView, RuleView, WriteRule},
};
use crate::{
    App,
    extract::{IfMatch, Json, Path, Query, Repeatable, made, version_tag},
    feedback::submit::known_commune,
    identity::{By, ChiefAdministrator},
    page::{self, PageQuery, PageView, page_of},
    problem::ApiError,
};

/// The name of this list in its cursors.
const LIST: &str = "feedback-rules";

/// A report to try the rules with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct DryRun {
    /// The code of a category.
    category: String,
    /// What it says, at most 4,000 characters.
    #[serde(default)]
    text: String,
    /// Where it is, on the map.
    #[schema(value_type = Option<Object>, example = json!({ "lat": 21.5942, "lon": 105.8482 }))]
    location: Option<Position>,
    /// The commune, where there is no location.
    #[schema(value_type = Option<String>)]
    commune_code: Option<CommuneCode>,
    /// Whether it is reported for a business.
    #[serde(default)]
    business: bool,
    /// A rule that is only tried: in the place of the one with `rule_id`, or beside the others.
    rule: Option<WriteRule>,
    /// The rule that it takes the place of.
    rule_id: Option<Uuid>,
}

fn answer(mut response: actix_web::HttpResponseBuilder, rule: Rule) -> HttpResponse {
    response.insert_header(ETag(version_tag(rule.version)));
    response.json(RuleView::from(rule))
}

/// The rules, in the order in which they are tried
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(PageQuery),
    responses((status = 200, description = "The rules", body = PageView<RuleView>)),
)]
#[get("/v1/admin/feedback-rules")]
pub(in crate::feedback) async fn list_rules(
    app: Data<App>,
    _by: ChiefAdministrator,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let setup = app.feedback.setup().current();
    let views = setup.rules.in_order().iter().cloned().map(RuleView::from).collect();
    Ok(HttpResponse::Ok().json(page_of(LIST, views, limit, query.cursor.as_deref(), |it| it.id)?))
}

/// Add a rule
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    request_body = WriteRule,
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "The rule", body = RuleView),
        (status = 409, description = "Problem `too_many`"),
        (status = 422, description = "Problem `validation_failed` or `idempotency_key_reused`"),
    ),
)]
#[post("/v1/admin/feedback-rules")]
pub(in crate::feedback) async fn add_rule(
    app: Data<App>,
    By(by): ChiefAdministrator,
    key: Repeatable,
    Json(body): Json<WriteRule>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "feedback-rule.add", Some(by.staff().id.uuid()), &body);
    let (now, text, place) = (app.now(), body.text()?, body.place);
    let (setup, agencies) = (app.feedback.setup().current(), app.agencies.tree());
    let add = move |tx: &mut Transaction<'_>| {
        let id = once(tx, &now, key.as_ref(), |tx| {
            let context = (&now, &*setup.categories, &*agencies);
            feedback::put_rule(tx, context, &by, (now.new_id(), 0), (place, text)).map(|it| it.id)
        })?;
        let all = tx.routing_rules().map_err(feedback::SetupError::from);
        made(all, |rule| rule.id == id, feedback::SetupError::NotFound)
    };
    let added: Result<_, OnceError<feedback::SetupError>> = app.database.write(add).await;
    let added = added?;
    adopt(&app).await?;
    Ok(answer(HttpResponse::Created(), added))
}

/// Change a rule
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("id" = Uuid, Path, description = "The rule"),
           ("If-Match" = String, Header, description = "The `version` that was seen")),
    request_body = WriteRule,
    responses(
        (status = 200, description = "As it is now", body = RuleView),
        (status = 404, description = "Problem `not_found`"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    ),
)]
#[put("/v1/admin/feedback-rules/{id}")]
pub(in crate::feedback) async fn change_rule(
    app: Data<App>,
    By(by): ChiefAdministrator,
    Path(id): Path<RuleId>,
    IfMatch(seen): IfMatch,
    Json(body): Json<WriteRule>,
) -> Result<HttpResponse, ApiError> {
    let (now, text, place) = (app.now(), body.text()?, body.place);
    let (setup, agencies) = (app.feedback.setup().current(), app.agencies.tree());
    // Nothing is ever at version 0: what says so saw nothing.
    let seen = if seen == 0 { -1 } else { seen };
    let put = move |tx: &mut Transaction<'_>| {
        let context = (&now, &*setup.categories, &*agencies);
        feedback::put_rule(tx, context, &by, (id, seen), (place, text))
    };
    let changed = app.database.write(put).await?;
    adopt(&app).await?;
    Ok(answer(HttpResponse::Ok(), changed))
}

/// Take a rule away
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("id" = Uuid, Path, description = "The rule"),
           ("If-Match" = String, Header, description = "The `version` that was seen")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Problem `not_found`"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    ),
)]
#[delete("/v1/admin/feedback-rules/{id}")]
pub(in crate::feedback) async fn remove_rule(
    app: Data<App>,
    By(by): ChiefAdministrator,
    Path(id): Path<RuleId>,
    IfMatch(seen): IfMatch,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let remove = move |tx: &mut Transaction<'_>| feedback::remove_rule(tx, &now, &by, (id, seen));
    app.database.write(remove).await?;
    adopt(&app).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Try the rules
///
/// Who would get such a report, by which rule, and why the rules before it do not count. With `rule`
/// a change is tried before it is made. Nothing is kept.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    request_body = DryRun,
    responses(
        (status = 200, description = "Who would answer, and why", body = RouteView),
        (status = 422, description = "Problem `validation_failed` or `unknown_category`"),
    ),
)]
#[post("/v1/admin/feedback-rules/dry-run")]
pub(in crate::feedback) async fn dry_run(
    app: Data<App>,
    _by: ChiefAdministrator,
    Json(body): Json<DryRun>,
) -> Result<HttpResponse, ApiError> {
    let setup = app.feedback.setup().current();
    Ok(HttpResponse::Ok().json(tried(&app, &setup, &body)?))
}

/// Who would get the report in `body`.
fn tried(app: &App, setup: &Setup, body: &DryRun) -> Result<RouteView, ApiError> {
    let (agencies, snapshot) = (app.agencies.tree(), app.snapshot());
    let unknown = || Flaw::at("category", FlawKind::UnknownCategory);
    let category = setup.categories.find(&body.category).ok_or_else(unknown)?;
    if body.text.chars().count() > TEXT {
        return Err(Flaw::at("text", FlawKind::TooLong(TEXT)).into());
    }
    let rules = match &body.rule {
        None => (*setup.rules).clone(),
        Some(rule) => {
            let text = rule.text().map_err(|error| error.below("/rule"))?;
            feedback::check(&text, &setup.categories, &agencies)
                .map_err(|error| ApiError::from(error).below("/rule"))?;
            let id = body.rule_id.unwrap_or_else(Uuid::max).into();
            setup.rules.with(Rule { id, version: 0, place: rule.place, text })
        }
    };
    let named = known_commune(&snapshot, body.commune_code)?;
    let located = body.location.and_then(|position| snapshot.map.locate(position));
    let subject = Subject {
        category,
        commune: located.or(named),
        outside: body.location.is_some() && located.is_none(),
        text: &body.text,
        business: body.business,
    };
    Ok(rules.route(&setup.categories, &agencies, subject).into())
}
