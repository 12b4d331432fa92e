//! What a unit of work holds in its hands.

use domain::{StoreError, emergency::StandingOrders};

use super::equipment::Equipment;
use crate::{connection::Connection, vault::Vault};

/// What has to be looked after once a transaction is committed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effects {
    /// Events were appended.
    pub(crate) events: bool,
    /// Messages were put into the outbox.
    pub(crate) outbox: bool,
}

impl Effects {
    /// Both together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self { events: self.events || other.events, outbox: self.outbox || other.outbox }
    }
}

/// A transaction. The storage ports of the domain are implemented on it, each in the file of its
/// feature.
pub struct Transaction<'c> {
    connection: &'c mut Connection,
    equipment: &'c Equipment,
    pub(crate) effects: Effects,
}

impl<'c> Transaction<'c> {
    pub(crate) fn on(connection: &'c mut Connection, equipment: &'c Equipment) -> Self {
        Self { connection, equipment, effects: Effects::default() }
    }

    /// The connection, for `on!`.
    pub(crate) fn connection(&mut self) -> &mut Connection {
        self.connection
    }

    /// What seals and opens personal data.
    ///
    /// # Errors
    /// [`StoreError`] when the keys of the service were not opened.
    pub(crate) fn vault(&self) -> Result<&'c Vault, StoreError> {
        let locked = || StoreError::Failed("the keys of the vault were not opened".to_owned());
        self.equipment.vault.get().ok_or_else(locked)
    }

    /// Who answers for which calls, and how long one may wait.
    pub(crate) fn standing_orders(&self) -> StandingOrders {
        self.equipment.orders()
    }

    /// Asks the store for a sign of life.
    ///
    /// # Errors
    /// [`StoreError`] when it gives none.
    pub fn ping(&mut self) -> Result<(), StoreError> {
        use diesel::r2d2::R2D2Connection as _;
        crate::connection::on!(self.connection, |conn| conn.ping()).map_err(super::store_error)
    }
}
