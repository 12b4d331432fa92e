//! What staff enter: notices, and what they know better about facilities.

mod facilities;
mod notice_view;
mod notices;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(facilities::open_facility)
        .service(facilities::correct_facility)
        .service(notices::list_postings)
        .service(notices::post_notice)
        .service(notices::read_posting)
        .service(notices::change_notice)
        .service(notices::withdraw_notice);
}
