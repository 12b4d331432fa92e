//! The roles of staff, and what they may do.

use actix_web::{HttpResponse, get};
use domain::identity::{Role, policy::RULES};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{identity::Administrator, page::PageView};

/// A role of staff.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoleView {
    /// Its name.
    role: &'static str,
    /// Whether it asks for an authenticator app.
    totp_required: bool,
    /// What it may do.
    rights: Vec<RightView>,
}

/// What a role may do, and to which things.
#[derive(Debug, Serialize, ToSchema)]
struct RightView {
    /// The name of the right; the description of the interface says which operations ask for it.
    right: &'static str,
    /// `own`: what is one's own; `agency`: what the own agency and those below it answer for;
    /// `province`: everything, from the agency of the province alone.
    reach: &'static str,
}

impl RoleView {
    fn of(role: Role) -> Self {
        let rules = RULES.iter().filter(|rule| rule.roles.contains(&role));
        let rights =
            rules.map(|rule| RightView { right: rule.right.as_str(), reach: rule.reach.as_str() });
        Self {
            role: role.as_str(),
            totp_required: role.needs_second_factor(),
            rights: rights.collect(),
        }
    }
}

/// The roles of staff
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    responses((status = 200, description = "All of them", body = PageView<RoleView>))
)]
#[get("/v1/admin/roles")]
pub(super) async fn list_roles(_: Administrator) -> HttpResponse {
    let items: Vec<_> = Role::STAFF.into_iter().map(RoleView::of).collect();
    HttpResponse::Ok().json(PageView { items, next_cursor: None })
}
