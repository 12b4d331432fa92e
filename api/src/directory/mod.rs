//! Who can be reached where: hotlines, facilities, notices.

mod facilities;
mod hotlines;
mod notices;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(hotlines::hotlines)
        .service(facilities::facilities)
        .service(facilities::facility)
        .service(notices::notices);
}
