//! Bringing a file of open data into the store.

use domain::{Moment, StoreError};

use super::{
    Chunks, Dataset, Doubt, Reading, Source, Version, coarse, coded,
    store::{Record, active_versions},
};
use crate::{
    catalogue::edition::{self, Changes, Drafted},
    database::Database,
};

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The list that was imported.
    pub dataset: Dataset,
    /// Whether a new version is in force; not so where the file is the one in force already.
    pub switched: bool,
    /// How many records are in force.
    pub records: usize,
    /// What it changed in the catalogue of procedures.
    pub changes: Changes,
    /// What was doubtful in the file, and in the catalogue that it makes with the other lists.
    pub doubts: Vec<Doubt>,
}

/// Why nothing was imported. What was in force before still is.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// No row could be taken.
    #[error("{dataset}: no row of the file could be taken")]
    NothingValid {
        /// The list the file was read as.
        dataset: Dataset,
        /// What is wrong with the rows.
        doubts: Vec<Doubt>,
    },
    /// Most procedures of the file stand in the other list: it was taken for this one.
    #[error("{dataset}: most procedures of the file stand in {other}; nothing has changed")]
    OtherList {
        /// The list the file was read as.
        dataset: Dataset,
        /// The list that has its procedures.
        other: Dataset,
    },
    /// The file has far fewer rows than are in force.
    #[error("{dataset}: {records} rows could be taken, and {in_force} are in force")]
    Shrinks {
        /// The list the file was read as.
        dataset: Dataset,
        /// How many rows could be taken.
        records: usize,
        /// How many are in force.
        in_force: usize,
        /// What is wrong with the rows.
        doubts: Vec<Doubt>,
    },
    /// The outlines have less than half of the points in force.
    #[error(
        "{dataset}: the outlines have less than half of the points in force; nothing has changed. \
         Those for drawing are in a file with `simplified` in its name. If these are meant, import \
         them with --shrink"
    )]
    Coarse {
        /// The list the file was read as.
        dataset: Dataset,
    },
    /// Another import was put in force while this one was loaded.
    #[error("another import was put in force meanwhile")]
    Overtaken,
    /// The store could not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports `source` as a new version of its list: reads and checks it, loads it in chunks, puts it
/// in force by one switch and sweeps what it replaced.
///
/// `now` is asked before each unit of work; `progress` hears how many of how many records are
/// loaded.
///
/// # Errors
/// [`ImportError`] when nothing was imported.
pub async fn import(
    database: &Database,
    now: &(dyn Fn() -> Moment + Sync),
    source: Source,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<Report, ImportError> {
    sweep(database, now).await?;
    let dataset = source.dataset;
    let active = database.read(active_versions).await?;
    let before = active.iter().find(|version| version.dataset == dataset);
    let in_force = before.map_or(0, Version::len);
    if before.is_some_and(|before| before.digest == source.digest) {
        let (changes, doubts) = (Changes::default(), Vec::new());
        return Ok(Report { dataset, switched: false, records: in_force, changes, doubts });
    }
    let may_shrink = source.may_shrink;
    let (version, reading) = read(source, now()).await?;
    let (records, mut doubts) = (reading.records.len(), reading.doubts);
    if records == 0 {
        return Err(ImportError::NothingValid { dataset, doubts });
    }
    if let Some(other) = coded::meant(database, &active, dataset, &reading.records).await? {
        return Err(ImportError::OtherList { dataset, other });
    }
    if !may_shrink && dataset.shrinks(records, in_force) {
        return Err(ImportError::Shrinks { dataset, records, in_force, doubts });
    }
    if !may_shrink && coarse::are_coarse(database, before, &reading.records).await? {
        return Err(ImportError::Coarse { dataset });
    }
    doubts.extend(coded::strays(database, &active, dataset, &reading.records).await?);
    load(database, now, &version, reading.records, progress).await?;
    let Drafted { draft, doubts: joining } =
        edition::draft(database, now, std::slice::from_ref(&version)).await?;
    doubts.extend(joining);
    let changes = draft.as_ref().map(|draft| draft.changes).unwrap_or_default();
    let moment = now();
    let switching = database.write(move |tx| {
        tx.switch_to(&version)?;
        tx.announce(&version, &moment)?;
        draft.map_or(Ok(()), |draft| tx.publish(&draft, &moment))
    });
    switching.await.map_err(|error| match error {
        StoreError::Duplicate | StoreError::Stale => ImportError::Overtaken,
        error => error.into(),
    })?;
    sweep(database, now).await?;
    Ok(Report { dataset, switched: true, records, changes, doubts })
}

/// Reads and checks `source`: the version that it is, and its records.
pub(super) async fn read(
    source: Source,
    now: Moment,
) -> Result<(Version, Reading<String>), StoreError> {
    let Source { dataset, name, bytes, digest, as_of, .. } = source;
    let reading = tokio::task::spawn_blocking(move || dataset.read(&bytes, as_of))
        .await
        .map_err(|failure| StoreError::Failed(failure.to_string()))?;
    let version = Version {
        id: now.new_id(),
        dataset,
        source: name,
        digest,
        records: i64::try_from(reading.records.len()).unwrap_or(i64::MAX),
        imported_at: now.at,
    };
    Ok((version, reading))
}

/// Loads `records` as a version that nobody sees yet, in chunks.
pub(super) async fn load(
    database: &Database,
    now: &(dyn Fn() -> Moment + Sync),
    version: &Version,
    records: Vec<String>,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<(), StoreError> {
    let (begun, id, total) = (version.clone(), version.id, records.len());
    database.write(move |tx| tx.begin_version(&begun)).await?;
    let record = |(number, content)| Record { version: id.into(), number, content };
    let records = (1..).zip(records).map(record);
    let mut loaded = 0;
    for chunk in Chunks::new(records, |record| record.content.len()) {
        loaded += chunk.len();
        let moment = now();
        database.write(move |tx| tx.add_records(id, &chunk, &moment)).await?;
        progress(loaded, total);
    }
    Ok(())
}

/// Removes what is retired, and loads that died, in chunks.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn sweep(
    database: &Database,
    now: &(dyn Fn() -> Moment + Sync),
) -> Result<(), StoreError> {
    loop {
        let moment = now();
        let swept = database.write(move |tx| {
            Ok::<_, StoreError>(tx.sweep_some(&moment)? || tx.sweep_editions(&moment)?)
        });
        if !swept.await? {
            return Ok(());
        }
    }
}
