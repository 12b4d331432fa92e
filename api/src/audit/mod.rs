//! Who did what: sealing it, and showing it to auditors.

mod list;
mod sealing;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use sealing::keep;
pub use sealing::{forget_old, seal_waiting};

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list::audit_trail);
}
