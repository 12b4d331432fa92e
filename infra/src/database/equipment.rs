//! What every unit of work has at hand without asking the store.

use std::sync::{Arc, OnceLock};

use domain::emergency::StandingOrders;

use crate::vault::Vault;

/// Tells the standing orders as they are now.
pub(crate) type Orders = dyn Fn() -> StandingOrders + Send + Sync;

/// What every unit of work has at hand.
#[derive(Default)]
pub(crate) struct Equipment {
    /// What seals and opens personal data, once the keys of the service were opened.
    pub(crate) vault: OnceLock<Vault>,
    /// Who answers for which calls, once somebody said so.
    pub(crate) orders: OnceLock<Box<Orders>>,
}

impl Equipment {
    /// An empty one, to be shared.
    pub(super) fn shared() -> Arc<Self> {
        Arc::default()
    }

    /// The standing orders; before anybody gave any, those by which every call finds somebody.
    pub(super) fn orders(&self) -> StandingOrders {
        self.orders.get().map_or_else(StandingOrders::default, |orders| orders())
    }
}
