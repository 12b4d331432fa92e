//! What strangers see: published reports, and nothing else.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    StoreError,
    feedback::{self, FeedbackRepository as _, Followed, PublicFilter, ReportName},
    territory::CommuneCode,
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{
    filters::{self, Around, PUBLIC_FEEDBACK, Rectangle, Statuses},
    view::ReportView,
};
use crate::{
    App,
    extract::{Path, Query},
    lookup::{self, Freshness},
    page::PageView,
    problem::{ApiError, Code},
};

/// Which published reports.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PublicQuery {
    /// Inside `west,south,east,north`, degrees.
    #[param(value_type = Option<String>, example = "105.7,21.5,105.9,21.7")]
    bbox: Option<Rectangle>,
    /// Around `lat,lon`, degrees.
    #[param(value_type = Option<String>, example = "21.5942,105.8482")]
    near: Option<Around>,
    /// How far around, in metres: 1,000 when absent, at most 50,000.
    radius_m: Option<f64>,
    /// Of this category, or of this group.
    category: Option<String>,
    /// At one of these statuses, separated by commas.
    #[param(value_type = Option<String>)]
    status: Option<Statuses>,
    /// In this commune.
    #[param(value_type = Option<String>)]
    commune: Option<CommuneCode>,
    /// With these words, with or without marks.
    q: Option<String>,
    /// Changed after this instant.
    updated_after: Option<DateTime<Utc>>,
    /// Where to go on.
    cursor: Option<String>,
    /// At most so many rows: 20 when absent, at most 100.
    limit: Option<usize>,
}

impl PublicQuery {
    fn filter(self, app: &App) -> Result<PublicFilter, ApiError> {
        Ok(PublicFilter {
            bounds: self.bbox.map(|rectangle| rectangle.0),
            near: self.near.map(|around| around.circle(self.radius_m)).transpose()?,
            categories: filters::categories(&app.feedback.categories(), self.category.as_deref())?,
            statuses: self.status.unwrap_or_default().0,
            commune: self.commune,
            words: self.q.map(|q| text::fold(&q)).filter(|words| !words.is_empty()),
            updated_after: self.updated_after,
        })
    }
}

/// What was published, the latest first.
#[utoipa::path(
    tag = "feedback",
    params(PublicQuery),
    responses(
        (status = 200, description = "Published reports", body = PageView<ReportView>),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    ),
)]
#[get("/v1/feedback")]
pub(super) async fn list(
    app: Data<App>,
    request: HttpRequest,
    Query(query): Query<PublicQuery>,
) -> Result<HttpResponse, ApiError> {
    let stretch = filters::stretch(PUBLIC_FEEDBACK, query.cursor.as_deref(), query.limit)?;
    let filter = query.filter(&app)?;
    let page = app.database.read(move |tx| tx.published(&filter, stretch)).await?;
    let view = filters::page(PUBLIC_FEEDBACK, page, ReportView::from);
    Ok(public(&request, &view))
}

/// One published report, by its id or its code.
#[utoipa::path(
    tag = "feedback",
    params(("name" = String, Path, description = "The id or the tracking code")),
    responses(
        (status = 200, description = "The report", body = ReportView),
        (status = 304, description = "As in `If-None-Match`"),
        (status = 404, description = "Problem `not_found`: none, or not public"),
    ),
)]
#[get("/v1/feedback/{name}")]
pub(super) async fn detail(
    app: Data<App>,
    request: HttpRequest,
    Path(name): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let name: ReportName = name.parse().map_err(|_| ApiError::new(Code::NotFound))?;
    let followed = app
        .database
        .read(move |tx| {
            let report = feedback::published(tx, &name)?;
            report.map(|report| Followed::of(tx, report)).transpose()
        })
        .await
        .map_err(|error: StoreError| ApiError::from(error))?
        .ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(public(&request, &ReportView::public(followed)))
}

/// `view` under the tag of its content. It is not kept without asking: what is hidden has to be
/// gone at once.
fn public(request: &HttpRequest, view: &impl Serialize) -> HttpResponse {
    lookup::send_new(request, view, Freshness::Withdrawable)
}
