//! Keys for the systems of a business.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    idempotency::{OnceError, once_untold},
    identity::business::{self, ApiKey, ApiKeyId, BusinessError, BusinessId, KeyScope},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::agent::Agent;
use crate::{
    App,
    extract::{Json, Path, Repeatable, filled_in},
    page::PageView,
    problem::{ApiError, FieldCode},
};

/// The most characters of a name.
const NAME: usize = 80;
/// For how many days a key lasts when nothing is said.
const USUALLY: u32 = 90;
/// For how many days at most.
const AT_MOST: u32 = 365;

/// A key, without what proves it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KeyView {
    /// Its id.
    id: Uuid,
    /// What its owner calls it.
    name: String,
    /// What follows after `ctn_k_` in it.
    prefix: String,
    /// What it may do: `business.read`, `sites.write`, `feedback.write`, `feedback.read`.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<KeyScope>,
    /// When it was made.
    made_at: DateTime<Utc>,
    /// When it ends.
    expires_at: DateTime<Utc>,
    /// When it was last used, to ten minutes.
    used_at: Option<DateTime<Utc>>,
}

/// A new key.
#[derive(Serialize, ToSchema)]
pub(super) struct NewKeyView {
    #[serde(flatten)]
    key: KeyView,
    /// The key itself, for `Authorization: Bearer`. Shown this once and never again.
    secret: String,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id.uuid(),
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            made_at: key.made_at,
            expires_at: key.expires_at,
            used_at: key.used_at,
        }
    }
}

/// A key to make.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MintKey {
    /// What to call it, 1 to 80 characters.
    name: String,
    /// What it may do: `business.read`, `sites.write`, `feedback.write`, `feedback.read`.
    #[schema(value_type = Vec<String>)]
    scopes: Vec<KeyScope>,
    /// For how many days: 90 when absent, at most 365.
    expires_in_days: Option<u32>,
}

impl MintKey {
    fn checked(self) -> Result<(String, Vec<KeyScope>, TimeDelta), ApiError> {
        if self.scopes.is_empty() {
            return Err(ApiError::field("/scopes", FieldCode::TooShort));
        }
        let days = self.expires_in_days.unwrap_or(USUALLY);
        if !(1..=AT_MOST).contains(&days) {
            return Err(ApiError::field("/expires_in_days", FieldCode::OutOfRange));
        }
        let mut scopes = self.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        Ok((filled_in("/name", &self.name, NAME)?, scopes, TimeDelta::days(days.into())))
    }
}

/// The keys of a business
///
/// Owners only.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["decide_over_business"])),
    params(("id" = Uuid, Path, description = "The business")),
    responses((status = 200, description = "The oldest first", body = PageView<KeyView>))
)]
#[get("/v1/businesses/{id}/api-keys")]
pub(super) async fn keys(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
) -> Result<HttpResponse, ApiError> {
    let keys = app.database.read(move |tx| business::keys_of(tx, &agent, id)).await?;
    let items: Vec<KeyView> = keys.into_iter().map(KeyView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Make a key
///
/// Owners of a verified business only. The secret is shown once: sent again under its
/// `Idempotency-Key`, nothing is made and the answer is 409.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["decide_over_business"])),
    params(
        ("id" = Uuid, Path, description = "The business"),
        ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours"),
    ),
    request_body = MintKey,
    responses(
        (status = 201, description = "The key", body = NewKeyView),
        (status = 403, description = "Problem `forbidden`: a member, but no owner"),
        (status = 409, description = "Problem `business_not_verified`, `too_many`, or \
                                      `already_exists`: it was made under this key before"),
    )
)]
#[post("/v1/businesses/{id}/api-keys")]
pub(super) async fn mint(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
    key: Repeatable,
    Json(body): Json<MintKey>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, &format!("business.key {id}"), Some(agent.id()), &body);
    let (now, hasher, wanted) = (app.now(), app.keys.clone(), body.checked()?);
    let minting = app.database.write(move |tx| {
        let minted = once_untold(tx, &now, key.as_ref(), |tx| {
            business::mint(tx, &*hasher, &now, &agent, id, wanted)
        })?;
        minted.ok_or(OnceError::Work(BusinessError::AlreadyRegistered))
    });
    let minted = minting.await?;
    let view = NewKeyView { key: minted.key.into(), secret: minted.secret };
    Ok(HttpResponse::Created().json(view))
}

/// End a key
///
/// Owners only. It works no more from now on.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["decide_over_business"])),
    params(
        ("id" = Uuid, Path, description = "The business"),
        ("key_id" = Uuid, Path, description = "The key"),
    ),
    responses((status = 204, description = "It has ended"))
)]
#[delete("/v1/businesses/{id}/api-keys/{key_id}")]
pub(super) async fn revoke(
    app: Data<App>,
    Agent(agent): Agent,
    Path((id, key)): Path<(BusinessId, ApiKeyId)>,
) -> Result<HttpResponse, ApiError> {
    app.database.write(move |tx| business::revoke(tx, &agent, id, key)).await?;
    Ok(HttpResponse::NoContent().finish())
}
