//! Standing orders: who answers for which calls, and how long a call may wait for somebody.

use std::{fmt, sync::Arc};

use super::{Roads, Waits};
use crate::{
    directory::AgencyTree,
    territory::{Commune, CommuneCode, Position},
};

/// The communes and where they lie, wherever that is kept. It may know nothing: no call depends on
/// its being well.
pub trait Territory: Send + Sync {
    /// The communes.
    fn communes(&self) -> &[Commune];

    /// The commune that `position` lies in; none outside the province, or where that cannot be said.
    fn locate(&self, position: Position) -> Option<CommuneCode>;

    /// The one commune that somebody means who describes a place as `landmark`.
    fn named_in(&self, landmark: &str) -> Option<CommuneCode>;
}

/// Who answers for which calls as the agencies stand, and how long a call may wait.
#[derive(Clone)]
pub struct StandingOrders {
    /// The agencies.
    pub agencies: Arc<AgencyTree>,
    /// Where the communes lie.
    pub territory: Arc<dyn Territory>,
    /// How long calls wait.
    pub waits: Waits,
    /// What is assumed of all roads alike.
    pub roads: Roads,
}

/// Before anybody said who answers: then every call goes by its kind alone.
impl Default for StandingOrders {
    fn default() -> Self {
        Self {
            agencies: Arc::default(),
            territory: Arc::new(Nowhere),
            waits: Waits::default(),
            roads: Roads::default(),
        }
    }
}

impl fmt::Debug for StandingOrders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let agencies = self.agencies.agencies().len();
        formatter
            .debug_struct("StandingOrders")
            .field("agencies", &agencies)
            .field("waits", &self.waits)
            .finish_non_exhaustive()
    }
}

/// No communes at all.
struct Nowhere;

impl Territory for Nowhere {
    fn communes(&self) -> &[Commune] {
        &[]
    }

    fn locate(&self, _: Position) -> Option<CommuneCode> {
        None
    }

    fn named_in(&self, _: &str) -> Option<CommuneCode> {
        None
    }
}
