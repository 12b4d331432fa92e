//! Staff: signing in, and what they sign in with.

mod invitation;
mod login;
mod password;
mod proof;
mod totp;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(login::staff_login)
        .service(password::change_password)
        .service(totp::enrol_totp)
        .service(totp::confirm_totp)
        .service(invitation::open_invitation)
        .service(invitation::accept_invitation);
}
