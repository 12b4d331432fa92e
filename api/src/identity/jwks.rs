//! The public keys of this service.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};

use crate::{
    App,
    lookup::{Freshness, send_new},
};

/// The keys by which access tokens can be checked (RFC 7517)
#[utoipa::path(
    tag = "identity",
    responses(
        (status = 200, description = "A JSON Web Key Set", body = serde_json::Value),
        (status = 304, description = "As the client has it"),
    )
)]
#[get("/.well-known/jwks.json")]
pub(super) async fn jwks(request: HttpRequest, app: Data<App>) -> HttpResponse {
    send_new(&request, &app.tokens.public_keys(app.now().at), Freshness::Keys)
}
