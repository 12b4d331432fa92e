//! What officers have to answer.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    StoreError, audit,
    directory::AgencyCode,
    feedback::{self, ActError, Followed, QueueFilter, Report, ReportId, Status, Supports as _},
    identity::StaffId,
    territory::CommuneCode,
};
use infra::database::Transaction;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    desk_view::DeskReportView,
    filters::{self, FEEDBACK_QUEUE, Statuses},
    view::private,
};
use crate::{
    App,
    extract::{Path, Query},
    identity::Officer,
    page::PageView,
    problem::ApiError,
};

/// Which reports of the desk.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueQuery {
    /// At one of these statuses, separated by commas; when absent, whatever waits for an answer.
    #[param(value_type = Option<String>)]
    status: Option<Statuses>,
    /// Of this category, or of this group.
    category: Option<String>,
    /// In this commune.
    #[param(value_type = Option<String>)]
    commune: Option<CommuneCode>,
    /// That this agency has to answer.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    /// That this officer has.
    #[param(value_type = Option<Uuid>)]
    assignee: Option<StaffId>,
    /// Only what should have been answered by now.
    #[serde(default)]
    overdue: bool,
    /// Where to go on.
    cursor: Option<String>,
    /// At most so many rows: 20 when absent, at most 100.
    limit: Option<usize>,
}

/// What the desk has to answer, the one due first first.
///
/// An officer sees what their agency and those below it have to answer; those of the province see
/// everything.
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
pub(super) async fn queue(
    app: Data<App>,
    officer: Officer,
    Query(query): Query<QueueQuery>,
) -> Result<HttpResponse, ApiError> {
    let at = app.now().at;
    let stretch = filters::stretch(FEEDBACK_QUEUE, query.cursor.as_deref(), query.limit)?;
    let filter = QueueFilter {
        statuses: query.status.map_or(Status::OPEN.to_vec(), |statuses| statuses.0),
        categories: filters::categories(app.feedback.categories(), query.category.as_deref())?,
        commune: query.commune,
        due_before: query.overdue.then_some(at),
        agencies: query.agency.into(),
        assignee: query.assignee,
    };
    let look = move |tx: &mut Transaction<'_>| {
        let page = feedback::queue(tx, &officer, filter, stretch)?;
        let supports = supports(tx, &page.items)?;
        Ok::<_, StoreError>((page, supports))
    };
    let (page, supports) = app.database.read(look).await?;
    let count = |id| supports.iter().find(|(of, _)| *of == id).map_or(0, |(_, count)| *count);
    let view = |report: Report| {
        let supports = count(report.id);
        DeskReportView::new(report, at).supported(&app, supports)
    };
    Ok(HttpResponse::Ok().json(filters::page(FEEDBACK_QUEUE, page, view)))
}

/// How many support each of `reports` that strangers see.
fn supports(
    tx: &mut Transaction<'_>,
    reports: &[Report],
) -> Result<Vec<(ReportId, i64)>, StoreError> {
    let published = reports.iter().filter(|report| report.published_at.is_some());
    tx.supports_of(&published.map(|report| report.id).collect::<Vec<_>>())
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
pub(super) async fn detail(
    app: Data<App>,
    officer: Officer,
    Path(id): Path<ReportId>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let at = now.at;
    let (followed, supports) = app
        .database
        .write(move |tx| {
            let report = feedback::in_scope(tx, &officer, id)?;
            audit::record_opening(tx, &now, officer.staff(), "feedback.opened", &id, None)?;
            let supports = supports(tx, std::slice::from_ref(&report))?;
            Ok::<_, ActError>((Followed::of(tx, report)?, supports))
        })
        .await?;
    let supports = supports.first().map_or(0, |(_, count)| *count);
    let version = followed.report.version.0;
    let view = DeskReportView::followed(&app, followed, at).supported(&app, supports);
    Ok(private(version, &view))
}
