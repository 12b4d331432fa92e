//! Sessions: keeping, listing and ending them.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::identity::{self, RefreshToken, Refreshed, RevokeSessionError, Session, SessionId};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Citizen, SignedIn,
    token::{self, TokenView},
};
use crate::{
    App,
    extract::{Json, Path},
    limits::Limited,
    page::PageView,
    problem::{ApiError, Code},
};

/// A refresh token to trade.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    /// The token from the last answer.
    refresh_token: String,
}

/// A device on which the caller is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionView {
    /// To end it by.
    id: Uuid,
    /// The name the device gave.
    device: Option<String>,
    /// When it signed in.
    started_at: DateTime<Utc>,
    /// When its tokens were last renewed.
    last_used_at: DateTime<Utc>,
    /// When it ends by itself unless it is used.
    expires_at: DateTime<Utc>,
    /// Whether this request came from it.
    current: bool,
}

impl SessionView {
    fn new(session: &Session, current: SessionId) -> Self {
        Self {
            id: session.id.uuid(),
            device: session.device.as_ref().map(|device| device.as_str().to_owned()),
            started_at: session.started_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            current: session.id == current,
        }
    }
}

impl From<RevokeSessionError> for ApiError {
    fn from(error: RevokeSessionError) -> Self {
        match error {
            RevokeSessionError::NotFound => Self::new(Code::NotFound),
            RevokeSessionError::Store(error) => error.into(),
        }
    }
}

/// Trade a refresh token for the next tokens
///
/// A token is good for one use. Using it again ends the session, because somebody else may have it,
/// and its holder is told so.
#[utoipa::path(
    tag = "identity",
    responses((status = 200, description = "The next tokens", body = TokenView))
)]
#[post("/v1/auth/refresh")]
pub(super) async fn refresh(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<Refresh>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::Refresh, &request)?;
    let presented = RefreshToken::from(body.refresh_token);
    let (now, keys, address) = (app.now(), app.keys.clone(), app.limits.source(&request));
    let at = now.clone();
    let refresh =
        move |tx: &mut Transaction<'_>| identity::refresh(tx, &*keys, &at, &presented, address);
    match app.database.write(refresh).await? {
        Refreshed::Renewed(signed_in) => token::answer(&app, &now, signed_in, None),
        Refreshed::Reused(session) => {
            tracing::warn!(%session, "a refresh token was used twice: its session was ended");
            Err(ApiError::new(Code::SessionEnded))
        }
        Refreshed::Refused => Err(ApiError::new(Code::SessionEnded)),
    }
}

/// Sign out of this session
///
/// The access token ends with it.
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["signed_in"])),
    responses((status = 204, description = "Signed out"))
)]
#[post("/v1/auth/logout")]
pub(super) async fn logout(
    app: Data<App>,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let (who, session) = (access.principal, access.session);
    app.database.write(move |tx| identity::logout(tx, &now, &who, session)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Where I am signed in
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The last used first", body = PageView<SessionView>))
)]
#[get("/v1/me/sessions")]
pub(super) async fn sessions(
    app: Data<App>,
    citizen: Citizen,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let sessions = app.database.read(move |tx| identity::sessions_of(tx, &now, &citizen)).await?;
    let items: Vec<_> =
        sessions.iter().map(|session| SessionView::new(session, access.session)).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Sign out of another session
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The session")),
    responses((status = 204, description = "It has ended"))
)]
#[delete("/v1/me/sessions/{id}")]
pub(super) async fn revoke_session(
    app: Data<App>,
    citizen: Citizen,
    Path(id): Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    app.database.write(move |tx| identity::revoke_session(tx, &now, &citizen, id.into())).await?;
    Ok(HttpResponse::NoContent().finish())
}
