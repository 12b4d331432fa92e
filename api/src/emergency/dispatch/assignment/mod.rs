//! Units that are sent to emergencies.

mod assign;
mod list;
mod proceed;
pub(super) mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(assign::dispatch_unit)
        .service(list::list_dispatches)
        .service(list::show_dispatch)
        .service(proceed::acknowledge)
        .service(proceed::decline)
        .service(proceed::en_route)
        .service(proceed::on_scene)
        .service(proceed::clear)
        .service(proceed::cancel);
}
