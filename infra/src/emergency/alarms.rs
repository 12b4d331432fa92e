//! When emergencies are looked at next, in the store.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_types::Bool};
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{Emergency, Status},
};

use super::row::Row;
use crate::{
    columns::{At, Id},
    connection::{Connection, on},
    database::{Transaction, store_error},
    schema::emergency,
};

impl Transaction<'_> {
    /// Those that are to be looked at by `at`, the longest overdue first, at most `limit`; where it
    /// is said which agencies are `attended`, those that nobody has or was called to from elsewhere,
    /// and that another one answers for. On PostgreSQL they are locked, and what another machine has
    /// locked is left to it; on SQLite there is one writer.
    pub(super) fn take_alarms(
        &mut self,
        at: DateTime<Utc>,
        attended: Option<&[AgencyCode]>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError> {
        let vault = self.vault()?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let anybody = attended.is_none();
        let attended = attended.unwrap_or_default().iter().map(AgencyCode::as_str);
        let due = emergency::alarm_at.assume_not_null().le(At(at));
        let alone =
            emergency::status.eq(Status::Received.as_str()).and(emergency::called.is_null());
        let unattended = alone.and(emergency::agency.ne_all(attended));
        let wanted = due.and(unattended.or(anybody.into_sql::<Bool>()));
        let order = (emergency::alarm_at, emergency::id);
        let rows: Vec<Row> = match self.connection() {
            Connection::Sqlite(conn) => emergency::table
                .filter(wanted)
                .order(order)
                .limit(limit)
                .select(Row::as_select())
                .load(conn),
            Connection::Postgres(conn) => emergency::table
                .filter(wanted)
                .order(order)
                .limit(limit)
                .select(Row::as_select())
                .for_update()
                .skip_locked()
                .load(conn),
        }
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.emergency(vault)).collect()
    }

    /// Notes when `emergency` is looked at next, in the version that was read.
    pub(super) fn write_alarm(
        &mut self,
        emergency: &Emergency,
        alarm_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        let row = emergency::table
            .find(Id::from(emergency.id))
            .filter(emergency::version.eq(emergency.version));
        let alarm_at = emergency::alarm_at.eq(alarm_at.map(At));
        let noted = on!(self.connection(), |conn| diesel::update(row).set(alarm_at).execute(conn))
            .map_err(store_error)?;
        if noted == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }
}
