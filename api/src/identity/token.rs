//! What somebody gets who signed in.

use actix_web::{
    HttpResponse,
    http::header::{CacheControl, CacheDirective},
};
use domain::{
    Moment,
    identity::{Access, CitizenAccount, Principal, SignedIn},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::me::CitizenView;
use crate::{
    App,
    problem::{ApiError, Code},
};

/// The tokens of a session, and whose it is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenView {
    /// Goes into `Authorization: Bearer` of every request; a signed JWT (EdDSA).
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token ends.
    expires_in: i64,
    /// Is traded for the next tokens, once.
    refresh_token: String,
    /// The account, where a citizen signed in by phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    citizen: Option<CitizenView>,
    /// The staff member, where one signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    staff: Option<StaffView>,
}

/// A staff member as they see themselves.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffView {
    /// Who it is.
    id: Uuid,
    /// The name they sign in with.
    username: String,
    /// What they do.
    role: &'static str,
    /// Where they do it.
    agency: String,
}

/// Answers with the tokens of a session that was begun or continued `now`. Nobody on the way may
/// keep them.
pub(super) fn answer(
    app: &App,
    now: &Moment,
    signed_in: SignedIn,
    account: Option<&CitizenAccount>,
) -> Result<HttpResponse, ApiError> {
    let staff = match &signed_in.principal {
        Principal::Citizen(_) => None,
        Principal::Staff(staff) => Some(StaffView {
            id: staff.id.uuid(),
            username: staff.username.clone(),
            role: staff.role.as_str(),
            agency: staff.agency.to_string(),
        }),
    };
    let access = Access::new(now, signed_in.principal, signed_in.session);
    let access_token = app.tokens.sign(&access).map_err(|error| {
        tracing::error!(%error, "an access token could not be signed");
        ApiError::new(Code::Internal)
    })?;
    Ok(HttpResponse::Ok().insert_header(CacheControl(vec![CacheDirective::NoStore])).json(
        TokenView {
            access_token,
            token_type: "Bearer",
            expires_in: Access::LIFE.num_seconds(),
            refresh_token: signed_in.refresh_token.expose().to_owned(),
            citizen: account.map(CitizenView::from),
            staff,
        },
    ))
}
