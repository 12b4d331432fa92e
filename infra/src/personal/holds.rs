//! Legal holds in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    personal::{HoldId, HoldRepository, LegalHold},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::legal_hold,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = legal_hold, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    subject: Id,
    reason: String,
    placed_by: Id,
    placed_at: At,
}

impl From<Row> for LegalHold {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            subject: row.subject.0,
            reason: row.reason,
            placed_by: row.placed_by.into(),
            placed_at: row.placed_at.0,
        }
    }
}

impl HoldRepository for Transaction<'_> {
    fn add_hold(&mut self, hold: &LegalHold) -> Result<(), StoreError> {
        let row = Row {
            id: hold.id.into(),
            subject: Id(hold.subject),
            reason: hold.reason.clone(),
            placed_by: hold.placed_by.into(),
            placed_at: At(hold.placed_at),
        };
        on!(self.connection(), |conn| diesel::insert_into(legal_hold::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn holds(&mut self) -> Result<Vec<LegalHold>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| legal_hold::table
            .filter(legal_hold::lifted_at.is_null())
            .order((legal_hold::placed_at, legal_hold::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(LegalHold::from).collect())
    }

    fn lift_hold(&mut self, id: HoldId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let standing = legal_hold::table
            .filter(legal_hold::id.eq(Id::from(id)))
            .filter(legal_hold::lifted_at.is_null());
        on!(self.connection(), |conn| diesel::update(standing)
            .set(legal_hold::lifted_at.eq(Some(At(at))))
            .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }
}
