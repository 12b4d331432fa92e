//! What was reported for a business.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    Id,
    feedback::{self, BusinessReport, OnBehalf, Report, ReportId},
    identity::business::BusinessId,
};
use infra::database::Transaction;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    TOKEN_PREFIX,
    filters::{self, BUSINESS_FEEDBACK},
    own_view::OwnReportView,
    view::private,
};
use crate::{
    App, capability,
    extract::{Path, Query},
    identity::Agent,
    page::{PageQuery, PageView},
    problem::ApiError,
};

/// A report for a business, as those see it who act for it.
#[derive(Serialize, ToSchema)]
pub(super) struct BusinessReportView {
    #[serde(flatten)]
    report: OwnReportView,
    /// The site of the business that it is about.
    site_id: Option<Uuid>,
    /// Whoever acts for the business answers, rates, has it opened again, appeals and withdraws with
    /// it; absent for a key that may not `feedback.write`.
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_token: Option<String>,
}

impl BusinessReportView {
    /// The report of this id, as its reporter sees it; with what it takes to act as its reporter
    /// where the caller `may_report`.
    fn new(
        app: &App,
        (id, business): (ReportId, Option<OnBehalf>),
        may_report: bool,
        report: OwnReportView,
    ) -> Self {
        let site = business.and_then(|business| business.site);
        let token = || capability::write(TOKEN_PREFIX, feedback::tracking_token(&*app.keys, id));
        Self {
            report: if may_report { report } else { report.without_tokens() },
            site_id: site.map(Id::uuid),
            tracking_token: may_report.then(token),
        }
    }
}

/// What was reported for a business
///
/// By its people and by its systems, the newest first, for its people and for a key that may
/// `feedback.read`.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["act_for_business"])),
    params(("id" = Uuid, Path, description = "The business"), PageQuery),
    responses(
        (status = 200, description = "The reports", body = PageView<BusinessReportView>),
        (status = 403, description = "Problem `forbidden`: the key may not see them"),
        (status = 404, description = "Problem `not_found`: none that the caller acts for"),
    ),
)]
#[get("/v1/businesses/{id}/feedback")]
pub(super) async fn list(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let stretch = filters::stretch(BUSINESS_FEEDBACK, query.cursor.as_deref(), query.limit)?;
    let look =
        move |tx: &mut Transaction<'_>| feedback::reports_of_business(tx, &agent, id, stretch);
    let (page, may_report) = app.database.read(look).await?;
    let view = |report: Report| {
        let named = (report.id, report.course.business);
        BusinessReportView::new(&app, named, may_report, OwnReportView::new(&app, report))
    };
    Ok(HttpResponse::Ok().json(filters::page(BUSINESS_FEEDBACK, page, view)))
}

/// One report for a business
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["act_for_business"])),
    params(("id" = Uuid, Path, description = "The business"),
           ("report" = Uuid, Path, description = "The report")),
    responses(
        (status = 200, description = "The report", body = BusinessReportView),
        (status = 403, description = "Problem `forbidden`: the key may not see it"),
        (status = 404, description = "Problem `not_found`: none of a business that the caller acts for"),
    ),
)]
#[get("/v1/businesses/{id}/feedback/{report}")]
pub(super) async fn detail(
    app: Data<App>,
    Agent(agent): Agent,
    Path(named): Path<(BusinessId, ReportId)>,
) -> Result<HttpResponse, ApiError> {
    let at = app.now().at;
    let look = move |tx: &mut Transaction<'_>| feedback::report_of_business(tx, &agent, named, at);
    let BusinessReport { followed, estimate, may_report } = app.database.read(look).await?;
    let report = &followed.report;
    let (version, named) = (report.version.0, (report.id, report.course.business));
    let view = OwnReportView::followed(&app, followed, estimate);
    Ok(private(version, &BusinessReportView::new(&app, named, may_report, view)))
}
