//! Entering, changing and withdrawing notices.

use actix_web::{HttpResponse, get, patch, post, web::Data};
use domain::{
    StoreError,
    directory::{self, Posting, PostingId},
    idempotency::once,
};
use infra::database::Transaction;

use super::notice_view::{ChangeNotice, PostNotice, PostingView, answer};
use crate::{
    App,
    extract::{IfMatch, Json, Path, Query, Repeatable},
    identity::Clerk,
    page::{self, PageQuery, PageView, page_of},
    problem::ApiError,
};

/// The name of this list in its cursors.
const LIST: &str = "postings";

/// Has this process show at once what was just saved; others hear of it.
pub(super) async fn show(app: &App) -> Result<(), StoreError> {
    app.entries.refresh(&app.database).await
}

/// The notices of the desk
///
/// What staff entered for the caller's agency and those below it, by its start; what ended or was
/// withdrawn stays for 90 days. Imported notices are kept where they come from.
#[utoipa::path(
    tag = "directory desk",
    security(("bearer" = ["keep_directory"])),
    params(PageQuery),
    responses((status = 200, description = "The notices", body = PageView<PostingView<'_>>))
)]
#[get("/v1/desk/notices")]
pub(super) async fn list_postings(
    app: Data<App>,
    by: Clerk,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (at, limit) = (app.now().at, page::limit(query.limit)?);
    let postings = app.database.read(move |tx| directory::all_posted(tx, &by)).await?;
    let page = page_of(LIST, postings, limit, query.cursor.as_deref(), |posting| posting.id)?;
    let items: Vec<_> = page.items.iter().map(|each| PostingView::new(each, at)).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: page.next_cursor }))
}

/// A notice of the desk
///
/// The `ETag` is what a change names in `If-Match`.
#[utoipa::path(
    tag = "directory desk",
    security(("bearer" = ["keep_directory"])),
    params(("id" = Uuid, Path, description = "The notice")),
    responses(
        (status = 200, description = "The notice", body = PostingView<'_>),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
    )
)]
#[get("/v1/desk/notices/{id}")]
pub(super) async fn read_posting(
    app: Data<App>,
    by: Clerk,
    Path(id): Path<PostingId>,
) -> Result<HttpResponse, ApiError> {
    let posting = app.database.read(move |tx| directory::posted(tx, &by, id)).await?;
    Ok(answer(&mut HttpResponse::Ok(), &posting, app.now().at))
}

/// Post a notice
///
/// For an agency that the caller reaches, about communes of its area.
#[utoipa::path(
    tag = "directory desk",
    security(("bearer" = ["keep_directory"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "Posted", body = PostingView<'_>),
        (status = 403, description = "Problem `forbidden`: the agency is out of reach"),
        (status = 422, description = "Problem `validation_failed` or `idempotency_key_reused`"),
    )
)]
#[post("/v1/desk/notices")]
pub(super) async fn post_notice(
    app: Data<App>,
    by: Clerk,
    key: Repeatable,
    Json(body): Json<PostNotice>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let at = now.at;
    let key = key.bind(&*app.keys, "notice.post", Some(by.staff().id.uuid()), &body);
    let new = body.checked(&app.snapshot(), at)?;
    let post = move |tx: &mut Transaction<'_>| {
        once(tx, &now, key.as_ref(), |tx| directory::post_notice(tx, &now, &by, new))
    };
    let posted: Posting = app.database.write(post).await?;
    show(&app).await?;
    Ok(answer(&mut HttpResponse::Created(), &posted, at))
}

/// Change a notice
#[utoipa::path(
    tag = "directory desk",
    security(("bearer" = ["keep_directory"])),
    params(("id" = Uuid, Path, description = "The notice")),
    responses(
        (status = 200, description = "As it is now", body = PostingView<'_>),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
        (status = 409, description = "Problem `action_not_allowed`: it was withdrawn"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    )
)]
#[patch("/v1/desk/notices/{id}")]
pub(super) async fn change_notice(
    app: Data<App>,
    by: Clerk,
    Path(id): Path<PostingId>,
    IfMatch(seen): IfMatch,
    Json(body): Json<ChangeNotice>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let (at, change) = (now.at, body.checked(&app.snapshot())?);
    let put =
        move |tx: &mut Transaction<'_>| directory::change_notice(tx, &now, &by, (id, seen), change);
    let changed = app.database.write(put).await?;
    show(&app).await?;
    Ok(answer(&mut HttpResponse::Ok(), &changed, at))
}

/// Withdraw a notice
///
/// From now on nobody is shown it.
#[utoipa::path(
    tag = "directory desk",
    security(("bearer" = ["keep_directory"])),
    params(("id" = Uuid, Path, description = "The notice")),
    responses(
        (status = 200, description = "Withdrawn", body = PostingView<'_>),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
        (status = 409, description = "Problem `action_not_allowed`: it was withdrawn before"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    )
)]
#[post("/v1/desk/notices/{id}/withdraw")]
pub(super) async fn withdraw_notice(
    app: Data<App>,
    by: Clerk,
    Path(id): Path<PostingId>,
    IfMatch(seen): IfMatch,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let at = now.at;
    let put = move |tx: &mut Transaction<'_>| directory::withdraw_notice(tx, &now, &by, (id, seen));
    let withdrawn = app.database.write(put).await?;
    show(&app).await?;
    Ok(answer(&mut HttpResponse::Ok(), &withdrawn, at))
}
