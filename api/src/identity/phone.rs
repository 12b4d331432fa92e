//! Changing the phone that one signs in with, or adding a first one.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use domain::identity::{self, ChallengeId, OtpUse, PhoneChanged};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Citizen, CitizenView, JustSignedIn, SignedIn,
    otp::{self, OtpView, RequestOtp},
};
use crate::{
    App,
    extract::{Json, Repeatable},
    limits::Limited,
    problem::{ApiError, Code},
};

/// A code that was typed in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyPhone {
    /// As it was answered when the code was asked for.
    challenge_id: Uuid,
    /// The six digits.
    #[schema(example = "123456")]
    code: String,
}

/// Send a code to my new phone
///
/// Only within half an hour after signing in. The answer is the same whether or not somebody has an
/// account with the number. Whoever cannot receive codes any more signs in with their electronic
/// identity first.
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["use_account"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    request_body = RequestOtp,
    responses(
        (status = 202, description = "A code is on its way by SMS", body = OtpView),
        (status = 403, description = "Problem `sign_in_again`"),
        (status = 429, description = "Problem `rate_limited`"),
    )
)]
#[post("/v1/me/phone")]
pub(super) async fn ask_for_phone(
    app: Data<App>,
    request: HttpRequest,
    JustSignedIn(who): JustSignedIn,
    key: Repeatable,
    Json(body): Json<RequestOtp>,
) -> Result<HttpResponse, ApiError> {
    let session = who.session();
    let key = key.bind(&*app.keys, "phone.change", Some(session.uuid()), &body);
    otp::send_code(&app, &request, (&body, key), OtpUse::ChangePhone(session)).await
}

/// Change my phone with a code
///
/// In the session that asked for the code. The phone before is told, every other session ends.
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["use_account"])),
    responses(
        (status = 200, description = "The account as it is now", body = CitizenView),
        (status = 409, description = "Problem `phone_in_use`"),
        (status = 422, description = "Problem `otp_wrong` or `otp_expired`"),
    )
)]
#[post("/v1/me/phone/verify")]
pub(super) async fn change_phone(
    app: Data<App>,
    request: HttpRequest,
    citizen: Citizen,
    SignedIn(access): SignedIn,
    Json(body): Json<VerifyPhone>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::OtpVerify, &request)?;
    let typed = (ChallengeId::from(body.challenge_id), otp::code(&body.code, "/code")?.to_owned());
    let (now, keys, rates) = (app.now(), app.keys.clone(), app.settings.otp_rates());
    let change = app.database.write(move |tx| {
        let who = (&*citizen, access.session);
        identity::change_phone(tx, &*keys, &now, who, (typed.0, &typed.1), &rates)
    });
    match change.await? {
        PhoneChanged::Changed(account) => Ok(HttpResponse::Ok().json(CitizenView::from(&account))),
        PhoneChanged::Wrong { tries_left } => Err(otp::wrong(tries_left)),
        PhoneChanged::Dead => Err(ApiError::new(Code::OtpExpired)),
        PhoneChanged::Taken => Err(ApiError::new(Code::PhoneInUse)),
    }
}
