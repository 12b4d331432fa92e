//! Taking the words from emergencies.

use diesel::prelude::*;
use domain::StoreError;

use crate::{
    columns::Id,
    connection::on,
    database::{Transaction, store_error},
    schema::{
        emergency_callback, emergency_correction, emergency_location, emergency_message,
        emergency_note, emergency_question, emergency_statement, emergency_trace,
    },
};

impl Transaction<'_> {
    /// Erases what was said, told, written and noted about emergencies after their first call.
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
            emergency_message::table.filter(emergency_message::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_note::table.filter(emergency_note::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_correction::table.filter(emergency_correction::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_callback::table.filter(emergency_callback::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_question::table.filter(emergency_question::emergency_id.eq_any(some))
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
