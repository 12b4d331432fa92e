//! The list of the staff.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    directory::AgencyCode,
    identity::{self, Role, RosterFilter},
    page::Page,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::colleague::ColleagueView;
use crate::{
    App,
    extract::Query,
    identity::Administrator,
    page::{self, PageView},
    problem::ApiError,
};

/// The name of this list in its cursors.
const LIST: &str = "staff";

/// Which part of the staff to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StaffQuery {
    /// Only with this role.
    #[param(value_type = Option<String>)]
    role: Option<Role>,
    /// Only of this agency.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    /// The most rows to answer with, at most 100.
    #[param(minimum = 1)]
    limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The staff
///
/// By username; those of the caller's agency and of every agency below it.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    params(StaffQuery),
    responses((status = 200, description = "A page", body = PageView<ColleagueView>))
)]
#[get("/v1/admin/staff")]
pub(super) async fn list_staff(
    app: Data<App>,
    by: Administrator,
    Query(query): Query<StaffQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let after: Option<String> = query.cursor.map(|cursor| page::key(LIST, &cursor)).transpose()?;
    let filter = RosterFilter { role: query.role, agencies: query.agency.into() };
    let members = app
        .database
        .read(move |tx| identity::roster(tx, &by, filter, after.as_deref(), limit + 1))
        .await?;
    let page = Page::cut(members, limit, |member| member.username.to_string());
    Ok(HttpResponse::Ok().json(PageView {
        items: page.items.iter().map(ColleagueView::from).collect(),
        next_cursor: page.next.map(|username| page::cursor(LIST, &username)),
    }))
}
