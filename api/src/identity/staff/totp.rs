//! Authenticator apps of staff.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use domain::identity::{self, RecoveryCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::proof;
use crate::{App, extract::Json, problem::ApiError};

/// Who wants to use an authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EnrolTotp {
    /// The name.
    username: String,
    /// The password.
    password: String,
    /// A code of the app in use, or a recovery code, where there is one already.
    totp: Option<String>,
}

/// What an authenticator app needs. Shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct EnrolmentView {
    /// The secret in base32, to type in.
    secret: String,
    /// The same as an address, to show as a QR code.
    #[schema(example = "otpauth://totp/C-ThaiNguyen:binh?secret=...&issuer=C-ThaiNguyen")]
    uri: String,
}

/// The first code of a new app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmTotp {
    /// The name.
    username: String,
    /// The password.
    password: String,
    /// The six digits that the new app shows.
    code: String,
}

/// Codes that stand in for the app, each once. Shown once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodesView {
    /// To be kept apart from the phone.
    recovery_codes: Vec<String>,
}

/// Set up an authenticator app
///
/// The app in use, if there is one, counts until the new one is confirmed.
#[utoipa::path(
    tag = "identity",
    responses(
        (status = 200, description = "What the app needs", body = EnrolmentView),
        (status = 401, description = "Problem `invalid_credentials`, or `totp_required`"),
        (status = 429, description = "Problem `rate_limited`, with `Retry-After`"),
    )
)]
#[post("/v1/auth/staff/totp")]
pub(super) async fn enrol_totp(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<EnrolTotp>,
) -> Result<HttpResponse, ApiError> {
    let known = proof::known(&app, &request, &body.username, &body.password).await?;
    let (now, keys) = (app.now(), app.keys.clone());
    let enrolled = app
        .database
        .write(move |tx| identity::enrol_totp(tx, &*keys, &now, &known, body.totp.as_deref()));
    let enrolment = proof::proven(enrolled.await?)?;
    Ok(HttpResponse::Ok().json(EnrolmentView { secret: enrolment.secret, uri: enrolment.uri }))
}

/// Take an authenticator app into use
///
/// Its first code proves that it has the secret. Ends all sessions, and answers new recovery codes.
#[utoipa::path(
    tag = "identity",
    responses(
        (status = 200, description = "In use from now on", body = RecoveryCodesView),
        (status = 401, description = "Problem `invalid_credentials`"),
        (status = 403, description = "Problem `totp_enrolment_required`: none was set up"),
        (status = 429, description = "Problem `rate_limited`, with `Retry-After`"),
    )
)]
#[post("/v1/auth/staff/totp/confirm")]
pub(super) async fn confirm_totp(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<ConfirmTotp>,
) -> Result<HttpResponse, ApiError> {
    let known = proof::known(&app, &request, &body.username, &body.password).await?;
    let (now, keys) = (app.now(), app.keys.clone());
    let confirmed =
        app.database.write(move |tx| identity::confirm_totp(tx, &*keys, &now, &known, &body.code));
    let codes = proof::proven(confirmed.await?)?;
    let recovery_codes = codes.iter().map(RecoveryCode::shown).collect();
    Ok(HttpResponse::Ok().json(RecoveryCodesView { recovery_codes }))
}
