//! The systems that tell of dossiers, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    dossier::{Source, SourceId, SourceRepository},
};

use crate::{
    columns::{At, Id, bytes, digest},
    connection::on,
    database::{Transaction, store_error},
    schema::dossier_source::{self, dsl},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = dossier_source, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    name: String,
    prefix: String,
    secret: Vec<u8>,
    admitted_at: At,
    expires_at: At,
    used_at: Option<At>,
}

impl From<&Source> for Row {
    fn from(source: &Source) -> Self {
        Self {
            id: source.id.into(),
            name: source.name.clone(),
            prefix: source.prefix.clone(),
            secret: bytes(source.secret),
            admitted_at: At(source.admitted_at),
            expires_at: At(source.expires_at),
            used_at: source.used_at.map(At),
        }
    }
}

impl TryFrom<Row> for Source {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            name: row.name,
            prefix: row.prefix,
            secret: digest(row.secret)?,
            admitted_at: row.admitted_at.0,
            expires_at: row.expires_at.0,
            used_at: row.used_at.map(|at| at.0),
        })
    }
}

impl SourceRepository for Transaction<'_> {
    fn add_source(&mut self, source: &Source) -> Result<(), StoreError> {
        let row = Row::from(source);
        on!(self.connection(), |conn| diesel::insert_into(dossier_source::table)
            .values(row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn sources(&mut self) -> Result<Vec<Source>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| dossier_source::table
            .order(dsl::name)
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Source::try_from).collect()
    }

    fn source_with(&mut self, prefix: &str) -> Result<Option<Source>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| dossier_source::table
            .filter(dsl::prefix.eq(prefix))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(Source::try_from).transpose()
    }

    fn note_source_use(&mut self, id: SourceId, at: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::update(dossier_source::table.find(Id::from(id)))
            .set(dsl::used_at.eq(At(at)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn remove_source(&mut self, name: &str) -> Result<Option<SourceId>, StoreError> {
        let removed: Option<Id> = on!(self.connection(), |conn| diesel::delete(
            dossier_source::table.filter(dsl::name.eq(name))
        )
        .returning(dsl::id)
        .get_result(conn)
        .optional())
        .map_err(store_error)?;
        Ok(removed.map(SourceId::from))
    }
}
