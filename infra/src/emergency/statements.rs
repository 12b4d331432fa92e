//! What was said under the ids of emergencies.

use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{EmergencyId, Statement},
};

use super::{opened, read, sealed, written};
use crate::{
    columns::{At, Id, bytes, digest},
    connection::on,
    database::{Transaction, store_error},
    schema::emergency_statement,
    vault::{Column, Vault},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = emergency_statement, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    emergency_id: Id,
    at: At,
    verified: bool,
    said: Vec<u8>,
    fixes: String,
    cancels: bool,
    body: Vec<u8>,
}

impl Row {
    fn of(statement: &Statement, vault: &Vault) -> Result<Self, StoreError> {
        let id = statement.id.uuid();
        Ok(Self {
            id: statement.id.into(),
            emergency_id: statement.emergency.into(),
            at: At(statement.at),
            verified: statement.verified,
            said: sealed(vault, Column::EMERGENCY_STATEMENT_SAID, id, &statement.said)?,
            fixes: written(&statement.fixes)?,
            cancels: statement.cancels,
            body: bytes(statement.body),
        })
    }

    fn statement(self, vault: &Vault) -> Result<Statement, StoreError> {
        Ok(Statement {
            id: self.id.into(),
            emergency: self.emergency_id.into(),
            at: self.at.0,
            verified: self.verified,
            said: opened(vault, Column::EMERGENCY_STATEMENT_SAID, self.id.0, &self.said)?,
            fixes: read(&self.fixes)?,
            cancels: self.cancels,
            body: digest(self.body)?,
        })
    }
}

impl Transaction<'_> {
    pub(super) fn write_statement(&mut self, statement: &Statement) -> Result<bool, StoreError> {
        let row = Row::of(statement, self.vault()?)?;
        let added = on!(self.connection(), |conn| diesel::insert_into(emergency_statement::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        Ok(added == 1)
    }

    pub(super) fn read_statements(
        &mut self,
        id: EmergencyId,
    ) -> Result<Vec<Statement>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency_statement::table
            .filter(emergency_statement::emergency_id.eq(Id::from(id)))
            .order((emergency_statement::at, emergency_statement::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.statement(vault)).collect()
    }
}
