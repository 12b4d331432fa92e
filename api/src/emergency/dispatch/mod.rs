//! Emergencies over HTTP: the dispatcher's side.

mod alarm;
mod asked;
mod assignment;
mod callbacks;
mod caller;
mod dispositions;
mod duty;
mod ending;
mod events;
mod handling;
mod merging;
mod messages;
mod notes;
mod opened;
mod phoned;
mod queue;
mod recommendation;
mod record;
mod transfers;
mod unit;
mod view;

pub(crate) use record::keep_records;
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(duty::put_duty)
        .service(duty::show_duty)
        .service(queue::list_emergencies)
        .service(events::follow_emergencies)
        .service(callbacks::list::list_callbacks)
        .service(callbacks::ring::call_back)
        .service(phoned::take::phone_in)
        .service(phoned::correct::correct)
        .service(opened::open_emergency)
        .service(handling::claim)
        .service(handling::heartbeat)
        .service(handling::release)
        .service(handling::take_over)
        .service(ending::resolve)
        .service(ending::confirm_cancellation)
        .service(ending::reject_cancellation)
        .service(ending::reopen)
        .service(dispositions::list_dispositions)
        .service(handling::set_priority)
        .service(notes::write_note)
        .service(merging::merge)
        .service(merging::unmerge)
        .service(messages::send_message)
        .service(messages::list_messages)
        .service(messages::read_messages)
        .service(transfers::offer)
        .service(transfers::withdraw)
        .service(transfers::accept)
        .service(transfers::reject)
        .service(recommendation::recommended_units)
        .configure(record::routes)
        .configure(unit::routes)
        .configure(assignment::routes);
}
