//! Feedback: what can be reported, reporting it, following it, answering it, showing it.

mod batch;
mod categories;
mod category_view;
pub mod demo;
mod desk;
mod desk_view;
mod errors;
mod figures;
mod filters;
mod for_business;
mod own;
mod own_view;
mod preview;
mod public;
mod replies;
mod sender;
mod setup;
mod steps;
mod submit;
mod timeline;
mod timers;
mod view;
mod voices;

pub use categories::CategoryShelf;
use domain::{
    feedback::{Office, WorkingCalendar},
    secret::Digest,
};
pub(crate) use figures::PublicFigures;
use infra::snapshot::Snapshot;
use steps::{course, together, urgency, work};
pub(crate) use timers::Timers;
pub use timers::tick;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{App, capability};

/// What all tracking tokens start with.
const TOKEN_PREFIX: &str = "ctn_f_";

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(categories::list)
        .service(categories::detail)
        .service(submit::submit)
        .service(batch::submit_batch)
        .service(preview::preview)
        .service(own::track)
        .service(own::mine)
        .service(replies::withdraw)
        .service(replies::answer)
        .service(replies::rate)
        .service(replies::reopen)
        .service(replies::appeal)
        .service(voices::own::supported)
        .service(voices::own::followed)
        .service(voices::comments::mine)
        .service(voices::comments::take_back)
        .service(public::list)
        .configure(figures::routes)
        .service(public::map::map)
        .service(public::feeds::geojson)
        .service(public::feeds::feed)
        .service(public::detail)
        .service(for_business::list)
        .service(for_business::detail)
        .configure(desk::routes)
        .service(voices::support::support)
        .service(voices::support::withdraw)
        .service(voices::follow::follow)
        .service(voices::follow::unfollow)
        .service(voices::comments::say)
        .service(voices::comments::read)
        .service(voices::moderation::waiting)
        .service(voices::moderation::publish)
        .service(voices::moderation::reject)
        .service(work::accept)
        .service(work::assign)
        .service(work::start)
        .service(work::resolve)
        .service(work::reject)
        .service(work::publish)
        .service(work::hide)
        .service(course::ask)
        .service(course::take_answer_down)
        .service(course::transfer)
        .service(course::recategorise)
        .service(course::extend)
        .service(course::note)
        .service(urgency::prioritise)
        .service(together::merge)
        .service(together::unmerge)
        .service(together::split)
        .configure(setup::routes);
}

/// What every step with a report goes by, now.
pub(crate) fn office(app: &App) -> Office {
    app.report_timers.office()
}

/// What `token` proves, where it is the token of a report.
pub(crate) fn read_token(token: &str) -> Option<Digest> {
    capability::read(TOKEN_PREFIX, token)
}

/// The days on which the offices are open.
pub(crate) fn calendar(snapshot: &Snapshot) -> WorkingCalendar {
    WorkingCalendar::new(snapshot.holidays.iter().map(|holiday| holiday.date))
}
