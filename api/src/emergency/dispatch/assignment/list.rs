//! The units that are under way.

use actix_web::{HttpResponse, get, web::Data};
use domain::emergency::{self, Assigned, AssignmentId};

use super::view::AssignedView;
use crate::{
    App,
    extract::{Path, Query},
    identity::OnCall,
    page::{self, PageQuery, PageView, page_of},
    problem::ApiError,
};

/// The name of this list in its cursors.
const LIST: &str = "dispatches";

/// Notes that `by` was shown what their own unit is sent to, unless they were before.
async fn see(app: &App, by: &OnCall, shown: &[Assigned]) -> Result<(), ApiError> {
    let unseen = shown.iter().filter(|each| each.assignment.is_unseen() && !each.is_on_behalf(by));
    let unseen: Vec<_> = unseen.map(|each| each.assignment.clone()).collect();
    if unseen.is_empty() {
        return Ok(());
    }
    let (now, by) = (app.now(), by.clone());
    Ok(app.database.write(move |tx| emergency::see(tx, &now, &by, &unseen)).await?)
}

/// The units that are under way
///
/// What has not ended, oldest first: for responders what their own unit is sent to, with what they
/// need to help; for dispatchers that of all units they reach. Crews who look have seen it, and get
/// no text message about it.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(PageQuery),
    responses((status = 200, description = "What has not ended", body = PageView<AssignedView>))
)]
#[get("/v1/dispatches")]
pub(super) async fn list_dispatches(
    app: Data<App>,
    by: OnCall,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (at, limit, asking) = (app.now().at, page::limit(query.limit)?, by.clone());
    let all = app.database.snapshot(move |tx| emergency::assignments(tx, &asking)).await?;
    see(&app, &by, &all).await?;
    let page = page_of(LIST, all, limit, query.cursor.as_deref(), |each| each.assignment.id)?;
    let items: Vec<_> = page.items.iter().map(|each| AssignedView::of(each, &by, at)).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: page.next_cursor }))
}

/// A unit that was sent
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["take_part"])),
    params(("id" = Uuid, Path, description = "The dispatch")),
    responses(
        (status = 200, description = "How far it is", body = AssignedView),
        (status = 404, description = "Problem `not_found`: none, or somebody else's"),
    )
)]
#[get("/v1/dispatches/{id}")]
pub(super) async fn show_dispatch(
    app: Data<App>,
    by: OnCall,
    Path(id): Path<AssignmentId>,
) -> Result<HttpResponse, ApiError> {
    let asking = by.clone();
    let assigned = app.database.snapshot(move |tx| emergency::assignment(tx, &asking, id)).await?;
    see(&app, &by, std::slice::from_ref(&assigned)).await?;
    Ok(HttpResponse::Ok().json(AssignedView::of(&assigned, &by, app.now().at)))
}
