//! Bringing a file of open data into the store.

use domain::{Id, Moment, StoreError};

use super::{
    Dataset, Doubt, Reading, Source, Version,
    store::{Record, active_versions},
};
use crate::database::Database;

/// A chunk is loaded in one unit of work: so little of it that nobody waits for the writer.
const MOST_ROWS: usize = 200;
const MOST_BYTES: usize = 256 * 1024;

/// What an import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The list that was imported.
    pub dataset: Dataset,
    /// Whether a new version is in force; not so where the file is the one in force already.
    pub switched: bool,
    /// How many records are in force.
    pub records: usize,
    /// What was doubtful in the file.
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
    let active = active.into_iter().find(|version| version.dataset == dataset);
    if let Some(active) = active.filter(|active| active.digest == source.digest) {
        let records = usize::try_from(active.records).unwrap_or_default();
        return Ok(Report { dataset, switched: false, records, doubts: Vec::new() });
    }
    let (version, doubts) = load(database, now, source, progress).await?;
    let records = usize::try_from(version.records).unwrap_or_default();
    let moment = now();
    database
        .write(move |tx| {
            tx.switch_to(&version)?;
            tx.announce(&version, &moment)
        })
        .await?;
    sweep(database, now).await?;
    Ok(Report { dataset, switched: true, records, doubts })
}

/// Reads and checks `source` and loads it as a version that nobody sees yet.
pub(super) async fn load(
    database: &Database,
    now: &(dyn Fn() -> Moment + Sync),
    source: Source,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<(Version, Vec<Doubt>), ImportError> {
    let Source { dataset, name, bytes, digest, as_of } = source;
    let reading = tokio::task::spawn_blocking(move || dataset.read(&bytes, as_of))
        .await
        .map_err(|failure| StoreError::Failed(failure.to_string()))?;
    let Reading { records, doubts } = reading;
    if records.is_empty() {
        return Err(ImportError::NothingValid { dataset, doubts });
    }
    let moment = now();
    let version = Version {
        id: moment.new_id(),
        dataset,
        source: name,
        digest,
        records: i64::try_from(records.len()).unwrap_or(i64::MAX),
        imported_at: moment.at,
    };
    let begun = version.clone();
    database.write(move |tx| tx.begin_version(&begun)).await?;
    load_records(database, now, version.id, records, progress).await?;
    Ok((version, doubts))
}

/// Loads `records` in chunks.
async fn load_records(
    database: &Database,
    now: &(dyn Fn() -> Moment + Sync),
    version: Id<Version>,
    records: Vec<String>,
    progress: &mut (dyn FnMut(usize, usize) + Send),
) -> Result<(), StoreError> {
    let total = records.len();
    let mut numbered = (1..).zip(records).peekable();
    let mut loaded = 0;
    while numbered.peek().is_some() {
        let mut bytes = 0;
        let mut chunk = Vec::new();
        while chunk.len() < MOST_ROWS && bytes < MOST_BYTES {
            let Some((number, content)) = numbered.next() else { break };
            bytes += content.len();
            chunk.push(Record { version: version.into(), number, content });
        }
        loaded += chunk.len();
        let moment = now();
        database.write(move |tx| tx.add_records(version, &chunk, &moment)).await?;
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
        if !database.write(move |tx| tx.sweep_some(&moment)).await? {
            return Ok(());
        }
    }
}
