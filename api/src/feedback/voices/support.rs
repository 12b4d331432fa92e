//! Me too.

use actix_web::{HttpRequest, HttpResponse, delete, post, web::Data};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    feedback::{self, PublicReport, SupportError, Supporter},
    secret::{Hasher as _, Purpose},
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    App,
    extract::{Json, Path, Query},
    feedback::public::named,
    identity::Caller,
    limits::Limited,
    problem::{ApiError, Code, FieldCode},
};

/// The bytes of a secret that a device may have.
const SECRET: std::ops::RangeInclusive<usize> = 16..=32;

/// Who says that a report concerns them, where they are not signed in.
#[derive(Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::feedback) struct SupportFeedback {
    /// A secret of the device: 16 to 32 random bytes in base64url, made once and kept by the app.
    /// Not needed by who is signed in.
    device: Option<String>,
}

/// How many support a report now.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct SupportView {
    /// The report.
    id: Uuid,
    /// Whether the caller is among them.
    supported: bool,
    /// How many they are.
    supports: i64,
}

impl SupportView {
    fn of(report: &PublicReport, supported: bool) -> Self {
        Self { id: report.id.uuid(), supported, supports: report.supports }
    }
}

impl From<SupportError> for ApiError {
    fn from(error: SupportError) -> Self {
        match error {
            SupportError::NotFound => Self::new(Code::NotFound),
            SupportError::Own => Self::new(Code::OwnReport),
            SupportError::TooMany(error) => error.into(),
            SupportError::Store(error) => error.into(),
        }
    }
}

impl SupportFeedback {
    /// Who calls: by account, or else by the secret of their device.
    fn supporter(
        self,
        app: &App,
        request: &HttpRequest,
        caller: &Caller,
        pointer: &str,
    ) -> Result<Supporter, ApiError> {
        match caller {
            Caller::Citizen(citizen) => return Ok(Supporter::Citizen(citizen.id)),
            Caller::Staff(_) => return Err(ApiError::new(Code::Forbidden)),
            Caller::Invalid => return Err(ApiError::new(Code::Unauthorized)),
            Caller::Anonymous => {}
        }
        let device = self.device.ok_or_else(|| ApiError::new(Code::Unauthorized))?;
        let secret = URL_SAFE_NO_PAD.decode(device).ok();
        let secret = secret
            .filter(|secret| SECRET.contains(&secret.len()))
            .ok_or_else(|| ApiError::field(pointer, FieldCode::WrongForm))?;
        Ok(Supporter::Device {
            secret: app.keys.digest(Purpose::Source, &[b"device", &secret]),
            source: app.source(app.limits.source(request)),
        })
    }
}

/// Says that a report concerns the caller, too.
///
/// Once for each account, or for each device where nobody is signed in; said again it changes
/// nothing.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    params(("name" = String, Path, description = "The id or the tracking code")),
    request_body = SupportFeedback,
    responses(
        (status = 200, description = "It is counted", body = SupportView),
        (status = 401, description = "Problem `unauthorized`: neither account nor device"),
        (status = 404, description = "Problem `not_found`: none, or not public"),
        (status = 409, description = "Problem `own_report`"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 429, description = "Problem `rate_limited`"),
    ),
)]
#[post("/v1/feedback/{name}/support")]
pub(in crate::feedback) async fn support(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    Path(name): Path<String>,
    Json(body): Json<SupportFeedback>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::Voice, &request)?;
    let supporter = body.supporter(&app, &request, &caller, "/device")?;
    let (name, now, keys) = (named(&name)?, app.now(), app.keys.clone());
    let work =
        move |tx: &mut Transaction<'_>| feedback::support(tx, &now, &*keys, &name, supporter);
    let report = app.database.write(work).await?;
    Ok(HttpResponse::Ok().json(SupportView::of(&report, true)))
}

/// Takes that back.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    params(("name" = String, Path, description = "The id or the tracking code"), SupportFeedback),
    responses(
        (status = 200, description = "It is not counted any more", body = SupportView),
        (status = 401, description = "Problem `unauthorized`: neither account nor device"),
        (status = 404, description = "Problem `not_found`: none, or not public"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 429, description = "Problem `rate_limited`"),
    ),
)]
#[delete("/v1/feedback/{name}/support")]
pub(in crate::feedback) async fn withdraw(
    app: Data<App>,
    request: HttpRequest,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<SupportFeedback>,
) -> Result<HttpResponse, ApiError> {
    app.limits.admit(Limited::Voice, &request)?;
    let supporter = query.supporter(&app, &request, &caller, "/query/device")?;
    let (name, keys) = (named(&name)?, app.keys.clone());
    let work =
        move |tx: &mut Transaction<'_>| feedback::withdraw_support(tx, &*keys, &name, supporter);
    let report = app.database.write(work).await?;
    Ok(HttpResponse::Ok().json(SupportView::of(&report, false)))
}
