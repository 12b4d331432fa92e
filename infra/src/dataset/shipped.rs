//! Loading the open data this binary ships with.

use chrono::NaiveDate;
use domain::{Moment, StoreError};

use super::{
    Dataset, ImportError, Source,
    import::{load, read, sweep},
    source::{digest, unpacked},
    store::active_versions,
};
use crate::{catalogue::edition, database::Database, shipped};

/// What `source` says in versions that were loaded from the binary itself.
const SHIPPED: &str = "shipped";

/// A file inside the binary.
struct Shipped {
    dataset: Dataset,
    file: &'static [u8],
    as_of: NaiveDate,
}

const FILES: [Shipped; 16] = [
    file(Dataset::NationalProcedures, shipped::NATIONAL_PROCEDURES, (2026, 6)),
    file(Dataset::CommuneProcedures, shipped::COMMUNE_PROCEDURES, (2026, 9)),
    file(Dataset::ProcedureDetails, shipped::PROCEDURE_DETAILS, (2026, 6)),
    file(Dataset::LifeEvents, shipped::LIFE_EVENTS, (2026, 11)),
    file(Dataset::MostAsked, shipped::MOST_ASKED, (2026, 11)),
    file(Dataset::Synonyms, shipped::SYNONYMS, (2026, 11)),
    file(Dataset::BestBets, shipped::BEST_BETS, (2026, 11)),
    file(Dataset::OutOfScope, shipped::OUT_OF_SCOPE, (2026, 11)),
    file(Dataset::Communes, shipped::COMMUNES, (2026, 8)),
    file(Dataset::LegacyCommunes, shipped::LEGACY_COMMUNES, (2026, 8)),
    file(Dataset::FullOutlines, shipped::FULL_OUTLINES, (2026, 8)),
    file(Dataset::SimplifiedOutlines, shipped::SIMPLIFIED_OUTLINES, (2026, 8)),
    file(Dataset::Facilities, shipped::FACILITIES, (2024, 9)),
    file(Dataset::NameAbbreviations, shipped::NAME_ABBREVIATIONS, (2026, 11)),
    file(Dataset::Hotlines, shipped::HOTLINES, (2026, 11)),
    file(Dataset::Holidays, shipped::HOLIDAYS, (2026, 11)),
];

const fn file(dataset: Dataset, file: &'static [u8], (year, month): (i32, u32)) -> Shipped {
    let as_of = match NaiveDate::from_ymd_opt(year, month, 1) {
        Some(day) => day,
        None => NaiveDate::MIN,
    };
    Shipped { dataset, file, as_of }
}

/// Loads every list that is missing, and those shipped by an older binary. What an operator has
/// imported stays.
///
/// # Errors
/// [`ImportError`] when the store cannot take it.
pub async fn load_shipped(
    database: &Database,
    now: &(dyn Fn() -> Moment + Sync),
) -> Result<(), ImportError> {
    while !put_in_force(database, now).await? {}
    sweep(database, now).await?;
    Ok(())
}

/// Loads what is missing and puts it in force, all at once. Says whether it did: where another
/// process that starts on the same store was faster, there is less left to do.
async fn put_in_force(
    database: &Database,
    now: &(dyn Fn() -> Moment + Sync),
) -> Result<bool, ImportError> {
    let active = database.read(active_versions).await?;
    let mut loaded = Vec::new();
    for Shipped { dataset, file, as_of } in FILES {
        let version = active.iter().find(|version| version.dataset == dataset);
        let digest = digest(file);
        if version.is_some_and(|active| active.source != SHIPPED || active.digest == digest) {
            continue;
        }
        let damaged = |error: std::io::Error| StoreError::Failed(format!("{dataset}: {error}"));
        let (name, bytes) = (SHIPPED.to_owned(), unpacked(file).map_err(damaged)?);
        let source = Source { dataset, name, bytes, digest, as_of, may_shrink: true };
        let (version, reading) = read(source, now()).await?;
        load(database, now, &version, reading.records, &mut |_, _| {}).await?;
        tracing::info!(%dataset, records = version.records, "the shipped data was loaded");
        loaded.push(version);
    }
    let draft = edition::draft(database, now, &loaded).await?.draft;
    let moment = now();
    let switching = database.write(move |tx| {
        loaded.iter().try_for_each(|version| tx.switch_to(version))?;
        draft.map_or(Ok(()), |draft| tx.publish(&draft, &moment))
    });
    match switching.await {
        Ok(()) => Ok(true),
        Err(StoreError::Duplicate | StoreError::Stale) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
