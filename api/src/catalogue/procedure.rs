//! One procedure.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::catalogue::{ProcedureArchive as _, ProcedureCode};
use infra::snapshot::Snapshot;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::ProcedureView;
use crate::{
    App,
    extract::{Path, Query},
    lookup::{Freshness, json, send, send_new},
    problem::{ApiError, Code},
    trim::Fields,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProcedureQuery {
    /// Only these parts of the record, with commas between them.
    #[param(value_type = Option<String>, example = "name,details.channels")]
    fields: Option<Fields>,
    /// This version of it, which may no longer be in force.
    version: Option<i64>,
}

/// A procedure
///
/// All that is known of it: what could be parsed beside the text as published, with the link to the
/// authoritative one. Versions that are no longer in force stay readable by `version`, also of
/// procedures that vanished from the catalogue.
#[utoipa::path(
    tag = "catalogue",
    params(
        (
            "code" = String,
            Path,
            description = "Its national code, or any local form of it",
            example = "1.001193.000.00.00.H55",
        ),
        ProcedureQuery,
    ),
    responses(
        (status = 200, description = "The procedure", body = ProcedureView<'_>),
        (status = 304, description = "As the client has it"),
        (status = 404, description = "Problem `not_found`"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/procedures/{code}")]
pub(super) async fn read_procedure(
    request: HttpRequest,
    app: Data<App>,
    Path(code): Path<ProcedureCode>,
    Query(query): Query<ProcedureQuery>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let view = || Some(ProcedureView::new(&snapshot, snapshot.procedure(&code)?));
    let not_found = || ApiError::new(Code::NotFound);
    match query {
        ProcedureQuery { version: Some(version), fields } => {
            send_version(&request, &app, &snapshot, (code, version), fields).await
        }
        ProcedureQuery { fields: Some(fields), .. } => {
            let record = fields.of_record(&view().ok_or_else(not_found)?)?;
            Ok(send_new(&request, &record, Freshness::Data))
        }
        _ => {
            let body = snapshot.shelf.find(code.as_str(), || Some(json(&view()?)));
            let body = body.ok_or_else(not_found)?;
            Ok(send(&request, &body, Freshness::Data))
        }
    }
}

/// Answers with a version of a procedure, from the history of the catalogue.
async fn send_version(
    request: &HttpRequest,
    app: &App,
    snapshot: &Snapshot,
    (code, version): (ProcedureCode, i64),
    fields: Option<Fields>,
) -> Result<HttpResponse, ApiError> {
    let found = app.database.read(move |tx| tx.procedure_version(&code, version)).await?;
    let (procedure, standing) = found.ok_or(ApiError::new(Code::NotFound))?;
    let view = ProcedureView::standing(snapshot, &procedure, Some(standing));
    Ok(match fields {
        Some(fields) => send_new(request, &fields.of_record(&view)?, Freshness::Data),
        None => send_new(request, &view, Freshness::Data),
    })
}
