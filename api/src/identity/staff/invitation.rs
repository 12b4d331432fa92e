//! Accepting an invitation to the staff.

use actix_web::{HttpRequest, HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::identity::{self, InvitationToken, StaffMember};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::proof;
use crate::{
    App,
    extract::{Json, Path},
    limits::Limited,
    problem::{ApiError, Code},
};

/// An invitation, as whoever holds its link sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitationView {
    /// The name to sign in with.
    username: String,
    /// What they will do.
    role: &'static str,
    /// Where they will do it.
    agency: String,
    /// Whether they will need an authenticator app.
    totp_required: bool,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
}

/// The password of somebody who accepts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptInvitation {
    /// 12 to 256 characters, not one that everybody tries first.
    password: String,
}

impl InvitationView {
    fn new((member, expires_at): (StaffMember, DateTime<Utc>)) -> Self {
        Self {
            totp_required: member.needs_second_factor(),
            username: member.username.to_string(),
            role: member.role.as_str(),
            agency: member.agency.to_string(),
            expires_at,
        }
    }
}

/// Look at an invitation
#[utoipa::path(
    tag = "identity",
    params(("token" = String, Path, description = "The token in the link")),
    responses(
        (status = 200, description = "What it is for", body = InvitationView),
        (status = 404, description = "Problem `not_found`: none, accepted, replaced or expired"),
    )
)]
#[get("/v1/auth/staff/invitations/{token}")]
pub(super) async fn open_invitation(
    app: Data<App>,
    request: HttpRequest,
    Path(token): Path<String>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::StaffLogin, &request)?;
    let invitation = opened(&app, &InvitationToken::from(token)).await?;
    Ok(HttpResponse::Ok().json(InvitationView::new(invitation)))
}

/// Accept an invitation
///
/// Sets the password; the link is good for this once. Whoever needs an authenticator app sets it up
/// next, and then signs in.
#[utoipa::path(
    tag = "identity",
    params(("token" = String, Path, description = "The token in the link")),
    responses(
        (status = 204, description = "Accepted"),
        (status = 404, description = "Problem `not_found`: none, accepted, replaced or expired"),
        (status = 422, description = "Problem `validation_failed`: the password cannot be chosen"),
    )
)]
#[post("/v1/auth/staff/invitations/{token}")]
pub(super) async fn accept_invitation(
    app: Data<App>,
    request: HttpRequest,
    Path(token): Path<String>,
    Json(body): Json<AcceptInvitation>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::StaffLogin, &request)?;
    let token = InvitationToken::from(token);
    let (member, _) = opened(&app, &token).await?;
    let hash = proof::chosen(&app, &member.username, ("/password", &body.password)).await?;
    let (now, keys, address) = (app.now(), app.keys.clone(), app.limits.source(&request));
    let accepted = app
        .database
        .write(move |tx| identity::accept_invitation(tx, &*keys, &now, &token, hash, address))
        .await?;
    accepted.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(HttpResponse::NoContent().finish())
}

/// The invitation with `token`.
async fn opened(
    app: &App,
    token: &InvitationToken,
) -> Result<(StaffMember, DateTime<Utc>), ApiError> {
    let (now, keys, token) = (app.now(), app.keys.clone(), token.clone());
    let found =
        app.database.read(move |tx| identity::open_invitation(tx, &*keys, &now, &token)).await?;
    found.ok_or_else(|| ApiError::new(Code::NotFound))
}
