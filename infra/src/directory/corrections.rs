//! Corrections of facilities, in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::{Correction, CorrectionRepository, OpeningHours},
};

use crate::{
    columns::AsText,
    connection::on,
    database::{Transaction, store_error},
    schema::facility_correction::{self, dsl},
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = facility_correction,
    primary_key(facility),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct Row {
    facility: String,
    opening_hours: Option<AsText<OpeningHours>>,
    phone: Option<String>,
    version: i64,
}

impl From<Row> for Correction {
    fn from(row: Row) -> Self {
        Self {
            facility: row.facility,
            opening_hours: row.opening_hours.map(|hours| hours.0),
            phone: row.phone,
            version: row.version,
        }
    }
}

impl CorrectionRepository for Transaction<'_> {
    fn correction(&mut self, facility: &str) -> Result<Option<Correction>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| facility_correction::table
            .find(facility)
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(row.map(Correction::from))
    }

    fn corrections(&mut self) -> Result<Vec<Correction>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| facility_correction::table
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Correction::from).collect())
    }

    fn put_correction(&mut self, correction: &Correction, from: i64) -> Result<(), StoreError> {
        let row = Row {
            facility: correction.facility.clone(),
            opening_hours: correction.opening_hours.clone().map(AsText),
            phone: correction.phone.clone(),
            version: correction.version,
        };
        let put = if from == 0 {
            on!(self.connection(), |conn| diesel::insert_into(facility_correction::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(conn))
        } else {
            on!(self.connection(), |conn| diesel::update(
                facility_correction::table.find(&correction.facility)
            )
            .filter(dsl::version.eq(from))
            .set(&row)
            .execute(conn))
        };
        match put.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }
}
