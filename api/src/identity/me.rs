//! One's own account.

use actix_web::{HttpResponse, get, patch, web::Data};
use chrono::{DateTime, Utc};
use domain::identity::{self, CitizenAccount, DisplayName, Phone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Citizen;
use crate::{
    App,
    extract::{Change, Json},
    problem::{ApiError, Code, FieldCode},
};

/// A citizen's account, as they see it themselves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CitizenView {
    /// The id of the account.
    id: Uuid,
    /// The number they sign in with, E.164; `null` where they never proved one.
    #[schema(example = "+84912345678")]
    phone: Option<String>,
    /// What they want to be called.
    display_name: Option<String>,
    /// When they first signed in.
    created_at: DateTime<Utc>,
}

impl From<&CitizenAccount> for CitizenView {
    fn from(account: &CitizenAccount) -> Self {
        Self {
            id: account.id.uuid(),
            phone: account.phone.as_ref().map(Phone::e164),
            display_name: account.display_name.as_ref().map(|name| name.as_str().to_owned()),
            created_at: account.created_at,
        }
    }
}

/// Changes to one's own account; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeMe {
    /// What to be called, 1 to 100 characters; `null` for nothing.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    display_name: Change<String>,
}

/// The name in `text`, which was sent as `display_name`.
fn name(text: &str) -> Result<DisplayName, ApiError> {
    DisplayName::try_from(text).map_err(|_| {
        let code = if text.trim().is_empty() { FieldCode::TooShort } else { FieldCode::TooLong };
        ApiError::field("/display_name", code)
    })
}

/// My account
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The caller's account", body = CitizenView))
)]
#[get("/v1/me")]
pub(super) async fn me(app: Data<App>, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    me_of(&app, citizen).await
}

/// Change my account
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The account as it is now", body = CitizenView))
)]
#[patch("/v1/me")]
pub(super) async fn change_me(
    app: Data<App>,
    citizen: Citizen,
    Json(change): Json<ChangeMe>,
) -> Result<HttpResponse, ApiError> {
    let name = match change.display_name {
        Change::Keep => return me_of(&app, citizen).await,
        Change::Clear => None,
        Change::Set(text) => Some(name(&text)?),
    };
    let found = app.database.write(move |tx| identity::rename(tx, &citizen, name.as_ref())).await?;
    view(found)
}

async fn me_of(app: &App, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    let found = app.database.read(move |tx| identity::account(tx, &citizen)).await?;
    view(found)
}

/// An account that was erased since is nobody's.
fn view(account: Option<CitizenAccount>) -> Result<HttpResponse, ApiError> {
    let account = account.ok_or_else(|| ApiError::new(Code::Unauthorized))?;
    Ok(HttpResponse::Ok().json(CitizenView::from(&account)))
}
