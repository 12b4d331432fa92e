//! Who can be reached where: hotlines, facilities, notices.

pub(crate) mod agencies;
pub mod calendars;
mod changes;
mod desk;
mod facilities;
mod facility_view;
mod here;
mod hotlines;
mod notices;
mod noting;
mod offices;
mod opening;
mod places;

pub(crate) use facilities::known_commune;
pub(crate) use notices::standing;
pub use noting::Noting;
pub(crate) use offices::online;
pub(crate) use places::Places;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(agencies::list_agencies)
        .service(agencies::show_agency)
        .service(agencies::add_agency)
        .service(agencies::change_agency)
        .service(hotlines::list_hotlines)
        .service(facilities::list_facilities)
        .service(changes::list_facility_changes)
        .service(changes::list_notice_changes)
        .service(facilities::read_facility)
        .service(notices::list_notices)
        .service(offices::list_offices)
        .service(offices::find_receivers)
        .configure(desk::routes);
}
