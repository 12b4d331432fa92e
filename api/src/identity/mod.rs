//! Who is calling: signing in, sessions, one's own account.

mod admin;
mod business;
pub mod demo;
mod extract;
mod jwks;
mod lately;
mod linked;
mod me;
mod news;
mod oidc;
mod otp;
mod phone;
mod session;
mod staff;
mod token;

pub(crate) use business::{InvitationView, MembershipView, OwnKeyView};
pub(crate) use extract::invalid_token;
pub use extract::{
    Administrator, Auditor, Bearer, By, Caller, ChiefAdministrator, Citizen, Clerk, Custodian,
    DataOfficer, Dispatcher, Officer, OnCall, Quartermaster, Registrar, SignedIn, Staff,
};
pub(crate) use lately::JustSignedIn;
pub(crate) use me::CitizenView;
pub(crate) use news::News;
use utoipa::openapi::{
    OpenApi,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(otp::request_otp)
        .service(otp::verify_otp)
        .service(oidc::start_oidc)
        .service(oidc::oidc_callback)
        .service(oidc::redeem_oidc)
        .service(session::refresh)
        .service(session::logout)
        .service(session::sessions)
        .service(session::revoke_session)
        .configure(staff::routes)
        .configure(admin::routes)
        .service(jwks::jwks)
        .service(me::me)
        .service(me::change_me)
        .service(phone::ask_for_phone)
        .service(phone::change_phone)
        .service(linked::identities)
        .service(linked::unlink)
        .configure(business::routes);
}

/// Adds to the document how callers prove who they are.
pub(crate) fn describe_security(mut document: OpenApi) -> OpenApi {
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    document
}
