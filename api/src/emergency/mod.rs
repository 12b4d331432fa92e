//! Emergencies over HTTP: the caller's side, which never refuses, and the dispatcher's.

mod advice;
mod call;
pub mod demo;
mod dispatch;
mod follow;
mod following;
mod gateway;
mod intake;
mod keeping;
mod linking;
mod sources;
mod staffing;
mod token;
mod view;

pub use keeping::{catch_up, hold};
pub(crate) use linking::link;
pub use sources::CallSources;
pub use staffing::{Staffing, keep_current};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(call::raise_emergency)
        .service(call::put_emergency)
        .service(call::tell_locations)
        .service(call::cancel_emergency)
        .service(gateway::take_sms)
        .service(follow::follow_emergency)
        .service(follow::follow_events);
    dispatch::routes(config);
}
