//! The ledger of consents in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    identity::CitizenId,
    personal::{Consent, ConsentLedger, ConsentPurpose},
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::consent,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = consent)]
struct Row {
    id: Id,
    citizen: Id,
    purpose: AsText<ConsentPurpose>,
    text_version: i32,
    granted: bool,
    channel: String,
    at: At,
}

impl From<&Consent> for Row {
    fn from(consent: &Consent) -> Self {
        Self {
            id: consent.id.into(),
            citizen: consent.citizen.into(),
            purpose: AsText(consent.purpose),
            text_version: i32::try_from(consent.text_version).unwrap_or(i32::MAX),
            granted: consent.granted,
            channel: consent.channel.clone(),
            at: At(consent.at),
        }
    }
}

impl From<Row> for Consent {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            citizen: row.citizen.into(),
            purpose: row.purpose.0,
            text_version: row.text_version.unsigned_abs(),
            granted: row.granted,
            channel: row.channel,
            at: row.at.0,
        }
    }
}

impl ConsentLedger for Transaction<'_> {
    fn add_consent(&mut self, consent: &Consent) -> Result<(), StoreError> {
        let row = Row::from(consent);
        on!(self.connection(), |conn| diesel::insert_into(consent::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn consents(&mut self, citizen: CitizenId) -> Result<Vec<Consent>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| consent::table
            .filter(consent::citizen.eq(Id::from(citizen)))
            .order((consent::at, consent::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Consent::from).collect())
    }
}
