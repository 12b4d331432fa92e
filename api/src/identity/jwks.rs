//! The public keys of this service.

use actix_web::{
    HttpResponse, get,
    http::header::{CacheControl, CacheDirective},
    web::Data,
};

use crate::App;

/// The keys by which access tokens can be checked (RFC 7517)
#[utoipa::path(
    tag = "identity",
    responses((status = 200, description = "A JSON Web Key Set", body = serde_json::Value))
)]
#[get("/.well-known/jwks.json")]
pub(super) async fn jwks(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(CacheControl(vec![CacheDirective::Public, CacheDirective::MaxAge(300)]))
        .json(app.tokens.public_keys(app.now().at))
}
