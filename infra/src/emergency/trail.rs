//! The positions of callers, only ever added to.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{EmergencyId, Fix},
};

use super::{read, written};
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::emergency_location,
};

/// How many rows one statement takes: the embedded store binds 32,766 values at most.
const CHUNK: usize = 1_000;

#[derive(Insertable)]
#[diesel(table_name = emergency_location, treat_none_as_default_value = false)]
struct NewRow {
    emergency_id: Id,
    device_at: At,
    lat: f64,
    lon: f64,
    received_at: At,
    fix: String,
}

impl Transaction<'_> {
    pub(super) fn write_trail(&mut self, id: EmergencyId, fixes: &[Fix]) -> Result<(), StoreError> {
        let rows = fixes
            .iter()
            .map(|fix| {
                Ok(NewRow {
                    emergency_id: id.into(),
                    device_at: At(fix.device_at),
                    lat: fix.position.lat(),
                    lon: fix.position.lon(),
                    received_at: At(fix.received_at),
                    fix: written(fix)?,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        for rows in rows.chunks(CHUNK) {
            on!(self.connection(), |conn| diesel::insert_into(emergency_location::table)
                .values(rows)
                .on_conflict_do_nothing()
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }

    pub(super) fn read_trail(
        &mut self,
        id: EmergencyId,
        clocks: Option<(DateTime<Utc>, DateTime<Utc>)>,
    ) -> Result<Vec<Fix>, StoreError> {
        let fixes: Vec<String> = on!(self.connection(), |conn| {
            let trail = emergency_location::table
                .filter(emergency_location::emergency_id.eq(Id::from(id)))
                .order(emergency_location::device_at)
                .select(emergency_location::fix);
            match clocks {
                None => trail.load(conn),
                Some((from, until)) => trail
                    .filter(emergency_location::device_at.between(At(from), At(until)))
                    .load(conn),
            }
        })
        .map_err(store_error)?;
        fixes.iter().map(|fix| read(fix)).collect()
    }
}
