//! Signing in by OpenID Connect.
//!
//! The app opens `start` in the browser, the browser goes to the provider and comes back to
//! `callback`, which sends it on to the app with a code; the app trades the code for its tokens.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{LOCATION, REFERRER_POLICY},
    post,
    web::Data,
};
use domain::identity::{
    self, AppChallenge, DeviceName, OidcFlow, OidcIdentity, OidcRedemption, OidcSecrets,
    OidcSignedIn,
};
use infra::identity::{OidcError, OidcProvider, s256};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    otp,
    token::{self, TokenView},
};
use crate::{
    App,
    extract::{Json, Query},
    limits::Limited,
    problem::{ApiError, Code, FieldCode},
};

/// The app that wants to sign somebody in.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StartOidc {
    /// The SHA-256, in base64url, of a verifier that the app keeps (RFC 7636, method S256).
    app_challenge: String,
    /// Where the app waits; one of those that the operator allows.
    redirect_uri: String,
}

/// What the provider sends the browser back with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OidcCallback {
    /// As it was given to the provider.
    #[serde(default)]
    state: String,
    /// To be traded with the provider.
    code: Option<String>,
    /// Why there is no code.
    error: Option<String>,
}

/// A code from the browser, to be traded for tokens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RedeemOidc {
    /// The code with which the browser came to the app.
    code: String,
    /// The verifier whose challenge the app began with.
    verifier: String,
    /// A fresh one-time password: the identity shall open the account of that phone.
    link: Option<LinkPhone>,
    /// A name for this device in the list of sessions.
    device: Option<String>,
}

/// Proof that somebody has a phone in their hands.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkPhone {
    /// As it was answered by `POST /v1/auth/otp`.
    challenge_id: Uuid,
    /// The six digits.
    #[schema(example = "123456")]
    code: String,
}

impl RedeemOidc {
    /// What it asks for. A verifier that no challenge was made of redeems nothing.
    fn redemption(self) -> Result<OidcRedemption, ApiError> {
        let refused = |_| ApiError::new(Code::OidcExpired);
        let link = match self.link {
            None => None,
            Some(link) => {
                Some((link.challenge_id.into(), otp::code(&link.code, "/link/code")?.to_owned()))
            }
        };
        Ok(OidcRedemption {
            code: self.code,
            challenge: s256(&self.verifier).parse().map_err(refused)?,
            link,
            device: self.device.as_deref().and_then(DeviceName::read),
        })
    }
}

/// Begin to sign in by OpenID Connect
///
/// To be opened in the browser of the phone, which goes on to the provider.
#[utoipa::path(
    tag = "identity",
    params(StartOidc),
    responses(
        (status = 303, description = "To the provider"),
        (status = 404, description = "Problem `oidc_not_offered`"),
        (status = 422, description = "Problem `invalid_query`"),
        (status = 503, description = "Problem `unavailable`: the provider does not answer"),
    )
)]
#[get("/v1/auth/oidc/start")]
pub(super) async fn start_oidc(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<StartOidc>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::Oidc, &request)?;
    let provider = offered(&app)?;
    let wrong = |name: &str| {
        ApiError::new(Code::InvalidQuery).with_field(format!("/query/{name}"), FieldCode::WrongForm)
    };
    let challenge: AppChallenge =
        query.app_challenge.parse().map_err(|_| wrong("app_challenge"))?;
    let redirect_uri = query.redirect_uri;
    if !app.settings.oidc_app_redirects.contains(&redirect_uri) {
        return Err(wrong("redirect_uri"));
    }
    let (now, keys) = (app.now(), app.keys.clone());
    let begin = app
        .database
        .write(move |tx| identity::start_oidc(tx, &*keys, &now, challenge, redirect_uri));
    let state = begin.await?;
    let secrets = OidcSecrets::of(&*app.keys, &state);
    Ok(sent_to(&provider.authorization_url(&state, &secrets).await?))
}

/// Come back from the provider
///
/// The provider sends the browser here. It goes on to the app, with `code` or with `error`:
/// `access_denied`, `temporarily_unavailable` or `server_error`.
#[utoipa::path(
    tag = "identity",
    params(OidcCallback),
    responses(
        (status = 303, description = "To the app"),
        (status = 422, description = "Problem `oidc_expired`"),
    )
)]
#[get("/v1/auth/oidc/callback")]
pub(super) async fn oidc_callback(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<OidcCallback>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::Oidc, &request)?;
    let provider = offered(&app)?;
    let (now, keys, state) = (app.now(), app.keys.clone(), query.state.clone());
    let resume = app.database.write(move |tx| identity::resume_oidc(tx, &*keys, &now, &state));
    let flow = resume.await?.ok_or_else(|| ApiError::new(Code::OidcExpired))?;
    let redirect_uri = flow.redirect_uri.clone();
    let (name, value) = match vouched(&app, provider, query).await {
        Ok(identity) => ("code", lay_ready(&app, flow, identity).await?),
        Err(error) => ("error", error.to_owned()),
    };
    Ok(sent_to(&with_parameter(&redirect_uri, name, &value)))
}

/// Trade the code for tokens
///
/// The code is good for one trade, within five minutes, by the app that began. Whoever signs in
/// for the first time gets an account of their own; with a fresh one-time password in `link`, they
/// get that of the phone, from now on also without.
#[utoipa::path(
    tag = "identity",
    responses(
        (status = 200, description = "Signed in", body = TokenView),
        (status = 409, description = "Problem `oidc_linked_elsewhere` or `oidc_another_linked`"),
        (status = 422, description = "Problem `oidc_expired`, `otp_wrong` or `otp_expired`"),
    )
)]
#[post("/v1/auth/oidc/token")]
pub(super) async fn redeem_oidc(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<RedeemOidc>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::Oidc, &request)?;
    let redemption = body.redemption()?;
    let (now, keys, rates) = (app.now(), app.keys.clone(), app.settings.otp_rates());
    let at = now.clone();
    let redeem =
        app.database.write(move |tx| identity::oidc_sign_in(tx, &*keys, &at, redemption, &rates));
    match redeem.await? {
        OidcSignedIn::SignedIn(who) => token::answer(&app, &now, who.0, Some(&who.1)),
        OidcSignedIn::Refused => Err(ApiError::new(Code::OidcExpired)),
        OidcSignedIn::AnotherLinked => Err(ApiError::new(Code::OidcAnotherLinked)),
        OidcSignedIn::LinkedElsewhere => Err(ApiError::new(Code::OidcLinkedElsewhere)),
        OidcSignedIn::WrongOtp { tries_left } => Err(otp::wrong(tries_left)),
        OidcSignedIn::DeadOtp => Err(ApiError::new(Code::OtpExpired)),
    }
}

fn offered(app: &App) -> Result<&OidcProvider, ApiError> {
    app.oidc.as_ref().ok_or_else(|| ApiError::new(Code::OidcNotOffered))
}

impl From<OidcError> for ApiError {
    fn from(error: OidcError) -> Self {
        tracing::warn!(%error, "nobody can be sent to the OpenID provider");
        Self::new(Code::Unavailable).retry_after(5)
    }
}

/// Whom the provider vouches for, or what to tell the app (RFC 6749, section 4.1.2.1).
async fn vouched(
    app: &App,
    provider: &OidcProvider,
    query: OidcCallback,
) -> Result<OidcIdentity, &'static str> {
    let code = query.code.filter(|_| query.error.is_none()).ok_or("access_denied")?;
    let secrets = OidcSecrets::of(&*app.keys, &query.state);
    provider.identity(code, &secrets).await.map_err(|error| {
        tracing::warn!(%error, "a sign-in by OpenID Connect came to nothing");
        match error {
            OidcError::Away => "temporarily_unavailable",
            OidcError::Refused(_) => "server_error",
        }
    })
}

async fn lay_ready(app: &App, flow: OidcFlow, identity: OidcIdentity) -> Result<String, ApiError> {
    let (now, keys) = (app.now(), app.keys.clone());
    let write = app.database.write(move |tx| identity::hand_over(tx, &*keys, &now, flow, identity));
    Ok(write.await?)
}

/// Sends the browser on. Nobody on the way may keep the address or tell it further.
fn sent_to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, address))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .finish()
}

/// `address` with one more parameter.
fn with_parameter(address: &str, name: &str, value: &str) -> String {
    let separator = if address.contains('?') { '&' } else { '?' };
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{address}{separator}{}", query.append_pair(name, value).finish())
}
