//! The places where citizens get something, as they stand at one moment.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    directory::{BestKnown, Facility},
    territory::Position,
};
use infra::{directory::Entered, snapshot::Snapshot};

use super::facility_view::FacilityView;
use crate::App;

/// A facility, and how far it is from the position asked about, in metres.
pub(crate) type Found<'p> = (&'p Facility, Option<f64>);

/// The places as they stand at one moment: imported, corrected, open or closed.
pub(crate) struct Places {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) entered: Arc<Entered>,
    pub(crate) at: DateTime<Utc>,
}

impl Places {
    /// The places as they stand now.
    pub(crate) fn now(app: &App) -> Self {
        Self { snapshot: app.snapshot(), entered: app.entries.current(), at: app.now().at }
    }

    /// All of them, in the order of the alphabet.
    pub(crate) fn all(&self) -> Vec<Found<'_>> {
        self.snapshot.facilities.iter().map(|facility| (facility, None)).collect()
    }

    /// Those at most `radius_m` metres from `position`, nearest first.
    pub(crate) fn near(&self, position: Position, radius_m: f64) -> Vec<Found<'_>> {
        let near = self.snapshot.facility_map.near(position, radius_m).into_iter();
        near.filter_map(|(number, metres)| {
            Some((self.snapshot.facilities.get(number)?, Some(metres)))
        })
        .collect()
    }

    /// The facility with this id.
    pub(crate) fn find(&self, id: &str) -> Option<&Facility> {
        self.snapshot.facility(id)
    }

    /// Whether `facility` is open; nothing where that is not known.
    pub(crate) fn is_open(&self, facility: &Facility) -> Option<bool> {
        self.entered.best_known(facility).is_open_at(self.at, &self.snapshot.holidays)
    }

    /// How clients read it.
    pub(crate) fn view<'p>(&'p self, (facility, metres): Found<'p>) -> FacilityView<'p> {
        self.view_of(self.entered.best_known(facility), metres)
    }

    /// How clients read a facility that is known better by now.
    pub(crate) fn view_of<'p>(
        &self,
        known: BestKnown<'p>,
        metres: Option<f64>,
    ) -> FacilityView<'p> {
        FacilityView::new(known, metres, known.is_open_at(self.at, &self.snapshot.holidays))
    }
}
