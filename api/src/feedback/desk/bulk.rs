//! One step with many reports, each by itself.

use actix_web::{HttpResponse, post, web::Data};
use domain::feedback::{self, Action, Office, ReportId, Step, Version};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    extract::Json,
    feedback::{office, steps},
    identity::{By, Officer},
    problem::{ApiError, FieldCode},
};

/// At most so many reports at once.
const MOST: usize = 100;
/// So many are written at the same time: the store takes them together.
const AT_ONCE: usize = 8;

/// How many of a step are written at the same time. What is merged changes what it is merged into,
/// and two who change one report at once are in each other's way.
const fn at_once(action: Action) -> usize {
    if matches!(action, Action::Merge) { 1 } else { AT_ONCE }
}

/// A report, as the officer saw it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Seen {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: ReportId,
    /// The `version` that the officer saw.
    version: i64,
}

/// One step with many reports.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct BulkStep {
    /// `accept`, `assign`, `start`, `ask`, `resolve`, `reject`, `transfer`, `recategorise`,
    /// `extend`, `prioritise`, `merge`, `unmerge`, `note`, `publish` or `hide`.
    #[schema(value_type = String, example = "assign")]
    action: Action,
    /// The reports, 1 to 100.
    items: Vec<Seen>,
    /// What the step takes when it is done with one report alone: `{"assignee": ..}`.
    #[serde(default)]
    with: Map<String, Value>,
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
struct FieldView {
    /// Where.
    pointer: String,
    /// What.
    code: &'static str,
}

/// What became of one report.
#[derive(Serialize, ToSchema)]
struct DoneView {
    /// Its id.
    id: Uuid,
    /// The status the step would have been answered with alone: 200 where it was taken.
    #[schema(example = 200)]
    status: u16,
    /// Its version now, where the step was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// The code of the problem, where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// What is wrong with the step for this report.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldView>,
}

/// What became of each report, in the order in which they were named.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct BulkView {
    items: Vec<DoneView>,
}

impl DoneView {
    fn new(id: ReportId, result: Result<Version, ApiError>) -> Self {
        let id = id.uuid();
        match result {
            Ok(Version(version)) => {
                Self { id, status: 200, version: Some(version), code: None, errors: Vec::new() }
            }
            Err(error) => {
                let error = error.below("/with");
                let field = |field: &crate::problem::FieldError| FieldView {
                    pointer: field.pointer.clone(),
                    code: field.code.as_str(),
                };
                Self {
                    id,
                    status: error.code().status().as_u16(),
                    version: None,
                    code: Some(error.code().as_str()),
                    errors: error.fields().iter().map(field).collect(),
                }
            }
        }
    }
}

/// Takes one step with many reports, each by itself.
///
/// What keeps it from being taken with one keeps it from no other. Each is guarded by the version
/// that the officer saw, as `If-Match` guards a step with one report.
#[utoipa::path(
    tag = "feedback desk",
    security(("bearer" = ["answer_feedback"])),
    request_body = BulkStep,
    responses(
        (status = 200, description = "What became of each", body = BulkView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 403, description = "Problem `forbidden`: not an officer"),
        (status = 422, description = "Problem `validation_failed`: no step of officers, what it takes \
                                      is missing, no report or more than 100"),
    ),
)]
#[post("/v1/desk/feedback/bulk")]
pub(in crate::feedback) async fn bulk(
    app: Data<App>,
    By(officer): Officer,
    Json(body): Json<BulkStep>,
) -> Result<HttpResponse, ApiError> {
    match body.items.len() {
        0 => return Err(ApiError::field("/items", FieldCode::TooShort)),
        count if count > MOST => return Err(ApiError::field("/items", FieldCode::TooLong)),
        _ => {}
    }
    let at_once = at_once(body.action);
    let step = steps::step_of(&officer, body.action, body.with)?;
    let office = office(&app);
    let done = body.items.into_iter().map(|Seen { id, version }| {
        let step = take(&app, (&office, &officer), (id, Version(version)), step.clone());
        async move { DoneView::new(id, step.await) }
    });
    let items = stream::iter(done).buffered(at_once).collect().await;
    Ok(HttpResponse::Ok().json(BulkView { items }))
}

/// Takes `step` with one report, and answers its version.
async fn take(
    app: &App,
    (office, officer): (&Office, &domain::identity::Officer),
    named: (ReportId, Version),
    step: Step,
) -> Result<Version, ApiError> {
    let (office, officer) = (office.clone(), officer.clone());
    let report =
        app.database.write(move |tx| feedback::act(tx, &office, &officer, named, step)).await?;
    Ok(report.version)
}
