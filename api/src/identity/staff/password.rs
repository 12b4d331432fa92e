//! Changing one's password as staff.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use domain::identity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::proof;
use crate::{App, extract::Json, problem::ApiError};

/// The present password, with all else that proves who asks, and the next one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangePassword {
    /// The name.
    username: String,
    /// The present password.
    password: String,
    /// The six digits of the authenticator app, or a recovery code.
    totp: Option<String>,
    /// The next password: 12 to 256 characters, not one that everybody tries first.
    new_password: String,
}

/// Change my password as staff
///
/// Ends all sessions: sign in again with the new one.
#[utoipa::path(
    tag = "identity",
    responses(
        (status = 204, description = "Changed"),
        (status = 401, description = "Problem `invalid_credentials`, or `totp_required`"),
        (status = 422, description = "Problem `validation_failed`: the password cannot be chosen"),
        (status = 429, description = "Problem `rate_limited`, with `Retry-After`"),
    )
)]
#[post("/v1/auth/staff/password")]
pub(super) async fn change_password(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<ChangePassword>,
) -> Result<HttpResponse, ApiError> {
    let known = proof::known(&app, &request, &body.username, &body.password).await?;
    let username = &known.member().username;
    let hash = proof::chosen(&app, username, ("/new_password", &body.new_password)).await?;
    let (now, keys) = (app.now(), app.keys.clone());
    let login = app.database.write(move |tx| {
        identity::change_password(tx, &*keys, &now, &known, body.totp.as_deref(), hash)
    });
    proof::proven(login.await?)?;
    Ok(HttpResponse::NoContent().finish())
}
