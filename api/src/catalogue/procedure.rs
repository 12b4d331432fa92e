//! One procedure.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::catalogue::ProcedureCode;

use super::view::ProcedureView;
use crate::{
    App,
    extract::{Nothing, Path, Query},
    lookup::{Freshness, json, send},
    problem::{ApiError, Code},
};

/// A procedure
///
/// All that is known of it: what could be parsed beside the text as published, with the link to the
/// authoritative one.
#[utoipa::path(
    tag = "catalogue",
    params((
        "code" = String,
        Path,
        description = "Its national code, or any local form of it",
        example = "1.001193.000.00.00.H55",
    )),
    responses(
        (status = 200, description = "The procedure", body = ProcedureView<'_>),
        (status = 304, description = "As the client has it"),
        (status = 404, description = "Problem `not_found`"),
    )
)]
#[get("/v1/procedures/{code}")]
pub(super) async fn read_procedure(
    request: HttpRequest,
    app: Data<App>,
    Path(code): Path<ProcedureCode>,
    _: Query<Nothing>,
) -> Result<HttpResponse, ApiError> {
    let snapshot = app.snapshot();
    let make = || Some(json(&ProcedureView::from(snapshot.procedure(&code)?)));
    let body = snapshot.shelf.find(code.as_str(), make);
    let body = body.ok_or(ApiError::new(Code::NotFound))?;
    Ok(send(&request, &body, Freshness::Data))
}
