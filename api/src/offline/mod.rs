//! What a phone keeps for when there is no signal.

mod pack;
mod packs;
mod view;

pub(crate) use packs::Packs;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(pack::read_pack);
}
