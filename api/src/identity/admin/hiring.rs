//! Inviting people to the staff.

use actix_web::{HttpResponse, HttpResponseBuilder, http::header::CACHE_CONTROL, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    directory::AgencyCode,
    identity::{self, Invited, Role, StaffId},
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::colleague::ColleagueView;
use crate::{
    App,
    directory::agencies::check_agency,
    extract::{Json, Path, filled_in},
    identity::Administrator,
    problem::{ApiError, FieldCode},
};

/// The most characters of a reason.
const REASON: usize = 500;

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteStaff {
    /// The name to sign in with: 3 to 40 lower-case letters, digits, dots, hyphens, underscores.
    username: String,
    /// What they will do.
    #[schema(value_type = String)]
    role: Role,
    /// Where they will do it.
    #[schema(value_type = String)]
    agency: AgencyCode,
}

/// Why somebody is invited once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteAgain {
    /// 1 to 500 characters, for the audit log. Needed for who has a password already.
    reason: Option<String>,
}

/// Somebody who was invited, and the link they need.
#[derive(Serialize, ToSchema)]
pub(super) struct InvitedView {
    /// Who it is.
    staff: ColleagueView,
    /// The token of `/v1/auth/staff/invitations/{token}`, to hand over in private. Shown once.
    invitation_token: String,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
}

/// Invite somebody to the staff
///
/// They choose their password themselves. The link is good once, for three days.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    responses(
        (status = 201, description = "Invited", body = InvitedView),
        (status = 403, description = "Problem `forbidden`: an agency out of reach"),
        (status = 409, description = "Problem `already_exists`: the username is taken"),
    )
)]
#[post("/v1/admin/staff")]
pub(super) async fn invite_staff(
    app: Data<App>,
    by: Administrator,
    Json(body): Json<InviteStaff>,
) -> Result<HttpResponse, ApiError> {
    let wrong_form = |_| ApiError::field("/username", FieldCode::WrongForm);
    let username = body.username.parse().map_err(wrong_form)?;
    check_agency(&app, &body.agency)?;
    let (now, keys, post) = (app.now(), app.keys.clone(), (username, body.role, body.agency));
    let invited = app.database.write(move |tx| identity::hire(tx, &*keys, &now, &by, post)).await?;
    Ok(answer(HttpResponse::Created(), &invited))
}

/// Invite a staff member once more
///
/// For a lost link or a forgotten password. The link before means nothing any more. Who has a
/// password is signed out everywhere and told; it counts until they choose the next one, and their
/// authenticator app stays in use.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    params(("id" = Uuid, Path, description = "Who it is")),
    responses(
        (status = 201, description = "Invited", body = InvitedView),
        (status = 403, description = "Problem `forbidden`: oneself; \
                                      `second_administrator_required`: the caller reset their \
                                      authenticator app lately"),
        (status = 404, description = "Problem `not_found`: none, or of another agency"),
    )
)]
#[post("/v1/admin/staff/{id}/invitation")]
pub(super) async fn invite_again(
    app: Data<App>,
    by: Administrator,
    Path(id): Path<StaffId>,
    Json(InviteAgain { reason }): Json<InviteAgain>,
) -> Result<HttpResponse, ApiError> {
    let reason = reason.map(|reason| filled_in("/reason", &reason, REASON)).transpose()?;
    let (now, keys) = (app.now(), app.keys.clone());
    let again = move |tx: &mut Transaction<'_>| {
        identity::hire_again(tx, &*keys, &now, &by, (id, reason.as_deref()))
    };
    Ok(answer(HttpResponse::Created(), &app.database.write(again).await?))
}

fn answer(mut response: HttpResponseBuilder, invited: &Invited) -> HttpResponse {
    response.insert_header((CACHE_CONTROL, "no-store")).json(InvitedView {
        staff: ColleagueView::from(&invited.member),
        invitation_token: invited.token.expose().to_owned(),
        expires_at: invited.expires_at,
    })
}
