//! Signing in by phone.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use domain::{
    allowance::TakeError,
    idempotency::{IdempotencyKey, once},
    identity::{
        self, ChallengeId, DeviceName, OtpRequest, OtpSent, OtpUse, OtpVerified, Phone,
        RequestOtpError,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::token::{self, TokenView};
use crate::{
    App,
    extract::{Json, Repeatable},
    limits::Limited,
    problem::{ApiError, Code, FieldCode},
};

/// Where to send a code.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestOtp {
    /// A Vietnamese mobile number: `0912 345 678`, `+84 912 345 678` and the like.
    phone: String,
}

/// A code on its way.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(super) struct OtpView {
    /// To be named together with the code.
    challenge_id: Uuid,
    /// Seconds until another code can be asked for.
    resend_after_s: i64,
    /// Seconds until the code can no longer be used.
    expires_in_s: i64,
}

impl From<OtpSent> for OtpView {
    fn from(sent: OtpSent) -> Self {
        Self {
            challenge_id: sent.challenge.uuid(),
            resend_after_s: sent.resend_after.num_seconds(),
            expires_in_s: sent.expires_in.num_seconds(),
        }
    }
}

/// A code that was typed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyOtp {
    /// As it was answered when the code was asked for.
    challenge_id: Uuid,
    /// The six digits.
    #[schema(example = "123456")]
    code: String,
    /// A name for this device in the list of sessions.
    device: Option<String>,
}

/// The code in `text`, which was sent at `pointer`, if it can be one.
pub(super) fn code<'t>(text: &'t str, pointer: &str) -> Result<&'t str, ApiError> {
    let code = text.trim();
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(code)
    } else {
        Err(ApiError::field(pointer, FieldCode::WrongForm))
    }
}

/// A code was wrong that has `tries_left`.
pub(super) fn wrong(tries_left: u32) -> ApiError {
    match tries_left {
        0 => ApiError::new(Code::OtpExpired),
        _ => ApiError::new(Code::OtpWrong).with("tries_left", tries_left),
    }
}

impl From<RequestOtpError> for ApiError {
    fn from(error: RequestOtpError) -> Self {
        match error {
            RequestOtpError::TooSoon { retry_after } => TakeError::UsedUp { retry_after }.into(),
            RequestOtpError::Store(error) => error.into(),
        }
    }
}

/// Send a code to a phone
///
/// The answer is the same whether or not somebody has an account with the number. `Retry-After`
/// says when the next code can be asked for, for this phone or from this address.
#[utoipa::path(
    tag = "identity",
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 202, description = "A code is on its way by SMS", body = OtpView),
        (status = 429, description = "Problem `rate_limited`"),
    )
)]
#[post("/v1/auth/otp")]
pub(super) async fn request_otp(
    app: Data<App>,
    request: HttpRequest,
    key: Repeatable,
    Json(body): Json<RequestOtp>,
) -> Result<HttpResponse, ApiError> {
    // Strangers who guess the key of somebody's request do not share their address.
    let operation = format!("otp.request {}", app.limits.source(&request));
    let key = key.bind(&*app.keys, &operation, None, &body);
    send_code(&app, &request, (&body, key), OtpUse::SignIn).await
}

/// Sends a code that is good for one thing to the phone in `body`.
pub(super) async fn send_code(
    app: &App,
    request: &HttpRequest,
    (body, key): (&RequestOtp, Option<IdempotencyKey>),
    good_for: OtpUse,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::OtpRequest, request)?;
    let phone: Phone =
        body.phone.parse().map_err(|_| ApiError::field("/phone", FieldCode::WrongForm))?;
    let source = app.source(app.limits.source(request));
    let asked = OtpRequest { phone, source, good_for };
    let (now, keys, rates) = (app.now(), app.keys.clone(), app.settings.otp_rates());
    let sending = app.database.write(move |tx| {
        once(tx, &now, key.as_ref(), |tx| {
            let sent = identity::request_otp(tx, &*keys, &now, asked, &rates)?;
            Ok::<_, RequestOtpError>((OtpView::from(sent), sent.held_back))
        })
    });
    let (sent, held_back) = sending.await?;
    if held_back {
        metrics::counter!("sms_held_back_total").increment(1);
    }
    Ok(HttpResponse::Accepted().json(sent))
}

/// Sign in with a code
///
/// A code has five tries and five minutes. The first success makes the account.
#[utoipa::path(
    tag = "identity",
    responses((status = 200, description = "Signed in", body = TokenView))
)]
#[post("/v1/auth/otp/verify")]
pub(super) async fn verify_otp(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<VerifyOtp>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::OtpVerify, &request)?;
    let challenge = ChallengeId::from(body.challenge_id);
    let code = code(&body.code, "/code")?.to_owned();
    let device = body.device.as_deref().and_then(DeviceName::read);
    let (now, keys, rates) = (app.now(), app.keys.clone(), app.settings.otp_rates());
    let at = now.clone();
    let verified = app
        .database
        .write(move |tx| identity::verify_otp(tx, &*keys, &at, (challenge, &code), device, &rates))
        .await?;
    match verified {
        OtpVerified::SignedIn(who) => token::answer(&app, &now, who.0, Some(&who.1)),
        OtpVerified::Wrong { tries_left } => Err(wrong(tries_left)),
        OtpVerified::Dead => Err(ApiError::new(Code::OtpExpired)),
    }
}
