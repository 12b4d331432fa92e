//! The calls that the service makes itself.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{EmergencyId, ProbeRepository},
    event::Topic,
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{emergency, emergency_probe, event},
};

impl Transaction<'_> {
    /// Removes these emergencies with all that belongs to them but their events.
    fn remove_emergencies(&mut self, some: &[Id]) -> Result<(), StoreError> {
        self.erase_records_of(some)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency::table.filter(emergency::id.eq_any(some))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}

impl ProbeRepository for Transaction<'_> {
    fn add_probe(&mut self, id: EmergencyId, at: DateTime<Utc>) -> Result<(), StoreError> {
        let row = (emergency_probe::id.eq(Id::from(id)), emergency_probe::raised_at.eq(At(at)));
        on!(self.connection(), |conn| diesel::insert_into(emergency_probe::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn remove_probe(&mut self, id: EmergencyId) -> Result<(), StoreError> {
        let probe = emergency_probe::table.find(Id::from(id)).select(emergency_probe::id);
        let probe: Vec<Id> =
            on!(self.connection(), |conn| probe.load(conn)).map_err(store_error)?;
        self.remove_emergencies(&probe)
    }

    fn forget_probes(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError> {
        let old = emergency_probe::table
            .filter(emergency_probe::raised_at.lt(At(at)))
            .select(emergency_probe::id)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let old: Vec<Id> = on!(self.connection(), |conn| old.load(conn)).map_err(store_error)?;
        if old.is_empty() {
            return Ok(0);
        }
        self.remove_emergencies(&old)?;
        let told = event::table
            .filter(event::subject.eq_any(&old))
            .filter(event::topic.eq(Topic::Emergency.as_str()));
        on!(self.connection(), |conn| diesel::delete(told).execute(conn)).map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_probe::table.filter(emergency_probe::id.eq_any(&old))
        )
        .execute(conn))
        .map_err(store_error)
    }
}
