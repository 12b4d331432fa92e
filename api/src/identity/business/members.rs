//! Who acts for a business, by invitation.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    idempotency::once,
    identity::{
        CitizenId, Phone,
        business::{
            self, Business, BusinessError, BusinessId, Invitation, InvitationId, Member, MemberRole,
        },
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{account::BusinessView, agent::Agent};
use crate::{
    App,
    extract::{Json, Path, Repeatable, made},
    identity::Citizen,
    page::PageView,
    problem::{ApiError, FieldCode},
};

/// Somebody who acts for a business.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MemberView {
    /// The id of their account.
    citizen_id: Uuid,
    /// `owner` or `member`.
    #[schema(value_type = String)]
    role: MemberRole,
    /// Since when.
    since: DateTime<Utc>,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self { citizen_id: member.citizen.uuid(), role: member.role, since: member.since }
    }
}

/// Who to invite.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteMember {
    /// Their mobile phone; they take the invitation once they are signed in with it.
    #[schema(example = "0912345678")]
    phone: String,
    /// `owner` or `member`.
    #[schema(value_type = String)]
    role: MemberRole,
}

/// An invitation that was made. It does not say whether the phone has an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InvitedView {
    /// Its id.
    id: Uuid,
    /// `owner` or `member`.
    #[schema(value_type = String)]
    role: MemberRole,
    /// Until when it can be taken.
    expires_at: DateTime<Utc>,
    /// The id of the member who made it; `null` where an officer did.
    invited_by: Option<Uuid>,
}

impl From<Invitation> for InvitedView {
    fn from(invitation: Invitation) -> Self {
        let Invitation { id, role, expires_at, invited_by, .. } = invitation;
        Self { id: id.uuid(), role, expires_at, invited_by: invited_by.map(CitizenId::uuid) }
    }
}

/// The number that was sent as `phone`.
pub(super) fn invited_phone(text: &str) -> Result<Phone, ApiError> {
    text.parse().map_err(|_| ApiError::field("/phone", FieldCode::WrongForm))
}

/// An invitation that waits for the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationView {
    /// Its id.
    id: Uuid,
    /// The id of the business.
    business_id: Uuid,
    /// What the business is called.
    business: String,
    /// `owner` or `member`.
    #[schema(value_type = String)]
    role: MemberRole,
    /// Until when it can be taken.
    expires_at: DateTime<Utc>,
}

impl From<(Invitation, Business)> for InvitationView {
    fn from((invitation, business): (Invitation, Business)) -> Self {
        Self {
            id: invitation.id.uuid(),
            business_id: business.id.uuid(),
            business: business.name,
            role: invitation.role,
            expires_at: invitation.expires_at,
        }
    }
}

/// Who acts for a business
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["act_for_business"])),
    params(("id" = Uuid, Path, description = "The business")),
    responses((status = 200, description = "The first member first", body = PageView<MemberView>))
)]
#[get("/v1/businesses/{id}/members")]
pub(super) async fn members(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
) -> Result<HttpResponse, ApiError> {
    let members = app.database.read(move |tx| business::members(tx, &agent, id)).await?;
    let items: Vec<MemberView> = members.into_iter().map(MemberView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Invite somebody to act for a business
///
/// Owners of a verified business only. The answer is the same whether or not the phone has an account.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["decide_over_business"])),
    params(
        ("id" = Uuid, Path, description = "The business"),
        ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours"),
    ),
    request_body = InviteMember,
    responses(
        (status = 201, description = "The invitation", body = InvitedView),
        (status = 403, description = "Problem `forbidden`: a member, but no owner"),
        (status = 409, description = "Problem `business_not_verified` or `too_many`"),
        (status = 429, description = "Problem `rate_limited`: the caller invited too many"),
    )
)]
#[post("/v1/businesses/{id}/members")]
pub(super) async fn invite(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
    key: Repeatable,
    Json(body): Json<InviteMember>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, &format!("business.invite {id}"), Some(agent.id()), &body);
    let (phone, role) = (invited_phone(&body.phone)?, body.role);
    let (now, keys, rate) = (app.now(), app.keys.clone(), app.settings.invitation_rate());
    let inviting = app.database.write(move |tx| {
        let invited = once(tx, &now, key.as_ref(), |tx| {
            business::invite(tx, &*keys, &now, &agent, id, (&phone, role, rate))
                .map(|invitation| invitation.id)
        })?;
        let open = business::invitations_of(tx, &now, &agent, id);
        made(open, |invitation| invitation.id == invited, BusinessError::NotFound)
    });
    Ok(HttpResponse::Created().json(InvitedView::from(inviting.await?)))
}

/// The open invitations of a business
///
/// Owners only. Of the invited phones nothing is kept that could be shown.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["decide_over_business"])),
    params(("id" = Uuid, Path, description = "The business")),
    responses((status = 200, description = "The first made first", body = PageView<InvitedView>))
)]
#[get("/v1/businesses/{id}/invitations")]
pub(super) async fn open_invitations(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let open = app.database.read(move |tx| business::invitations_of(tx, &now, &agent, id)).await?;
    let items: Vec<_> = open.into_iter().map(InvitedView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Take an invitation back
///
/// Owners only.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["decide_over_business"])),
    params(
        ("id" = Uuid, Path, description = "The business"),
        ("invitation_id" = Uuid, Path, description = "The invitation"),
    ),
    responses((status = 204, description = "Nobody can take it any more"))
)]
#[delete("/v1/businesses/{id}/invitations/{invitation_id}")]
pub(super) async fn take_back(
    app: Data<App>,
    Agent(agent): Agent,
    Path(which): Path<(BusinessId, InvitationId)>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    app.database.write(move |tx| business::take_back(tx, &now, &agent, which)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Remove somebody who acts for a business
///
/// Owners remove anybody, members themselves. One owner stays. The invitations that they made, and
/// that were made to them, go with them.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["decide_over_business"])),
    params(
        ("id" = Uuid, Path, description = "The business"),
        ("citizen_id" = Uuid, Path, description = "The member"),
    ),
    responses(
        (status = 204, description = "They act for it no more"),
        (status = 409, description = "Problem `last_owner`"),
    )
)]
#[delete("/v1/businesses/{id}/members/{citizen_id}")]
pub(super) async fn remove(
    app: Data<App>,
    Agent(agent): Agent,
    Path(which): Path<(BusinessId, CitizenId)>,
) -> Result<HttpResponse, ApiError> {
    let (now, keys) = (app.now(), app.keys.clone());
    app.database.write(move |tx| business::remove_member(tx, &*keys, &now, &agent, which)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The invitations that wait for me
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "Those not expired", body = PageView<InvitationView>))
)]
#[get("/v1/me/business-invitations")]
pub(super) async fn invitations(
    app: Data<App>,
    citizen: Citizen,
) -> Result<HttpResponse, ApiError> {
    let (now, keys) = (app.now(), app.keys.clone());
    let waiting =
        app.database.read(move |tx| business::invitations_to(tx, &*keys, &now, &citizen)).await?;
    let items: Vec<_> = waiting.into_iter().map(InvitationView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Take an invitation
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The invitation")),
    responses((status = 200, description = "The business", body = BusinessView))
)]
#[post("/v1/me/business-invitations/{id}/accept")]
pub(super) async fn accept(
    app: Data<App>,
    citizen: Citizen,
    Path(id): Path<InvitationId>,
) -> Result<HttpResponse, ApiError> {
    let (now, keys) = (app.now(), app.keys.clone());
    let (joined, role) =
        app.database.write(move |tx| business::accept(tx, &*keys, &now, &citizen, id)).await?;
    Ok(HttpResponse::Ok().json(BusinessView::new(joined, Some(role))))
}

/// Turn an invitation down
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The invitation")),
    responses((status = 204, description = "It is gone"))
)]
#[post("/v1/me/business-invitations/{id}/decline")]
pub(super) async fn decline(
    app: Data<App>,
    citizen: Citizen,
    Path(id): Path<InvitationId>,
) -> Result<HttpResponse, ApiError> {
    let (now, keys) = (app.now(), app.keys.clone());
    app.database.write(move |tx| business::decline(tx, &*keys, &now, &citizen, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
