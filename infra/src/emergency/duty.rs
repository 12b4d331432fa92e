//! Who is on duty, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{Duty, DutyRepository},
    identity::StaffId,
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::duty,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = duty, treat_none_as_default_value = false)]
struct Row {
    staff: Id,
    username: String,
    agency: AsText<AgencyCode>,
    since: At,
    seen_at: At,
}

impl From<Row> for Duty {
    fn from(row: Row) -> Self {
        Self {
            staff: row.staff.into(),
            username: row.username,
            agency: row.agency.0,
            since: row.since.0,
            seen_at: row.seen_at.0,
        }
    }
}

impl DutyRepository for Transaction<'_> {
    fn put_on_duty(&mut self, duty: &Duty) -> Result<(), StoreError> {
        let row = Row {
            staff: duty.staff.into(),
            username: duty.username.clone(),
            agency: AsText(duty.agency.clone()),
            since: At(duty.since),
            seen_at: At(duty.seen_at),
        };
        on!(self.connection(), |conn| diesel::insert_into(duty::table)
            .values(&row)
            .on_conflict(duty::staff)
            .do_update()
            .set((
                duty::username.eq(&row.username),
                duty::agency.eq(&row.agency),
                duty::seen_at.eq(row.seen_at),
            ))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn take_off_duty(&mut self, staff: StaffId) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(duty::table.find(Id::from(staff)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn note_presence(&mut self, staff: StaffId, at: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self.connection(), |conn| kept(
            diesel::update(duty::table.find(Id::from(staff))).set(duty::seen_at.eq(At(at)))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn on_duty_since(&mut self, at: DateTime<Utc>) -> Result<Vec<Duty>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| duty::table
            .filter(duty::seen_at.ge(At(at)))
            .order((duty::since, duty::staff))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Duty::from).collect())
    }
}
