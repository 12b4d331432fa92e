//! What officers have to answer.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    audit,
    feedback::{self, ActError, Followed, IntakeRepository as _, ReportId},
};

use super::query::{self, QueueQuery};
use crate::{
    App,
    extract::{Path, Query},
    feedback::{
        desk_view::DeskReportView,
        filters::{self, FEEDBACK_QUEUE},
        view::private,
    },
    identity::{By, Officer},
    page::PageView,
    problem::ApiError,
};

/// What the desk has to answer, the one due first first.
///
/// An officer sees what their agency and those below it have to answer; those of the province see
/// everything. `filter` names a saved filter; what else is asked takes the place of what it asks.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(QueueQuery),
    responses(
        (status = 200, description = "The queue", body = PageView<DeskReportView>),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/desk/feedback")]
pub(in crate::feedback) async fn queue(
    app: Data<App>,
    By(officer): Officer,
    Query(query): Query<QueueQuery>,
) -> Result<HttpResponse, ApiError> {
    let at = app.now().at;
    let stretch = filters::stretch(FEEDBACK_QUEUE, query.cursor.as_deref(), query.limit)?;
    let saved = query::saved(&app, &officer, query.filter).await?;
    let filter = query.over(saved).filter(&app, officer.staff(), at)?;
    let page = app.database.read(move |tx| feedback::queue(tx, &officer, filter, stretch)).await?;
    let view = |report| DeskReportView::new(report, at);
    Ok(HttpResponse::Ok().json(filters::page(FEEDBACK_QUEUE, page, view)))
}

/// One report of the desk, with everything that happened to it.
///
/// Its `ETag` is what an edit names in `If-Match`.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    params(("id" = Uuid, Path, description = "The id of the report")),
    responses(
        (status = 200, description = "The report", body = DeskReportView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 404, description = "Problem `not_found`: none, or none of this desk"),
    ),
)]
#[get("/v1/desk/feedback/{id}")]
pub(in crate::feedback) async fn detail(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let at = now.at;
    let found = app
        .database
        .write(move |tx| {
            let report = feedback::in_scope(tx, &officer, id)?;
            audit::record_opening(tx, &now, officer.staff(), "feedback.opened", &id, None)?;
            let intake = tx.intake_of(id)?;
            Ok::<_, ActError>((Followed::of(tx, report)?, intake))
        })
        .await?;
    let version = found.0.report.version.0;
    Ok(private(version, &DeskReportView::followed(&app, found, at)))
}
