//! Signing in as staff.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use domain::identity::{self, DeviceName, Password, StaffRepository as _};
use infra::identity::TooBusy;
use serde::Deserialize;
use utoipa::ToSchema;

use super::token::{self, TokenView};
use crate::{
    App,
    extract::Json,
    limits::Limited,
    problem::{ApiError, Code},
};

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffLogin {
    /// The name.
    username: String,
    /// The password.
    password: String,
    /// A name for this device.
    device: Option<String>,
}

impl From<TooBusy> for ApiError {
    fn from(_: TooBusy) -> Self {
        Self::new(Code::Unavailable).retry_after(5)
    }
}

/// Sign in as staff
///
/// An unknown name, a wrong password and a disabled account are answered alike, and as slowly.
#[utoipa::path(
    tag = "identity",
    responses((status = 200, description = "Signed in", body = TokenView))
)]
#[post("/v1/auth/staff/login")]
pub(super) async fn staff_login(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<StaffLogin>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::StaffLogin, &request)?;
    let (username, password) = (body.username, Password::from(body.password.as_str()));
    let member = app.database.read(move |tx| tx.staff_by_username(username.trim())).await?;
    let check = move |hashing: &_| identity::check_password(hashing, member, &password);
    let refused = || ApiError::new(Code::InvalidCredentials);
    let known = app.passwords.run(check).await?.ok_or_else(refused)?;
    let device = body.device.as_deref().and_then(DeviceName::read);
    let (now, keys) = (app.now(), app.keys.clone());
    let at = now.clone();
    let signed_in = app
        .database
        .write(move |tx| identity::staff_login(tx, &*keys, &at, known, device))
        .await?
        .ok_or_else(refused)?;
    token::answer(&app, &now, signed_in, None)
}
