//! Emergencies over HTTP: the caller's side, which never refuses, and the dispatcher's.

mod advice;
mod call;
mod cases;
pub mod demo;
mod dispatch;
mod follow;
mod following;
mod gateway;
mod guidance;
mod hand_over;
mod help;
mod intake;
mod keeping;
mod linking;
mod media;
mod messages;
mod overload;
mod probe;
mod question;
mod receipts;
mod sources;
mod staffing;
mod timers;
mod token;
mod view;

pub(crate) use cases::Cases;
pub(crate) use dispatch::keep_records;
pub(crate) use keeping::catch_up;
pub use keeping::hold;
pub(crate) use linking::link;
pub(crate) use overload::Overload;
pub(crate) use probe::Probe;
pub(crate) use receipts::Receipts;
pub use sources::CallSources;
pub use staffing::{Staffing, keep_current};
pub(crate) use timers::Timers;
pub(crate) use token::read as read_token;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(call::raise_emergency)
        .service(call::put_emergency)
        .service(hand_over::hand_over)
        .service(call::tell_locations)
        .service(call::cancel_emergency)
        .service(messages::tell_message)
        .service(messages::list_messages)
        .service(messages::read_messages)
        .service(messages::list_quick_replies)
        .service(media::show_media)
        .service(gateway::take_sms)
        .service(follow::follow_emergency)
        .service(follow::follow_events);
    dispatch::routes(config);
}
