//! Procedures, and the search over everything a citizen looks for.

mod changes;
mod details;
mod fields;
mod filter;
mod papers;
mod procedure;
mod procedures;
mod search;
mod suggest;
mod view;
pub(crate) mod wording;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    // What is asked for most comes first: a path is compared with one route after the other.
    config
        .service(search::search)
        .service(suggest::suggest)
        .service(procedures::list_procedures)
        .service(changes::list_procedure_changes)
        .service(procedure::read_procedure)
        .service(fields::list_procedure_fields)
        .service(fields::list_life_events)
        .configure(wording::routes);
}
