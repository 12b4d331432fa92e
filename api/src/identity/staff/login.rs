//! Signing in as staff.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use domain::identity::{self, DeviceName};
use serde::Deserialize;
use utoipa::ToSchema;

use super::proof;
use crate::{
    App,
    extract::Json,
    identity::token::{self, TokenView},
    problem::ApiError,
};

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffLogin {
    /// The name.
    username: String,
    /// The password.
    password: String,
    /// The six digits of the authenticator app, or a recovery code.
    totp: Option<String>,
    /// A name for this device.
    device: Option<String>,
}

/// Sign in as staff
///
/// An unknown name, a wrong password and a disabled account are answered alike, and as slowly.
/// After five failures the next try has to wait, longer and longer.
#[utoipa::path(
    tag = "identity",
    responses(
        (status = 200, description = "Signed in", body = TokenView),
        (status = 401, description = "Problem `invalid_credentials`, or `totp_required`"),
        (status = 403, description = "Problem `totp_enrolment_required`"),
        (status = 429, description = "Problem `rate_limited`, with `Retry-After`"),
    )
)]
#[post("/v1/auth/staff/login")]
pub(super) async fn staff_login(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<StaffLogin>,
) -> Result<HttpResponse, ApiError> {
    let known = proof::known(&app, &request, &body.username, &body.password).await?;
    let device = body.device.as_deref().and_then(DeviceName::read);
    let (now, keys) = (app.now(), app.keys.clone());
    let at = now.clone();
    let login = app.database.write(move |tx| {
        identity::staff_login(tx, &*keys, &at, &known, body.totp.as_deref(), device)
    });
    token::answer(&app, &now, proof::proven(login.await?)?, None)
}
