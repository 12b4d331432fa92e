//! Several reports at once, as a phone sends what it kept while it had no network.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    sender::Sender,
    submit::{SubmitFeedback, SubmittedView, take_in},
};
use crate::{
    App,
    extract::{Json, Repeatable, read_value},
    problem::{ApiError, FieldCode, FieldError},
};

/// At most so many reports come at once.
const MOST: usize = 50;

/// Several reports.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitBatch {
    /// The reports, at most 50, each as one that is sent alone.
    #[schema(value_type = Vec<SubmitFeedback>)]
    items: Vec<Value>,
}

/// What is wrong with one field of a report.
#[derive(Serialize, ToSchema)]
struct FieldView {
    /// Where, in the report.
    #[schema(example = "/category")]
    pointer: String,
    /// What.
    code: &'static str,
}

/// What became of one report.
#[derive(Serialize, ToSchema)]
struct ItemView {
    /// The status it would have been answered with alone: 201 where it was taken in.
    #[schema(example = 201)]
    status: u16,
    /// The report, where it was taken in.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<SubmittedView>,
    /// The code of the problem, where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldView>,
}

/// What became of each report, in the order in which they were sent.
#[derive(Serialize, ToSchema)]
struct BatchView {
    items: Vec<ItemView>,
}

impl From<Result<SubmittedView, ApiError>> for ItemView {
    fn from(result: Result<SubmittedView, ApiError>) -> Self {
        match result {
            Ok(report) => {
                Self { status: 201, report: Some(report), code: None, errors: Vec::new() }
            }
            Err(error) => {
                let field = |field: &FieldError| FieldView {
                    pointer: field.pointer.clone(),
                    code: field.code.as_str(),
                };
                Self {
                    status: error.code().status().as_u16(),
                    report: None,
                    code: Some(error.code().as_str()),
                    errors: error.fields().iter().map(field).collect(),
                }
            }
        }
    }
}

/// Reports several things, each by itself: what is wrong with one keeps no other from being taken
/// in.
///
/// A report that is sent again under its own `id` by the same citizen, or in the same batch under
/// the same `Idempotency-Key`, is not doubled.
#[utoipa::path(
    tag = "feedback",
    security((), ("bearer" = ["use_account"])),
    request_body = SubmitBatch,
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 200, description = "What became of each", body = BatchView),
        (status = 422, description = "Problem `validation_failed`: more than 50"),
    ),
)]
#[post("/v1/feedback/batch")]
pub(super) async fn submit_batch(
    app: Data<App>,
    request: HttpRequest,
    sender: Sender,
    key: Repeatable,
    Json(batch): Json<SubmitBatch>,
) -> Result<HttpResponse, ApiError> {
    if batch.items.len() > MOST {
        return Err(ApiError::field("/items", FieldCode::TooLong));
    }
    let mut items = Vec::new();
    for (place, item) in batch.items.into_iter().enumerate() {
        let operation = format!("feedback.batch.{place}");
        let result = match read_value::<SubmitFeedback>("", item) {
            Ok(report) => take_in(&app, &request, &sender, (&key, &operation), report).await,
            Err(error) => Err(error),
        };
        items.push(result.into());
    }
    Ok(HttpResponse::Ok().json(BatchView { items }))
}
