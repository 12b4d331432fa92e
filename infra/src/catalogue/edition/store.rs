//! Editions in the store.

use diesel::prelude::*;
use domain::{
    Id, Moment, StoreError,
    catalogue::{
        Edition, History, Procedure, ProcedureArchive, ProcedureCode, ProcedureVersion, Standing,
    },
};

use super::Draft;
use crate::{
    columns::{self, AsText, At},
    connection::on,
    database::{Transaction, store_error},
    dataset::{ABANDONED, ACTIVE, LOADING, RETIRED, SWEPT_AT_ONCE},
    schema::{catalogue_edition, procedure_version},
};

#[derive(Insertable)]
#[diesel(table_name = catalogue_edition, treat_none_as_default_value = false)]
struct NewEdition<'d> {
    id: columns::Id,
    state: &'static str,
    number: Option<i64>,
    digest: &'d str,
    made_at: At,
}

/// A version of a procedure with what it says; a tombstone says nothing.
#[derive(Insertable)]
#[diesel(table_name = procedure_version, treat_none_as_default_value = false)]
pub(super) struct Entry {
    edition: columns::Id,
    code: String,
    number: i64,
    digest: Option<String>,
    content: Option<String>,
}

#[derive(Queryable)]
struct Found {
    code: AsText<ProcedureCode>,
    number: i64,
    edition: Option<i64>,
    digest: Option<String>,
}

impl Entry {
    /// The `version` that `edition` brings, with its text.
    pub(super) fn new(
        edition: Id<Edition>,
        version: ProcedureVersion,
        content: Option<String>,
    ) -> Self {
        let ProcedureVersion { code, number, digest, .. } = version;
        Self { edition: edition.into(), code: code.into(), number, digest, content }
    }

    /// How many bytes it says.
    pub(super) fn len(&self) -> usize {
        self.content.as_ref().map_or(0, String::len)
    }
}

impl Transaction<'_> {
    /// Whether the catalogue ever was in force.
    pub(super) fn has_edition(&mut self) -> Result<bool, StoreError> {
        let editions = catalogue_edition::table.filter(catalogue_edition::state.eq(ACTIVE));
        on!(self.connection(), |conn| diesel::select(diesel::dsl::exists(editions))
            .get_result(conn))
        .map_err(store_error)
    }

    /// The history of the catalogue.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn catalogue_history(&mut self) -> Result<History, StoreError> {
        let editions: Vec<(Option<i64>, String, At)> =
            on!(self.connection(), |conn| catalogue_edition::table
                .filter(catalogue_edition::state.eq(ACTIVE))
                .order(catalogue_edition::number)
                .select((
                    catalogue_edition::number,
                    catalogue_edition::digest,
                    catalogue_edition::made_at
                ))
                .load(conn))
            .map_err(store_error)?;
        let versions: Vec<Found> = on!(self.connection(), |conn| procedure_version::table
            .inner_join(catalogue_edition::table)
            .filter(catalogue_edition::state.eq(ACTIVE))
            .select((
                procedure_version::code,
                procedure_version::number,
                catalogue_edition::number,
                procedure_version::digest
            ))
            .load(conn))
        .map_err(store_error)?;
        let edition = |(number, digest, made_at): (Option<i64>, String, At)| {
            Some(Edition { number: number?, digest, made_at: made_at.0 })
        };
        let version = |found: Found| {
            let Found { code, number, edition, digest } = found;
            Some(ProcedureVersion { code: code.0, number, edition: edition?, digest })
        };
        Ok(History::new(
            editions.into_iter().filter_map(edition).collect(),
            versions.into_iter().filter_map(version).collect(),
        ))
    }

    /// Begins to load an edition. Nobody sees it yet.
    pub(super) fn begin_edition(&mut self, draft: &Draft, now: &Moment) -> Result<(), StoreError> {
        let row = NewEdition {
            id: draft.id.into(),
            state: LOADING,
            number: None,
            digest: &draft.digest,
            made_at: At(now.at),
        };
        on!(self.connection(), |conn| diesel::insert_into(catalogue_edition::table)
            .values(&row)
            .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }

    /// Adds `entries` to an edition that is being loaded.
    pub(super) fn add_to_edition(
        &mut self,
        edition: Id<Edition>,
        entries: &[Entry],
        now: &Moment,
    ) -> Result<(), StoreError> {
        let loading = on!(self.connection(), |conn| diesel::update(catalogue_edition::table)
            .filter(catalogue_edition::id.eq(columns::Id::from(edition)))
            .filter(catalogue_edition::state.eq(LOADING))
            .set(catalogue_edition::made_at.eq(At(now.at)))
            .execute(conn))
        .map_err(store_error)?;
        if loading == 0 {
            return Err(StoreError::Stale);
        }
        on!(self.connection(), |conn| diesel::insert_into(procedure_version::table)
            .values(entries)
            .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }

    /// Puts an edition in force. Two that were made of the same one have the same number, and the
    /// second is refused. None is older than the one before, whatever the clocks say.
    pub(crate) fn publish(&mut self, draft: &Draft, now: &Moment) -> Result<(), StoreError> {
        let newest: Option<At> = on!(self.connection(), |conn| catalogue_edition::table
            .filter(catalogue_edition::state.eq(ACTIVE))
            .select(diesel::dsl::max(catalogue_edition::made_at))
            .first(conn))
        .map_err(store_error)?;
        let made_at = newest.map_or(now.at, |newest| newest.0.max(now.at));
        let published = on!(self.connection(), |conn| diesel::update(catalogue_edition::table)
            .filter(catalogue_edition::id.eq(columns::Id::from(draft.id)))
            .filter(catalogue_edition::state.eq(LOADING))
            .set((
                catalogue_edition::state.eq(ACTIVE),
                catalogue_edition::number.eq(draft.number),
                catalogue_edition::made_at.eq(At(made_at)),
            ))
            .execute(conn))
        .map_err(store_error)?;
        if published == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }

    /// Removes some of an edition whose load has died. Says whether more is left.
    pub(crate) fn sweep_editions(&mut self, now: &Moment) -> Result<bool, StoreError> {
        // It is retired first, so that the load cannot go on.
        on!(self.connection(), |conn| diesel::update(catalogue_edition::table)
            .filter(catalogue_edition::state.eq(LOADING))
            .filter(catalogue_edition::made_at.lt(At(now.at - ABANDONED)))
            .set(catalogue_edition::state.eq(RETIRED))
            .execute(conn))
        .map_err(store_error)?;
        let retired: Option<columns::Id> = on!(self.connection(), |conn| catalogue_edition::table
            .filter(catalogue_edition::state.eq(RETIRED))
            .select(catalogue_edition::id)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        let Some(edition) = retired else { return Ok(false) };
        let codes: Vec<String> = on!(self.connection(), |conn| procedure_version::table
            .filter(procedure_version::edition.eq(edition))
            .order(procedure_version::code)
            .select(procedure_version::code)
            .limit(SWEPT_AT_ONCE)
            .load(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| match codes.last() {
            Some(last) => diesel::delete(procedure_version::table)
                .filter(procedure_version::edition.eq(edition))
                .filter(procedure_version::code.le(last))
                .execute(conn),
            None => diesel::delete(catalogue_edition::table.find(edition)).execute(conn),
        })
        .map_err(store_error)?;
        Ok(true)
    }
}

impl ProcedureArchive for Transaction<'_> {
    fn procedure_version(
        &mut self,
        code: &ProcedureCode,
        number: i64,
    ) -> Result<Option<(Procedure, Standing)>, StoreError> {
        let rows: Vec<(i64, At, Option<String>)> =
            on!(self.connection(), |conn| procedure_version::table
                .inner_join(catalogue_edition::table)
                .filter(catalogue_edition::state.eq(ACTIVE))
                .filter(procedure_version::code.eq(code.as_str()))
                .filter(procedure_version::number.ge(number))
                .order(procedure_version::number)
                .select((
                    procedure_version::number,
                    catalogue_edition::made_at,
                    procedure_version::content
                ))
                .limit(2)
                .load(conn))
            .map_err(store_error)?;
        let mut rows = rows.into_iter();
        let Some((found, valid_from, Some(content))) = rows.next() else { return Ok(None) };
        if found != number {
            return Ok(None);
        }
        let procedure = serde_json::from_str(&content)
            .map_err(|error| StoreError::Failed(format!("{code}, version {number}: {error}")))?;
        let valid_to = rows.next().map(|(_, next, _)| next.0);
        Ok(Some((procedure, Standing { version: number, valid_from: valid_from.0, valid_to })))
    }
}
