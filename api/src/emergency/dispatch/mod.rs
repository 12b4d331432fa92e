//! Emergencies over HTTP: the dispatcher's side.

mod assignment;
mod caller;
mod duty;
mod events;
mod handling;
mod opened;
mod queue;
mod recommendation;
mod unit;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(duty::put_duty)
        .service(duty::show_duty)
        .service(queue::list_emergencies)
        .service(events::follow_emergencies)
        .service(opened::open_emergency)
        .service(handling::claim)
        .service(handling::heartbeat)
        .service(handling::release)
        .service(handling::take_over)
        .service(handling::resolve)
        .service(handling::confirm_cancellation)
        .service(handling::reject_cancellation)
        .service(recommendation::recommended_units)
        .configure(unit::routes)
        .configure(assignment::routes);
}
