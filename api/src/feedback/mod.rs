//! Feedback: what can be reported, reporting it, following it, answering it, showing it.

mod categories;
mod category_view;
pub mod demo;
mod desk;
mod errors;
mod filters;
mod own;
mod public;
mod steps;
mod submit;
mod view;

pub use categories::CategoryShelf;
use domain::feedback::WorkingCalendar;
use infra::snapshot::Snapshot;
use utoipa_actix_web::service_config::ServiceConfig;

/// What all tracking tokens start with.
const TOKEN_PREFIX: &str = "ctn_f_";

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(categories::list)
        .service(categories::detail)
        .service(submit::submit)
        .service(own::track)
        .service(own::mine)
        .service(own::withdraw)
        .service(public::list)
        .service(public::detail)
        .service(desk::queue)
        .service(desk::detail)
        .service(steps::accept)
        .service(steps::assign)
        .service(steps::start)
        .service(steps::resolve)
        .service(steps::reject)
        .service(steps::publish)
        .service(steps::hide);
}

/// The days on which the offices are open.
pub(crate) fn calendar(snapshot: &Snapshot) -> WorkingCalendar {
    WorkingCalendar::new(snapshot.holidays.iter().map(|holiday| holiday.date))
}
