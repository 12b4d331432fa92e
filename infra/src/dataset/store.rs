//! Versions of open data in the store.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::{
    Id, Moment, StoreError,
    event::{Event, EventLog as _, Topic},
};
use serde::de::DeserializeOwned;

use super::Dataset;
use crate::{
    columns::{self, AsText, At},
    connection::on,
    database::{Transaction, store_error},
    schema::{dataset_row, dataset_version},
};

/// A load that was not touched for so long has died.
pub(crate) const ABANDONED: TimeDelta = TimeDelta::minutes(1);

/// How many rows one unit of work sweeps.
pub(crate) const SWEPT_AT_ONCE: i64 = 200;

/// How many rows are held as text while they are read.
const READ_AT_ONCE: i64 = 2000;

pub(crate) const LOADING: &str = "loading";
pub(crate) const ACTIVE: &str = "active";
pub(crate) const RETIRED: &str = "retired";

/// One version of a list of open data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: Id<Version>,
    /// Which list it is of.
    pub dataset: Dataset,
    /// The file it was read from.
    pub source: String,
    /// The digest of that file.
    pub digest: String,
    /// How many records it has.
    pub records: i64,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = dataset_version)]
struct Row {
    id: columns::Id,
    dataset: AsText<Dataset>,
    source: String,
    digest: String,
    records: i64,
    imported_at: At,
}

#[derive(Insertable)]
#[diesel(table_name = dataset_version, treat_none_as_default_value = false)]
struct NewRow<'v> {
    id: columns::Id,
    dataset: &'static str,
    state: &'static str,
    source: &'v str,
    digest: &'v str,
    records: i64,
    imported_at: At,
    touched_at: At,
}

#[derive(Insertable)]
#[diesel(table_name = dataset_row, treat_none_as_default_value = false)]
pub(super) struct Record {
    pub(super) version: columns::Id,
    pub(super) number: i64,
    pub(super) content: String,
}

impl Version {
    /// How many records it has.
    pub(super) fn len(&self) -> usize {
        usize::try_from(self.records).unwrap_or_default()
    }
}

impl From<Row> for Version {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            dataset: row.dataset.0,
            source: row.source,
            digest: row.digest,
            records: row.records,
            imported_at: row.imported_at.0,
        }
    }
}

/// The versions in force, one of each dataset that was ever loaded.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn active_versions(tx: &mut Transaction<'_>) -> Result<Vec<Version>, StoreError> {
    let rows: Vec<Row> = on!(tx.connection(), |conn| dataset_version::table
        .filter(dataset_version::state.eq(ACTIVE))
        .order(dataset_version::dataset)
        .select(Row::as_select())
        .load(conn))
    .map_err(store_error)?;
    Ok(rows.into_iter().map(Version::from).collect())
}

impl Transaction<'_> {
    /// The records of `dataset`, as `versions` have it, in their order; none where it was never
    /// loaded.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer or holds what this program cannot read.
    pub(crate) fn records_of<T: DeserializeOwned>(
        &mut self,
        versions: &[Version],
        dataset: Dataset,
    ) -> Result<Vec<T>, StoreError> {
        match versions.iter().find(|version| version.dataset == dataset) {
            Some(version) => self.records(version),
            None => Ok(Vec::new()),
        }
    }

    /// The records of a version, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer or holds what this program cannot read.
    pub fn records<T: DeserializeOwned>(
        &mut self,
        version: &Version,
    ) -> Result<Vec<T>, StoreError> {
        let mut records = Vec::with_capacity(version.len());
        loop {
            let some = self.some_records(version, records.len())?;
            if some.is_empty() {
                return Ok(records);
            }
            for content in some {
                let record = serde_json::from_str(&content);
                records.push(record.map_err(|error| {
                    StoreError::Failed(format!("{}: {error}", version.dataset))
                })?);
            }
        }
    }

    /// Some records of a version after the first `read`: numbers count from one, without holes.
    fn some_records(&mut self, version: &Version, read: usize) -> Result<Vec<String>, StoreError> {
        let read = i64::try_from(read).unwrap_or(i64::MAX);
        on!(self.connection(), |conn| dataset_row::table
            .filter(dataset_row::version.eq(columns::Id::from(version.id)))
            .filter(dataset_row::number.gt(read))
            .order(dataset_row::number)
            .select(dataset_row::content)
            .limit(READ_AT_ONCE)
            .load(conn))
        .map_err(store_error)
    }

    /// Begins to load `version`. Nobody sees it yet.
    pub(super) fn begin_version(&mut self, version: &Version) -> Result<(), StoreError> {
        let row = NewRow {
            id: version.id.into(),
            dataset: version.dataset.as_str(),
            state: LOADING,
            source: &version.source,
            digest: &version.digest,
            records: version.records,
            imported_at: At(version.imported_at),
            touched_at: At(version.imported_at),
        };
        on!(self.connection(), |conn| diesel::insert_into(dataset_version::table)
            .values(&row)
            .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }

    /// Adds `records` to a version that is being loaded.
    pub(super) fn add_records(
        &mut self,
        version: Id<Version>,
        records: &[Record],
        now: &Moment,
    ) -> Result<(), StoreError> {
        let loading = on!(self.connection(), |conn| diesel::update(dataset_version::table)
            .filter(dataset_version::id.eq(columns::Id::from(version)))
            .filter(dataset_version::state.eq(LOADING))
            .set(dataset_version::touched_at.eq(At(now.at)))
            .execute(conn))
        .map_err(store_error)?;
        if loading == 0 {
            return Err(StoreError::Stale);
        }
        on!(self.connection(), |conn| diesel::insert_into(dataset_row::table)
            .values(records)
            .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }

    /// Puts `version` in force in place of the one before it.
    pub(super) fn switch_to(&mut self, version: &Version) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::update(dataset_version::table)
            .filter(dataset_version::dataset.eq(version.dataset.as_str()))
            .filter(dataset_version::state.eq(ACTIVE))
            .set(dataset_version::state.eq(RETIRED))
            .execute(conn))
        .map_err(store_error)?;
        let switched = on!(self.connection(), |conn| diesel::update(dataset_version::table)
            .filter(dataset_version::id.eq(columns::Id::from(version.id)))
            .filter(dataset_version::state.eq(LOADING))
            .set(dataset_version::state.eq(ACTIVE))
            .execute(conn))
        .map_err(store_error)?;
        if switched == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }

    /// Tells whoever follows the system's events that `version` is in force.
    pub(super) fn announce(&mut self, version: &Version, now: &Moment) -> Result<(), StoreError> {
        self.append(&Event {
            id: now.new_id::<Event>().uuid(),
            topic: Topic::System,
            kind: "dataset.switched",
            subject: version.id.uuid(),
            agency: None,
            at: now.at,
            data: serde_json::json!({ "dataset": version.dataset.as_str() }),
        })
    }

    /// Removes some rows of versions that are retired or whose load has died. Says whether more
    /// are left.
    pub(super) fn sweep_some(&mut self, now: &Moment) -> Result<bool, StoreError> {
        let Some(version) = self.swept_next(now)? else { return Ok(false) };
        let rows: Vec<i64> = on!(self.connection(), |conn| dataset_row::table
            .filter(dataset_row::version.eq(version))
            .order(dataset_row::number)
            .select(dataset_row::number)
            .limit(SWEPT_AT_ONCE)
            .load(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| match rows.last() {
            Some(last) => diesel::delete(dataset_row::table)
                .filter(dataset_row::version.eq(version))
                .filter(dataset_row::number.le(last))
                .execute(conn),
            None => diesel::delete(dataset_version::table.find(version)).execute(conn),
        })
        .map_err(store_error)?;
        Ok(true)
    }

    /// A version nobody needs any more. A load that was given up is retired first, so that it
    /// cannot go on.
    fn swept_next(&mut self, now: &Moment) -> Result<Option<columns::Id>, StoreError> {
        on!(self.connection(), |conn| diesel::update(dataset_version::table)
            .filter(dataset_version::state.eq(LOADING))
            .filter(dataset_version::touched_at.lt(At(now.at - ABANDONED)))
            .set(dataset_version::state.eq(RETIRED))
            .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| dataset_version::table
            .filter(dataset_version::state.eq(RETIRED))
            .order(dataset_version::id)
            .select(dataset_version::id)
            .first(conn)
            .optional())
        .map_err(store_error)
    }
}
