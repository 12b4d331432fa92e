//! How well reports are answered, where much is reported, and what anybody may take along of it.

mod bodies;
mod heat;
mod open_data;
mod query;
mod statistics;
mod view;

use chrono::TimeDelta;
use domain::feedback::{Asked, By, Month};
use utoipa_actix_web::service_config::ServiceConfig;

use bodies::Bodies;

/// For how long figures that were told are told again: counting anew costs more than it tells.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// How many answers are kept, and how many files.
const ANSWERS: usize = 64;
const FILES: usize = 6;

/// What strangers are told of many reports, made before.
pub(crate) struct PublicFigures {
    statistics: Bodies<(Asked, By)>,
    files: Bodies<Month>,
}

impl Default for PublicFigures {
    fn default() -> Self {
        Self { statistics: Bodies::new(ANSWERS, Some(FRESH)), files: Bodies::new(FILES, None) }
    }
}

/// The fixed addresses come before those with a name in them.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(statistics::desk_statistics)
        .service(statistics::public_statistics)
        .service(statistics::own_statistics)
        .service(heat::heat_map)
        .service(open_data::list_files)
        .service(open_data::read_file);
}
