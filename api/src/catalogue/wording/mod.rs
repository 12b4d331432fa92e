//! What people say and what they mean by it, as administrators see and change it.

mod preview;
mod rule;
mod rules;
mod tallies;
mod unanswered;

pub(crate) use tallies::Tallies;
pub(crate) use unanswered::{keep, write_down};

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(rules::list_search_rules)
        .service(rules::show_search_rule)
        .service(rules::put_search_rule)
        .service(rules::remove_search_rule)
        .service(preview::preview_search)
        .service(unanswered::list_unanswered);
}
