//! What dispatchers put right about emergencies, sealed.

use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{Corrected, CorrectionRepository, EmergencyId, Field, FieldChange},
};
use serde_json::Value;

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

impl Transaction<'_> {
    /// Takes from what was put right about emergencies where help was needed. That it was put right,
    /// and by whom, stays.
    pub(super) fn erase_places_of_corrections(&mut self, some: &[Id]) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let rows: Vec<(Id, Vec<u8>)> = on!(self.connection(), |conn| emergency_correction::table
            .filter(emergency_correction::emergency_id.eq_any(some))
            .select((emergency_correction::id, emergency_correction::changes))
            .load(conn))
        .map_err(store_error)?;
        for (id, sealed) in rows {
            let text = vault.open_text(Column::EMERGENCY_CORRECTION, id.0, &sealed)?;
            let mut changes: Vec<FieldChange> = read(&text)?;
            let places = changes.iter_mut().filter(|change| change.field == Field::Location);
            for change in places {
                (change.before, change.after) = (Value::Null, Value::Null);
            }
            let changes = written(&changes)?;
            let changes = vault.seal(Column::EMERGENCY_CORRECTION, id.0, changes.as_bytes());
            on!(self.connection(), |conn| diesel::update(emergency_correction::table.find(id))
                .set(emergency_correction::changes.eq(&changes))
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }
}
