//! When emergencies are looked at next, in the store.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_types::Bool};
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{Called, Emergency},
};

use super::row::Row;
use crate::{
    columns::{At, Id},
    connection::{Connection, on},
    database::{Transaction, store_error},
    kept::kept,
    schema::emergency,
};

/// Which of the calls that are due are taken.
#[derive(Clone, Copy)]
pub(super) enum Due<'a> {
    /// Those that not everybody on duty was called to.
    Rising,
    /// Of these the ones that nobody has or was called to from elsewhere, and that another agency
    /// answers for than these.
    Unattended(&'a [AgencyCode]),
    /// Those that everybody on duty was called to.
    Ringing,
}

impl Transaction<'_> {
    /// Those of `whose` that are to be looked at by `at`, the longest overdue first, at most `limit`.
    /// On PostgreSQL they are locked, and what another machine has locked is left to it; on SQLite
    /// there is one writer.
    pub(super) fn take_alarms(
        &mut self,
        at: DateTime<Utc>,
        whose: Due<'_>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError> {
        let vault = self.vault()?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let attended = match whose {
            Due::Unattended(attended) => attended,
            Due::Rising | Due::Ringing => &[],
        };
        let attended = attended.iter().map(AgencyCode::as_str);
        let asked = |asked: bool| asked.into_sql::<Bool>();
        let (everyone, nobody) = (Called::Everyone.to_string(), emergency::called.is_null());
        let called = emergency::called.assume_not_null();
        let alone = emergency::holder.is_null().and(nobody);
        let unattended = alone.and(emergency::agency.ne_all(attended));
        let rising = nobody.or(called.ne(everyone.clone()));
        let ringing = emergency::called.is_not_null().and(called.eq(everyone));
        let which = unattended
            .and(asked(matches!(whose, Due::Unattended(_))))
            .or(rising.and(asked(matches!(whose, Due::Rising))))
            .or(ringing.and(asked(matches!(whose, Due::Ringing))));
        let wanted = emergency::alarm_at.assume_not_null().le(At(at)).and(which);
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
        let noted = on!(self.connection(), |conn| kept(diesel::update(row).set(alarm_at))
            .execute(conn))
        .map_err(store_error)?;
        if noted == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }
}
