//! What officers have to answer.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    StoreError, audit,
    feedback::{self, ActError, Followed, IntakeRepository as _, Report, ReportId, Supports as _},
};
use infra::database::Transaction;

use super::{
    order,
    query::{self, QueueQuery},
};
use crate::{
    App,
    extract::{Path, Query},
    feedback::{desk_view::DeskReportView, view::private},
    identity::{By, Officer},
    page::PageView,
    problem::ApiError,
};

/// What the desk has to answer, the one due first first, or as `sort` says.
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
    let saved = query::saved(&app, &officer, query.filter).await?;
    let query = query.over(saved);
    let stretch = order::stretch(query.sort, query.cursor.as_deref(), query.limit)?;
    let filter = query.filter(&app, officer.staff(), at)?;
    let look = move |tx: &mut Transaction<'_>| {
        let page = feedback::queue(tx, &officer, filter, stretch)?;
        let supports = supports(tx, &page.items)?;
        Ok::<_, StoreError>((page, supports))
    };
    let (page, supports) = app.database.read(look).await?;
    let view = |report: Report| {
        let count = supports.iter().find(|(of, _)| *of == report.id).map_or(0, |(_, count)| *count);
        DeskReportView::new(report, at).supported(count)
    };
    Ok(HttpResponse::Ok().json(order::page(stretch.by, page, view)))
}

/// How many support each of `reports`.
fn supports(
    tx: &mut Transaction<'_>,
    reports: &[Report],
) -> Result<Vec<(ReportId, i64)>, StoreError> {
    tx.supports_of(&reports.iter().map(|report| report.id).collect::<Vec<_>>())
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
    let (found, supports) = app
        .database
        .write(move |tx| {
            let report = feedback::in_scope(tx, &officer, id)?;
            audit::record_opening(tx, &now, officer.staff(), "feedback.opened", &id, None)?;
            let supports = supports(tx, std::slice::from_ref(&report))?;
            let intake = tx.intake_of(id)?;
            Ok::<_, ActError>(((Followed::of(tx, report)?, intake), supports))
        })
        .await?;
    let supports = supports.first().map_or(0, |(_, count)| *count);
    let version = found.0.report.version.0;
    let view = DeskReportView::followed(&app, found, at).supported(supports);
    Ok(private(version, &view))
}
