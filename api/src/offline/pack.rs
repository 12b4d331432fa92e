//! The pack.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{HeaderName, HeaderValue},
    web::Data,
};
use domain::territory::CommuneCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::PackView;
use crate::{
    App,
    directory::known_commune,
    extract::Query,
    lookup::{Freshness, send},
    problem::{ApiError, Code},
};

const SIGNATURE: HeaderName = HeaderName::from_static("x-jws-signature");

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PackQuery {
    /// The code of the own commune; when absent, the pack has none.
    #[param(value_type = Option<String>, example = "05443")]
    commune: Option<CommuneCode>,
}

/// What a phone keeps for when there is no signal
///
/// The numbers to call, the offices of the own commune and when they are open, the procedures people
/// ask for most in short, and the notices that have not ended; less than 60 KB compressed. It changes
/// its `version` and its `ETag` with its content and no sooner. Members may be added: what an app does
/// not know it passes over.
///
/// The header `X-JWS-Signature` is a detached JWS (RFC 7515, appendix F, EdDSA) of the body as it is
/// once decompressed: put its base64url between the two dots, and check it with the key of
/// `/.well-known/jwks.json` that `kid` names; `typ` is `offline-pack`. Check it when the pack
/// arrives: keys are published for as long as they sign.
#[utoipa::path(
    tag = "directory",
    params(PackQuery),
    responses(
        (
            status = 200,
            description = "The pack",
            body = PackView<'_>,
            headers(("X-JWS-Signature" = String, description = "A detached signature")),
        ),
        (status = 304, description = "As the client has it"),
        (status = 422, description = "Problem `invalid_query`"),
    )
)]
#[get("/v1/offline-pack")]
pub(super) async fn read_pack(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<PackQuery>,
) -> Result<HttpResponse, ApiError> {
    known_commune(&app.snapshot(), query.commune)?;
    let unsigned = |error| {
        tracing::error!(%error, "a pack could not be signed");
        ApiError::new(Code::Internal)
    };
    let pack = app.packs.pack(&app, query.commune).map_err(unsigned)?;
    let mut response = send(&request, &pack.body, Freshness::News);
    if let Ok(signature) = HeaderValue::from_str(&pack.signature) {
        response.headers_mut().insert(SIGNATURE, signature);
    }
    Ok(response)
}
