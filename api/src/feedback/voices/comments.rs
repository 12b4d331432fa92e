//! What people say about published reports.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    feedback::{
        self, Comment, CommentError, CommentId, CommentRepository as _, CommentStatus, REASON,
        Saying, masked,
    },
    idempotency::{OnceError, once},
    page::Page,
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    extract::{Json, Path, Query, Repeatable, stale},
    feedback::public::named,
    identity::Citizen,
    lookup::{self, Freshness},
    page::{self, PageQuery, PageView},
    problem::{ApiError, Code},
};

/// What is said about a report, in its cursors.
const COMMENTS: &str = "feedback-comments";
/// What I said.
const MINE: &str = "my-feedback-comments";

/// What somebody thinks of a report.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct CommentFeedback {
    /// 1 to 1,000 characters.
    text: String,
}

/// A comment as strangers see it. Nobody is named, and numbers are covered.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct CommentView {
    /// Its id.
    id: Uuid,
    /// What was said.
    text: String,
    /// When.
    at: DateTime<Utc>,
}

/// A comment as its author sees it.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct OwnCommentView {
    /// Its id.
    id: Uuid,
    /// The report.
    report_id: Uuid,
    /// What was said.
    text: String,
    /// When.
    at: DateTime<Utc>,
    /// `pending` until an officer has read it, then `published` or `rejected`.
    #[schema(value_type = String, example = "pending")]
    status: CommentStatus,
}

impl From<Comment> for CommentView {
    fn from(comment: Comment) -> Self {
        Self { id: comment.id.uuid(), text: masked(&comment.text), at: comment.at }
    }
}

impl From<Comment> for OwnCommentView {
    fn from(comment: Comment) -> Self {
        let Comment { id, report, text, at, status, .. } = comment;
        Self { id: id.uuid(), report_id: report.uuid(), text, at, status }
    }
}

impl From<CommentError> for ApiError {
    fn from(error: CommentError) -> Self {
        match error {
            CommentError::NotFound => Self::new(Code::NotFound),
            CommentError::Stale(version) => stale(version.0),
            CommentError::TooMany(error) => error.into(),
            CommentError::Store(error) => error.into(),
        }
    }
}

/// Where a list of comments goes on.
pub(super) fn stretch(
    list: &str,
    query: &PageQuery,
) -> Result<(Option<CommentId>, usize), ApiError> {
    let after: Option<CommentId> =
        query.cursor.as_deref().map(|cursor| page::key(list, cursor)).transpose()?;
    Ok((after, page::limit(query.limit)?))
}

/// A page of `list`.
pub(super) fn paged<T: From<Comment>>(list: &str, page: Page<Comment, CommentId>) -> PageView<T> {
    PageView {
        items: page.items.into_iter().map(T::from).collect(),
        next_cursor: page.next.map(|last| page::cursor(list, &last)),
    }
}

/// Says something about a report.
///
/// Strangers read it once an officer has. At most a few at once, then two an hour.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    params(
        ("name" = String, Path, description = "The id or the tracking code"),
        ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours"),
    ),
    request_body = CommentFeedback,
    responses(
        (status = 201, description = "It waits for an officer", body = OwnCommentView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 404, description = "Problem `not_found`: none, or not public"),
        (status = 422, description = "Problem `validation_failed` or `idempotency_key_reused`"),
        (status = 429, description = "Problem `rate_limited`"),
    ),
)]
#[post("/v1/feedback/{name}/comments")]
pub(in crate::feedback) async fn say(
    app: Data<App>,
    citizen: Citizen,
    Path(name): Path<String>,
    key: Repeatable,
    Json(body): Json<CommentFeedback>,
) -> Result<HttpResponse, ApiError> {
    let operation = format!("feedback.comment {name}");
    let key = key.bind(&*app.keys, &operation, Some(citizen.id.uuid()), &body);
    let text = Saying::parse(("text", REASON), &body.text)?;
    let (name, now, keys) = (named(&name)?, app.now(), app.keys.clone());
    let work = move |tx: &mut Transaction<'_>| {
        let said = once(tx, &now, key.as_ref(), |tx| {
            feedback::comment(tx, &now, &*keys, &name, citizen.id, text).map(|comment| comment.id)
        })?;
        tx.comment(said)?.ok_or(OnceError::Work(CommentError::NotFound))
    };
    let comment = app.database.write(work).await?;
    Ok(HttpResponse::Created().json(OwnCommentView::from(comment)))
}

/// What is said about a report, oldest first.
#[utoipa::path(
    tag = "feedback",
    params(("name" = String, Path, description = "The id or the tracking code"), PageQuery),
    responses(
        (status = 200, description = "Published comments", body = PageView<CommentView>),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 404, description = "Problem `not_found`: none, or not public"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/feedback/{name}/comments")]
pub(in crate::feedback) async fn read(
    app: Data<App>,
    request: HttpRequest,
    Path(name): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let ((after, limit), name) = (stretch(COMMENTS, &query)?, named(&name)?);
    let look = move |tx: &mut Transaction<'_>| feedback::comments(tx, &name, after, limit);
    let page = app.database.read(look).await?;
    let view = paged::<CommentView>(COMMENTS, page);
    Ok(lookup::send_new(&request, &view, Freshness::Withdrawable))
}

/// What I said about reports, the latest first.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    params(PageQuery),
    responses(
        (status = 200, description = "My comments", body = PageView<OwnCommentView>),
        (status = 401, description = "Problem `unauthorized`"),
    ),
)]
#[get("/v1/me/feedback/comments")]
pub(in crate::feedback) async fn mine(
    app: Data<App>,
    citizen: Citizen,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    use domain::feedback::CommentRepository as _;
    let (after, limit) = stretch(MINE, &query)?;
    let page = app.database.read(move |tx| tx.comments_of(citizen.id, after, limit)).await?;
    Ok(HttpResponse::Ok().json(paged::<OwnCommentView>(MINE, page)))
}

/// Takes a comment of mine back. It is gone.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The comment")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 404, description = "Problem `not_found`: none, or not the caller's"),
    ),
)]
#[delete("/v1/me/feedback/comments/{id}")]
pub(in crate::feedback) async fn take_back(
    app: Data<App>,
    citizen: Citizen,
    Path(id): Path<CommentId>,
) -> Result<HttpResponse, ApiError> {
    app.database.write(move |tx| feedback::take_back(tx, citizen.id, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
