//! Inviting people to the staff.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    directory::AgencyCode,
    idempotency::once_untold,
    identity::{self, Invited, Role, StaffId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::colleague::ColleagueView;
use crate::{
    App,
    directory::agencies::check_agency,
    extract::{Json, Path, Repeatable, filled_in},
    identity::Administrator,
    problem::{ApiError, Code, FieldCode},
};

/// The most characters of a reason.
const REASON: usize = 500;

/// Whom to invite.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
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
#[derive(Debug, Deserialize, Serialize, ToSchema)]
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
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "Invited", body = InvitedView),
        (status = 403, description = "Problem `forbidden`: an agency out of reach"),
        (status = 409, description = "Problem `already_exists`: the username is taken, or it was done \
                                      under this key before"),
    )
)]
#[post("/v1/admin/staff")]
pub(super) async fn invite_staff(
    app: Data<App>,
    by: Administrator,
    key: Repeatable,
    Json(body): Json<InviteStaff>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "staff.invite", Some(by.staff().id.uuid()), &body);
    let wrong_form = |_| ApiError::field("/username", FieldCode::WrongForm);
    let username = body.username.parse().map_err(wrong_form)?;
    check_agency(&app, &body.agency)?;
    let (now, keys, post) = (app.now(), app.keys.clone(), (username, body.role, body.agency));
    let inviting = app.database.write(move |tx| {
        once_untold(tx, &now, key.as_ref(), |tx| identity::hire(tx, &*keys, &now, &by, post))
    });
    answer(inviting.await?)
}

/// Invite a staff member once more
///
/// For a lost link or a forgotten password. The link before means nothing any more. Who has a
/// password is signed out everywhere and told; it counts until they choose the next one, and their
/// authenticator app stays in use.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    params(
        ("id" = Uuid, Path, description = "Who it is"),
        ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours"),
    ),
    responses(
        (status = 201, description = "Invited", body = InvitedView),
        (status = 403, description = "Problem `forbidden`: oneself; \
                                      `second_administrator_required`: the caller reset their \
                                      authenticator app lately"),
        (status = 404, description = "Problem `not_found`: none, or of another agency"),
        (status = 409, description = "Problem `already_exists`: done under this key before"),
    )
)]
#[post("/v1/admin/staff/{id}/invitation")]
pub(super) async fn invite_again(
    app: Data<App>,
    by: Administrator,
    Path(id): Path<StaffId>,
    key: Repeatable,
    Json(body): Json<InviteAgain>,
) -> Result<HttpResponse, ApiError> {
    let operation = format!("staff.invite_again {id}");
    let key = key.bind(&*app.keys, &operation, Some(by.staff().id.uuid()), &body);
    let reason = body.reason.map(|reason| filled_in("/reason", &reason, REASON)).transpose()?;
    let (now, keys) = (app.now(), app.keys.clone());
    let inviting = app.database.write(move |tx| {
        once_untold(tx, &now, key.as_ref(), |tx| {
            identity::hire_again(tx, &*keys, &now, &by, (id, reason.as_deref()))
        })
    });
    answer(inviting.await?)
}

/// The link is shown once.
fn answer(invited: Option<Invited>) -> Result<HttpResponse, ApiError> {
    let invited = invited.ok_or_else(|| ApiError::new(Code::AlreadyExists))?;
    Ok(HttpResponse::Created().json(InvitedView {
        staff: ColleagueView::from(&invited.member),
        invitation_token: invited.token.expose().to_owned(),
        expires_at: invited.expires_at,
    }))
}
