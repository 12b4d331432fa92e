//! Legal holds in the store.

use chrono::{DateTime, Utc};
use diesel::{dsl::exists, prelude::*};
use domain::{
    StoreError,
    personal::{HoldId, HoldRepository, LegalHold},
};
use uuid::Uuid;

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{citizen, emergency, feedback_report, legal_hold},
    vault::{Column, Vault},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = legal_hold, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    subject: Id,
    reason: Vec<u8>,
    placed_by: Id,
    placed_at: At,
}

impl Row {
    fn of(hold: &LegalHold, vault: &Vault) -> Self {
        let (id, reason) = (hold.id.uuid(), hold.reason.as_bytes());
        Self {
            id: hold.id.into(),
            subject: Id(hold.subject),
            reason: vault.seal(Column::HOLD_REASON, id, reason),
            placed_by: hold.placed_by.into(),
            placed_at: At(hold.placed_at),
        }
    }

    fn hold(self, vault: &Vault) -> Result<LegalHold, StoreError> {
        Ok(LegalHold {
            id: self.id.into(),
            subject: self.subject.0,
            reason: vault.open_text(Column::HOLD_REASON, self.id.0, &self.reason)?,
            placed_by: self.placed_by.into(),
            placed_at: self.placed_at.0,
        })
    }
}

impl HoldRepository for Transaction<'_> {
    fn add_hold(&mut self, hold: &LegalHold) -> Result<(), StoreError> {
        let row = Row::of(hold, self.vault()?);
        on!(self.connection(), |conn| diesel::insert_into(legal_hold::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn holds(&mut self) -> Result<Vec<LegalHold>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| legal_hold::table
            .filter(legal_hold::lifted_at.is_null())
            .order((legal_hold::placed_at, legal_hold::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.hold(vault)).collect()
    }

    fn is_any_held(&mut self, some: &[Uuid]) -> Result<bool, StoreError> {
        let named = legal_hold::table
            .filter(legal_hold::lifted_at.is_null())
            .filter(legal_hold::subject.eq_any(some.iter().copied().map(Id)));
        on!(self.connection(), |conn| diesel::select(exists(named)).get_result(conn))
            .map_err(store_error)
    }

    fn can_be_held(&mut self, subject: Uuid) -> Result<bool, StoreError> {
        let id = Id(subject);
        on!(self.connection(), |conn| diesel::select(
            exists(citizen::table.find(id))
                .or(exists(emergency::table.find(id)))
                .or(exists(feedback_report::table.find(id)))
        )
        .get_result(conn))
        .map_err(store_error)
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
