//! What was reported for a business.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    feedback::{self, ReportId},
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
    /// it.
    tracking_token: String,
}

impl BusinessReportView {
    fn new(app: &App, id: ReportId, site: Option<Uuid>, report: OwnReportView) -> Self {
        let token = feedback::tracking_token(&*app.keys, id);
        let tracking_token = capability::write(TOKEN_PREFIX, token);
        Self { report, site_id: site, tracking_token }
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
    let page = app.database.read(look).await?;
    let view = |report: feedback::Report| {
        let site = report.course.business.and_then(|business| business.site);
        let (id, site) = (report.id, site.map(domain::Id::uuid));
        BusinessReportView::new(&app, id, site, OwnReportView::new(&app, report))
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
    let look = move |tx: &mut Transaction<'_>| feedback::report_of_business(tx, &agent, named);
    let followed = app.database.read(look).await?;
    let (id, version) = (followed.report.id, followed.report.version.0);
    let site = followed.report.course.business.and_then(|business| business.site);
    let view = OwnReportView::followed(&app, followed, None);
    let view = BusinessReportView::new(&app, id, site.map(domain::Id::uuid), view);
    Ok(private(version, &view))
}
