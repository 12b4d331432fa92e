//! What became of one's own reports.

use chrono::{DateTime, Utc};

use super::{FigureRepository, Figures, Tally};
use crate::{StoreError, feedback::WorkingCalendar, identity::Citizen};

/// At most so many are counted, the latest ones: more than anybody sends.
const MOST: usize = 5_000;

/// What became of somebody's own reports.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OwnFigures {
    /// Their figures. They are about oneself, and so told of however few.
    pub figures: Figures,
    /// How many others said that what is published of them concerns them, too.
    pub supports: i64,
}

/// What became of the reports of `citizen`; not of those that were sent anonymously.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn own_figures(
    tx: &mut impl FigureRepository,
    citizen: &Citizen,
    (calendar, at): (&WorkingCalendar, DateTime<Utc>),
) -> Result<OwnFigures, StoreError> {
    let mut tally = Tally::default();
    for report in tx.counted_of(citizen.id, MOST)? {
        tally.add(&report, calendar, at);
    }
    let supports = tx.supports_of_citizen(citizen.id)?;
    Ok(OwnFigures { figures: tally.figures_of_at_least(1), supports })
}
