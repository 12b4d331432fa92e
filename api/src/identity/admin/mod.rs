//! Running the staff: who is there, what they may do, inviting, changing, dismissing.

mod colleague;
mod hiring;
mod list;
mod roles;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list::list_staff)
        .service(hiring::invite_staff)
        .service(hiring::invite_again)
        .service(colleague::show_staff)
        .service(colleague::change_staff)
        .service(colleague::reset_totp)
        .service(roles::list_roles);
}
