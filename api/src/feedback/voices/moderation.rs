//! Comments as officers read them, before anybody else does.

use actix_web::{HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::feedback::{self, Comment, CommentId, CommentStatus, Verdict, Version};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};
use uuid::Uuid;

use super::comments::{paged, stretch};
use crate::{
    App,
    extract::{IfMatch, Path, Query},
    feedback::view::private,
    identity::Officer,
    page::{PageQuery, PageView},
    problem::ApiError,
};

/// The list of what waits, in its cursors.
const WAITING: &str = "desk-comments";

/// A comment as officers read it. They do not see whose it is.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct DeskCommentView {
    /// Its id.
    id: Uuid,
    /// The version to name in `If-Match`, in quotation marks.
    version: i64,
    /// The report.
    report_id: Uuid,
    /// What was said.
    text: String,
    /// When.
    at: DateTime<Utc>,
    /// `pending`, `published` or `rejected`.
    #[schema(value_type = String, example = "pending")]
    status: CommentStatus,
}

impl From<Comment> for DeskCommentView {
    fn from(comment: Comment) -> Self {
        Self {
            id: comment.id.uuid(),
            version: comment.version.0,
            report_id: comment.report.uuid(),
            text: comment.text,
            at: comment.at,
            status: comment.status,
        }
    }
}

/// How it can end.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it only describes the interface")]
enum VerdictResponses {
    /// It is decided.
    #[response(status = 200)]
    Decided(DeskCommentView),
    /// Problem `unauthorized`.
    #[response(status = 401)]
    Unauthorized,
    /// Problem `forbidden`: not an officer.
    #[response(status = 403)]
    Forbidden,
    /// Problem `not_found`: none, or about a report of another desk.
    #[response(status = 404)]
    NotFound,
    /// Problem `precondition_failed`: it has changed, and `ETag` says to what.
    #[response(status = 412)]
    Stale,
    /// Problem `precondition_required`: `If-Match` is missing.
    #[response(status = 428)]
    Unseen,
}

/// Comments that no officer has read, oldest first.
///
/// Those about the reports of one's own agency and of those below it.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(PageQuery),
    responses(
        (status = 200, description = "The comments", body = PageView<DeskCommentView>),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/desk/comments")]
pub(in crate::feedback) async fn waiting(
    app: Data<App>,
    officer: Officer,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (after, limit) = stretch(WAITING, &query)?;
    let look = move |tx: &mut infra::database::Transaction<'_>| {
        feedback::waiting_comments(tx, &officer, after, limit)
    };
    let page = app.database.read(look).await?;
    Ok(HttpResponse::Ok().json(paged::<DeskCommentView>(WAITING, page)))
}

async fn judge(
    app: &App,
    officer: Officer,
    seen: (CommentId, i64),
    verdict: Verdict,
) -> Result<HttpResponse, ApiError> {
    let (now, seen) = (app.now(), (seen.0, Version(seen.1)));
    let comment =
        app.database.write(move |tx| feedback::judge(tx, &now, &officer, seen, verdict)).await?;
    Ok(private(comment.version.0, &DeskCommentView::from(comment)))
}

/// Has everybody read a comment.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The comment"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    responses(VerdictResponses),
)]
#[post("/v1/desk/comments/{id}/publish")]
pub(in crate::feedback) async fn publish(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<CommentId>,
    IfMatch(saw): IfMatch,
) -> Result<HttpResponse, ApiError> {
    judge(&app, officer, (id, saw), Verdict::Publish).await
}

/// Keeps a comment from everybody but its author, also where it was published.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The comment"),
           ("If-Match" = String, Header, description = "The `version` that the officer saw")),
    responses(VerdictResponses),
)]
#[post("/v1/desk/comments/{id}/reject")]
pub(in crate::feedback) async fn reject(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<CommentId>,
    IfMatch(saw): IfMatch,
) -> Result<HttpResponse, ApiError> {
    judge(&app, officer, (id, saw), Verdict::Reject).await
}
