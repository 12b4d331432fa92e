//! What one officer has to do, at a glance.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::feedback::{self, Load, Work};
use serde::Serialize;
use utoipa::ToSchema;

use super::order;
use crate::{
    App,
    extract::Query,
    feedback::desk_view::DeskReportView,
    identity::Officer,
    page::{self, PageQuery, PageView},
    problem::{ApiError, Code, FieldCode},
};

/// What the officer has to do.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct WorkView {
    /// How many of their reports wait for an answer.
    open: usize,
    /// Of these, how many should have been answered by now.
    overdue: usize,
    /// How many are due before the day ends.
    due_today: usize,
    /// How many are due within three days, not counting today.
    due_soon: usize,
    /// How many wait for their reporter.
    needs_info: usize,
    /// How many of the officer's agency nobody has, at most 100.
    unassigned: usize,
    /// The open ones by where they stand.
    by_status: BTreeMap<&'static str, usize>,
    /// The open ones by category.
    by_category: BTreeMap<String, usize>,
    /// What is due first; it goes on in `GET /v1/desk/feedback?assignee=me`.
    next: PageView<DeskReportView>,
}

impl WorkView {
    fn new(Work { load, next, unassigned }: Work, at: DateTime<Utc>) -> Self {
        let Load { open, overdue, due_today, due_soon, needs_info, by_status, by_category } = load;
        let next = order::page(None, next, |report| DeskReportView::new(report, at));
        Self {
            open,
            overdue,
            due_today,
            due_soon,
            needs_info,
            unassigned,
            by_status,
            by_category,
            next,
        }
    }
}

/// My work
///
/// How much of it there is, what presses, and what is due first. Two looks at the store, however
/// many reports the officer has.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(PageQuery),
    responses(
        (status = 200, description = "What the officer has to do", body = WorkView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
    ),
)]
#[get("/v1/desk/work")]
pub(in crate::feedback) async fn my_work(
    app: Data<App>,
    officer: Officer,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    if query.cursor.is_some() {
        let elsewhere = ApiError::new(Code::InvalidQuery);
        return Err(elsewhere.with_field("/query/cursor", FieldCode::UnknownField));
    }
    let (at, limit) = (app.now().at, page::limit(query.limit)?);
    let look =
        move |tx: &mut infra::database::Transaction<'_>| feedback::work(tx, &officer, at, limit);
    let work = app.database.read(look).await?;
    Ok(HttpResponse::Ok().json(WorkView::new(work, at)))
}
