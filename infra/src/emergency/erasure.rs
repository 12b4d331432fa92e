//! Taking the words from emergencies.

use diesel::prelude::*;
use domain::StoreError;

use crate::{
    columns::Id,
    connection::on,
    database::{Transaction, store_error},
    schema::{emergency_location, emergency_note, emergency_statement, emergency_trace},
};

impl Transaction<'_> {
    /// Erases what was said, told and noted about emergencies after their first call.
    pub(crate) fn erase_records_of(&mut self, some: &[Id]) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(
            emergency_location::table.filter(emergency_location::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_statement::table.filter(emergency_statement::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_note::table.filter(emergency_note::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_trace::table.filter(emergency_trace::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}
