//! What dispatchers put right about emergencies, sealed.

use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{Corrected, CorrectionRepository, EmergencyId},
};

use super::{read, written};
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::emergency_correction,
    vault::Column,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = emergency_correction, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    emergency_id: Id,
    at: At,
    staff: Id,
    username: String,
    changes: Vec<u8>,
}

impl CorrectionRepository for Transaction<'_> {
    fn add_correction(&mut self, corrected: &Corrected) -> Result<(), StoreError> {
        let changes = written(&corrected.changes)?;
        let (column, id) = (Column::EMERGENCY_CORRECTION, corrected.id.uuid());
        let row = Row {
            id: corrected.id.into(),
            emergency_id: corrected.emergency.into(),
            at: At(corrected.at),
            staff: corrected.staff.into(),
            username: corrected.username.clone(),
            changes: self.vault()?.seal(column, id, changes.as_bytes()),
        };
        on!(self.connection(), |conn| diesel::insert_into(emergency_correction::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn corrections(&mut self, id: EmergencyId) -> Result<Vec<Corrected>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency_correction::table
            .filter(emergency_correction::emergency_id.eq(Id::from(id)))
            .order((emergency_correction::at, emergency_correction::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        let corrected = |row: Row| {
            let changes = vault.open_text(Column::EMERGENCY_CORRECTION, row.id.0, &row.changes)?;
            Ok(Corrected {
                id: row.id.into(),
                emergency: row.emergency_id.into(),
                at: row.at.0,
                staff: row.staff.into(),
                username: row.username,
                changes: read(&changes)?,
            })
        };
        rows.into_iter().map(corrected).collect()
    }
}
