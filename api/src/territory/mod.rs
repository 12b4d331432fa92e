//! The province's communes: lists, outlines, where a position lies, what a name means.

mod communes;
mod outlines;
mod places;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;
pub(crate) use view::{CommuneName, PositionView};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(communes::list_communes)
        .service(outlines::draw_communes)
        .service(places::locate_commune)
        .service(places::resolve_commune)
        .service(communes::read_commune);
}
