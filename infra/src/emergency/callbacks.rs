//! How ringing callers back went, sealed.

use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{Callback, CallbackOutcome, CallbackRepository, EmergencyId},
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::emergency_callback,
    vault::Column,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = emergency_callback, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    emergency_id: Id,
    at: At,
    staff: Id,
    username: String,
    outcome: AsText<CallbackOutcome>,
    note: Option<Vec<u8>>,
}

impl CallbackRepository for Transaction<'_> {
    fn add_callback(&mut self, callback: &Callback) -> Result<(), StoreError> {
        let (vault, id) = (self.vault()?, callback.id.uuid());
        let seal = |note: &String| vault.seal(Column::EMERGENCY_CALLBACK_NOTE, id, note.as_bytes());
        let row = Row {
            id: callback.id.into(),
            emergency_id: callback.emergency.into(),
            at: At(callback.at),
            staff: callback.staff.into(),
            username: callback.username.clone(),
            outcome: AsText(callback.outcome),
            note: callback.note.as_ref().map(seal),
        };
        on!(self.connection(), |conn| diesel::insert_into(emergency_callback::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn callbacks(&mut self, ids: &[EmergencyId]) -> Result<Vec<Callback>, StoreError> {
        let vault = self.vault()?;
        let ids = ids.iter().copied().map(Id::from);
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency_callback::table
            .filter(emergency_callback::emergency_id.eq_any(ids))
            .order((emergency_callback::at, emergency_callback::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        let callback = |row: Row| {
            let open =
                |note: Vec<u8>| vault.open_text(Column::EMERGENCY_CALLBACK_NOTE, row.id.0, &note);
            Ok(Callback {
                id: row.id.into(),
                emergency: row.emergency_id.into(),
                at: row.at.0,
                staff: row.staff.into(),
                username: row.username,
                outcome: row.outcome.0,
                note: row.note.map(open).transpose()?,
            })
        };
        rows.into_iter().map(callback).collect()
    }
}
