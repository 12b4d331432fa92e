//! Looking a dossier up.

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    proof::{self, Proof},
    seek::seek,
    view::DossierView,
};
use crate::{App, extract::Json, problem::ApiError};

/// A dossier to look up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LookUpDossier {
    /// The code on its receipt, however it is typed.
    #[schema(example = "H55.242-261123-0001")]
    code: String,
    proof: Proof,
}

/// Look a dossier up
///
/// How it stands, for whoever has its receipt and knows the end of a number that its applicant left.
/// A code that nobody has and a wrong proof are answered alike. Five wrong look-ups of a dossier
/// within an hour are the most; `Retry-After` says when the next can be made.
#[utoipa::path(
    tag = "dossier",
    responses(
        (status = 200, description = "How it stands", body = DossierView),
        (status = 404, description = "Problem `not_found`: no such dossier, or the proof is wrong"),
        (status = 429, description = "Problem `rate_limited`"),
        (status = 503, description = "Problem `unavailable`: nobody knows, for the office's system is away"),
    )
)]
#[post("/v1/dossiers/lookup")]
pub(super) async fn look_up(
    app: Data<App>,
    request: HttpRequest,
    Json(body): Json<LookUpDossier>,
) -> Result<HttpResponse, ApiError> {
    let (code, claim) = (proof::code(&body.code)?, body.proof.claim()?);
    let found = seek(&app, &request, code, claim).await?;
    Ok(HttpResponse::Ok().json(DossierView::of(&app, &found)))
}
