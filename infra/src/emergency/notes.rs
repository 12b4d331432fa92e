//! What dispatchers write about emergencies, sealed.

use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{EmergencyId, Note, NoteRepository},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::emergency_note,
    vault::Column,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = emergency_note, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    emergency_id: Id,
    at: At,
    staff: Id,
    username: String,
    about: Option<String>,
    text: Vec<u8>,
}

impl NoteRepository for Transaction<'_> {
    fn add_note(&mut self, note: &Note) -> Result<(), StoreError> {
        let id = note.id.uuid();
        let row = Row {
            id: note.id.into(),
            emergency_id: note.emergency.into(),
            at: At(note.at),
            staff: note.staff.into(),
            username: note.username.clone(),
            about: note.about.clone(),
            text: self.vault()?.seal(Column::EMERGENCY_NOTE, id, note.text.as_bytes()),
        };
        on!(self.connection(), |conn| diesel::insert_into(emergency_note::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn notes(&mut self, id: EmergencyId) -> Result<Vec<Note>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency_note::table
            .filter(emergency_note::emergency_id.eq(Id::from(id)))
            .order((emergency_note::at, emergency_note::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        let note = |row: Row| {
            Ok(Note {
                text: vault.open_text(Column::EMERGENCY_NOTE, row.id.0, &row.text)?,
                id: row.id.into(),
                emergency: row.emergency_id.into(),
                at: row.at.0,
                staff: row.staff.into(),
                username: row.username,
                about: row.about,
            })
        };
        rows.into_iter().map(note).collect()
    }
}
