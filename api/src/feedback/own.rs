//! Following one's own report.

use actix_web::{HttpResponse, get, web::Data};
use domain::{
    StoreError,
    feedback::{self, Claim, FeedbackRepository as _, Followed, TrackingCode},
};
use infra::database::Transaction;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    TOKEN_PREFIX,
    filters::{self, MY_FEEDBACK},
    own_view::OwnReportView,
    view::private,
};
use crate::{
    App, capability,
    extract::{Path, Query},
    identity::{Bearer, Caller, Citizen},
    page::{PageQuery, PageView},
    problem::{ApiError, Code},
};

/// The token in the address, for links.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Token {
    /// The tracking token; better sent as `Authorization: Bearer ctn_f_..`.
    token: Option<String>,
}

/// What the caller shows for a report to be theirs. What shows nothing finds nothing.
pub(super) fn claim(caller: Caller, token: Option<&str>) -> Result<Claim, ApiError> {
    match (token.map(|token| capability::read(TOKEN_PREFIX, token)), caller) {
        (Some(Some(token)), _) => Ok(Claim::Token(token)),
        (None, Caller::Citizen(citizen)) => Ok(Claim::Citizen(citizen.id)),
        (None, Caller::Anonymous | Caller::Invalid) => Err(ApiError::new(Code::Unauthorized)),
        (None, Caller::Staff(_)) | (Some(None), _) => Err(ApiError::new(Code::NotFound)),
    }
}

/// One's own report, by its code.
///
/// With the tracking token that was given out when it arrived, or signed in as its reporter.
/// Whatever else is tried, the answer is the same: there is no such report.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    params(("code" = String, Path, description = "The tracking code, however it is typed"), Token),
    responses(
        (status = 200, description = "The report", body = OwnReportView),
        (status = 401, description = "Problem `unauthorized`: neither token nor account"),
        (status = 404, description = "Problem `not_found`"),
    ),
)]
#[get("/v1/feedback/track/{code}")]
pub(super) async fn track(
    app: Data<App>,
    caller: Caller,
    Bearer(bearer): Bearer,
    Path(code): Path<TrackingCode>,
    Query(query): Query<Token>,
) -> Result<HttpResponse, ApiError> {
    let claim = claim(caller, bearer.or(query.token).as_deref())?;
    let (keys, at) = (app.keys.clone(), app.now().at);
    let look = move |tx: &mut Transaction<'_>| {
        let Some(report) = feedback::track(tx, &*keys, &code, claim)? else { return Ok(None) };
        let estimate = feedback::estimate(tx, &report, at)?;
        Ok::<_, StoreError>(Some((Followed::of(tx, report)?, estimate)))
    };
    let tracked = app.database.read(look).await?;
    let (followed, estimate) = tracked.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(private(followed.report.version.0, &OwnReportView::followed(&app, followed, estimate)))
}

/// What I have reported, the newest first. Not what I reported anonymously.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    params(PageQuery),
    responses(
        (status = 200, description = "My reports", body = PageView<OwnReportView>),
        (status = 401, description = "Problem `unauthorized`"),
    ),
)]
#[get("/v1/me/feedback")]
pub(super) async fn mine(
    app: Data<App>,
    citizen: Citizen,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let stretch = filters::stretch(MY_FEEDBACK, query.cursor.as_deref(), query.limit)?;
    let page = app.database.read(move |tx| tx.of_citizen(citizen.id, stretch)).await?;
    Ok(HttpResponse::Ok()
        .json(filters::page(MY_FEEDBACK, page, |report| OwnReportView::new(&app, report))))
}
