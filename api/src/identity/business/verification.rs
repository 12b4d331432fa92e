//! The desk at which officers look whether businesses are what they say.

use actix_web::{HttpResponse, get, http::header::ETag, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    idempotency::once_untold,
    identity::business::{self, BusinessId, Verdict},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    account::BusinessView,
    members::{InvitedView, invited_phone},
};
use crate::{
    App,
    extract::{IfMatch, Json, Path, Query, Repeatable, filled_in, version_tag},
    identity::Registrar,
    page::{self, PageQuery, PageView},
    problem::{ApiError, Code},
};

/// The name of the list in its cursors.
const LIST: &str = "businesses-waiting";
/// The most characters of a reason.
const REASON: usize = 1_000;

/// Why a business is not what it says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RejectBusiness {
    /// What its owners read, 1 to 1,000 characters.
    reason: String,
}

/// Who is to own a business that has no owner.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GiveBusiness {
    /// Their mobile phone; they take the invitation once they are signed in with it.
    #[schema(example = "0912345678")]
    phone: String,
}

/// The businesses that wait for an officer
///
/// To be verified, or (`ownerless`) for a new owner. The longest waiting first: those of the
/// officer's commune, or from the agency of the province all. A tax code that is the number of a
/// person shows its last three digits alone.
#[utoipa::path(
    tag = "business desk",
    security(("bearer" = ["verify_businesses"])),
    params(PageQuery),
    responses((status = 200, description = "Those that wait", body = PageView<BusinessView>))
)]
#[get("/v1/desk/businesses")]
pub(super) async fn waiting(
    app: Data<App>,
    registrar: Registrar,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let after = query.cursor.map(|cursor| page::key::<(DateTime<Utc>, BusinessId)>(LIST, &cursor));
    let after = after.transpose()?;
    let page = app.database.read(move |tx| business::waiting(tx, &registrar, after, limit)).await?;
    Ok(HttpResponse::Ok().json(PageView {
        items: page.items.into_iter().map(BusinessView::listed).collect(),
        next_cursor: page.next.map(|next| page::cursor(LIST, &next)),
    }))
}

/// A business that waits, with its whole tax code
///
/// Every opening is written down.
#[utoipa::path(
    tag = "business desk",
    security(("bearer" = ["verify_businesses"])),
    params(("id" = Uuid, Path, description = "The business")),
    responses(
        (status = 200, description = "The business", body = BusinessView),
        (status = 404, description = "Problem `not_found`: none in the officer's area"),
    )
)]
#[get("/v1/desk/businesses/{id}")]
pub(super) async fn look_at(
    app: Data<App>,
    registrar: Registrar,
    Path(id): Path<BusinessId>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let business =
        app.database.write(move |tx| business::look_at(tx, &now, &registrar, id)).await?;
    Ok(HttpResponse::Ok().json(BusinessView::new(business, None)))
}

/// A business is what it says
#[utoipa::path(
    tag = "business desk",
    security(("bearer" = ["verify_businesses"])),
    params(("id" = Uuid, Path, description = "The business"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    responses(
        (status = 200, description = "It is verified", body = BusinessView),
        (status = 404, description = "Problem `not_found`: none in the officer's area"),
        (status = 409, description = "Problem `action_not_allowed`: decided already; \
                                      `tax_code_taken`: another with its tax code is verified"),
        (status = 412, description = "Problem `precondition_failed`: it has changed, and `ETag` says to what"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    )
)]
#[post("/v1/desk/businesses/{id}/verify")]
pub(super) async fn verify(
    app: Data<App>,
    registrar: Registrar,
    Path(id): Path<BusinessId>,
    IfMatch(saw): IfMatch,
) -> Result<HttpResponse, ApiError> {
    decide(&app, registrar, (id, saw), Verdict::Verified).await
}

/// A business is not what it says
#[utoipa::path(
    tag = "business desk",
    security(("bearer" = ["verify_businesses"])),
    params(("id" = Uuid, Path, description = "The business"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    request_body = RejectBusiness,
    responses(
        (status = 200, description = "It is rejected", body = BusinessView),
        (status = 404, description = "Problem `not_found`: none in the officer's area"),
        (status = 409, description = "Problem `action_not_allowed`: decided already"),
        (status = 412, description = "Problem `precondition_failed`: it has changed, and `ETag` says to what"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    )
)]
#[post("/v1/desk/businesses/{id}/reject")]
pub(super) async fn reject(
    app: Data<App>,
    registrar: Registrar,
    Path(id): Path<BusinessId>,
    IfMatch(saw): IfMatch,
    Json(RejectBusiness { reason }): Json<RejectBusiness>,
) -> Result<HttpResponse, ApiError> {
    let reason = filled_in("/reason", &reason, REASON)?;
    decide(&app, registrar, (id, saw), Verdict::Rejected(reason)).await
}

/// Give a business without an owner to a new one
///
/// Whoever has the phone finds an invitation. Once they accept, the business waits to be verified.
#[utoipa::path(
    tag = "business desk",
    security(("bearer" = ["verify_businesses"])),
    params(("id" = Uuid, Path, description = "The business"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw"),
           ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    request_body = GiveBusiness,
    responses(
        (status = 201, description = "The invitation", body = InvitedView),
        (status = 404, description = "Problem `not_found`: none in the officer's area"),
        (status = 409, description = "Problem `action_not_allowed`: it has an owner; \
                                      `already_exists`: done under this key before"),
        (status = 412, description = "Problem `precondition_failed`: it has changed, and `ETag` says to what"),
        (status = 428, description = "Problem `precondition_required`: `If-Match` is missing"),
    )
)]
#[post("/v1/desk/businesses/{id}/owner")]
pub(super) async fn give(
    app: Data<App>,
    registrar: Registrar,
    Path(id): Path<BusinessId>,
    IfMatch(saw): IfMatch,
    key: Repeatable,
    Json(body): Json<GiveBusiness>,
) -> Result<HttpResponse, ApiError> {
    let whose = Some(registrar.staff().id.uuid());
    let key = key.bind(&*app.keys, &format!("business.give {id}"), whose, &body);
    let (now, keys, phone) = (app.now(), app.keys.clone(), invited_phone(&body.phone)?);
    let giving = app.database.write(move |tx| {
        once_untold(tx, &now, key.as_ref(), |tx| {
            business::give(tx, &*keys, &now, &registrar, (id, saw), &phone)
        })
    });
    let given = giving.await?.ok_or_else(|| ApiError::new(Code::AlreadyExists))?;
    Ok(HttpResponse::Created().json(InvitedView::from(given)))
}

async fn decide(
    app: &App,
    registrar: Registrar,
    seen: (BusinessId, i64),
    verdict: Verdict,
) -> Result<HttpResponse, ApiError> {
    let (now, keys) = (app.now(), app.keys.clone());
    let decided = app
        .database
        .write(move |tx| business::decide(tx, &*keys, &now, &registrar, seen, verdict))
        .await?;
    let tag = ETag(version_tag(decided.version));
    Ok(HttpResponse::Ok().insert_header(tag).json(BusinessView::new(decided, None)))
}
