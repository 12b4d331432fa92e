//! Who is calling: signing in, sessions, one's own account.

mod business;
pub mod demo;
mod extract;
mod jwks;
mod me;
mod otp;
mod session;
mod staff;
mod token;

pub use extract::{
    Administrator, Auditor, Bearer, By, Caller, Citizen, DataOfficer, Dispatcher, Officer,
    Registrar, SignedIn, Staff,
};
pub(crate) use me::CitizenView;
use utoipa::openapi::{
    OpenApi,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(otp::request_otp)
        .service(otp::verify_otp)
        .service(session::refresh)
        .service(session::logout)
        .service(session::sessions)
        .service(session::revoke_session)
        .service(staff::staff_login)
        .service(jwks::jwks)
        .service(me::me)
        .service(me::change_me)
        .configure(business::routes);
}

/// Adds to the document how callers prove who they are.
pub(crate) fn describe_security(mut document: OpenApi) -> OpenApi {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    document
}
