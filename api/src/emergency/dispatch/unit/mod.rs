//! Units: the list of them, their crews and shifts, and where they are.

mod keep;
mod position;
pub(super) mod view;
mod work;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(work::list_capabilities)
        .service(work::list_units)
        .service(work::show_unit)
        .service(work::put_shift)
        .service(position::locate_unit)
        .service(keep::add_unit)
        .service(keep::change_unit);
}
