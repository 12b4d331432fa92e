//! The desk of the officers: what they have to answer, what helps them to, and what they write down
//! for others.

mod bulk;
mod export;
mod filters;
mod order;
mod query;
mod queue;
mod reporter;
mod templates;
mod walk_in;
mod work;

pub(super) use export::csv;
use utoipa_actix_web::service_config::ServiceConfig;

/// The fixed addresses come before those with an id in them.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(queue::queue)
        .service(work::my_work)
        .service(walk_in::take_down)
        .service(bulk::bulk)
        .service(export::export_csv)
        .service(export::export_xlsx)
        .service(templates::list_templates)
        .service(templates::add_template)
        .service(templates::change_template)
        .service(templates::remove_template)
        .service(templates::render_template)
        .service(filters::list_filters)
        .service(filters::save_filter)
        .service(filters::change_filter)
        .service(filters::remove_filter)
        .service(queue::detail)
        .service(reporter::open_reporter);
}
