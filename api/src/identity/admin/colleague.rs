//! One staff member, to look at and to change.

use actix_web::{HttpResponse, delete, get, http::header::ETag, patch, web::Data};
use domain::{
    directory::AgencyCode,
    identity::{self, AddStaffError, PostChange, Role, RosterError, StaffId, StaffMember},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    directory::agencies::check_agency,
    extract::{IfMatch, Json, Path, stale, version_tag},
    identity::Administrator,
    problem::{ApiError, Code, FieldCode},
};

/// A staff member as whoever runs the service sees them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ColleagueView {
    /// Who it is.
    id: Uuid,
    /// The name they sign in with.
    username: String,
    /// What they do.
    role: &'static str,
    /// Where they do it.
    agency: String,
    /// Whether they have not accepted their invitation yet.
    invited: bool,
    /// Whether they may not sign in any more.
    disabled: bool,
    /// Whether they have to use an authenticator app.
    totp_required: bool,
}

impl From<&StaffMember> for ColleagueView {
    fn from(member: &StaffMember) -> Self {
        Self {
            id: member.id.uuid(),
            username: member.username.to_string(),
            role: member.role.as_str(),
            agency: member.agency.to_string(),
            invited: member.password.is_none(),
            disabled: member.disabled,
            totp_required: member.needs_second_factor(),
        }
    }
}

impl From<RosterError> for ApiError {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::NotFound => Self::new(Code::NotFound),
            RosterError::Seen { version } => stale(version),
            RosterError::Oneself | RosterError::OutOfReach => Self::new(Code::Forbidden),
            RosterError::Alone => Self::new(Code::SecondAdministratorRequired),
            RosterError::ReasonMissing => Self::field("/reason", FieldCode::Missing),
            RosterError::Add(AddStaffError::UsernameTaken) => Self::new(Code::AlreadyExists),
            RosterError::Add(AddStaffError::NotAStaffRole(_)) => {
                Self::field("/role", FieldCode::Unknown)
            }
            RosterError::Add(AddStaffError::Store(error)) | RosterError::Store(error) => {
                error.into()
            }
        }
    }
}

/// What to change about a staff member; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeStaff {
    /// What they do from now on.
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// Where they do it from now on.
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    /// Whether they may not sign in any more.
    disabled: Option<bool>,
}

/// A staff member
///
/// The `ETag` is what a change names in `If-Match`.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    params(("id" = Uuid, Path, description = "Who it is")),
    responses(
        (status = 200, description = "The staff member", body = ColleagueView),
        (status = 404, description = "Problem `not_found`: none, or of another agency"),
    )
)]
#[get("/v1/admin/staff/{id}")]
pub(super) async fn show_staff(
    app: Data<App>,
    by: Administrator,
    Path(id): Path<StaffId>,
) -> Result<HttpResponse, ApiError> {
    let member = app.database.read(move |tx| identity::colleague(tx, &by, id)).await?;
    Ok(answer(&member))
}

/// Change what a staff member does, or whether they may sign in
///
/// Whatever they are signed in to ends at once. Nobody changes their own post.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    params(("id" = Uuid, Path, description = "Who it is")),
    responses(
        (status = 200, description = "As they are now", body = ColleagueView),
        (status = 403, description = "Problem `forbidden`: oneself, or an agency out of reach"),
        (status = 404, description = "Problem `not_found`: none, or of another agency"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    )
)]
#[patch("/v1/admin/staff/{id}")]
pub(super) async fn change_staff(
    app: Data<App>,
    by: Administrator,
    Path(id): Path<StaffId>,
    IfMatch(seen): IfMatch,
    Json(body): Json<ChangeStaff>,
) -> Result<HttpResponse, ApiError> {
    let ChangeStaff { role, agency, disabled } = body;
    if let Some(agency) = &agency {
        check_agency(&app, agency)?;
    }
    let (now, change) = (app.now(), PostChange { role, agency, disabled });
    let changed =
        app.database.write(move |tx| identity::change_post(tx, &now, &by, (id, seen), change));
    Ok(answer(&changed.await?))
}

/// Take the authenticator app of a staff member out of use
///
/// For who lost it and all recovery codes: they set up another one with their password. Whatever
/// they are signed in to ends at once, and they are told.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    params(("id" = Uuid, Path, description = "Who it is")),
    responses(
        (status = 204, description = "Out of use"),
        (status = 403, description = "Problem `forbidden`: oneself; \
                                      `second_administrator_required`: the caller reset their \
                                      password lately"),
        (status = 404, description = "Problem `not_found`: none, or of another agency"),
    )
)]
#[delete("/v1/admin/staff/{id}/totp")]
pub(super) async fn reset_totp(
    app: Data<App>,
    by: Administrator,
    Path(id): Path<StaffId>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    app.database.write(move |tx| identity::take_totp_away(tx, &now, &by, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn answer(member: &StaffMember) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ETag(version_tag(member.version)))
        .json(ColleagueView::from(member))
}
