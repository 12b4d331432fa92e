//! The catalogue of procedures: read from open data, kept in editions, and searched.

pub mod edition;
pub mod index;
mod life_events;
pub mod reading;
mod rules;
mod unanswered;
pub mod wording;

use domain::{StoreError, catalogue::Procedure};

use crate::{
    database::Transaction,
    dataset::{Dataset, Reading, Version},
};

pub use life_events::life_events;

/// The catalogue as these `versions` of its lists have it, in their order, and what is doubtful where
/// they meet.
pub(crate) fn catalogue(
    tx: &mut Transaction<'_>,
    versions: &[Version],
) -> Result<Reading<Procedure>, StoreError> {
    let national = tx.records_of(versions, Dataset::NationalProcedures)?;
    let commune = tx.records_of(versions, Dataset::CommuneProcedures)?;
    let details = tx.records_of(versions, Dataset::ProcedureDetails)?;
    // They were checked when they were imported.
    let procedures = reading::joined([national, commune].map(Reading::sound));
    Ok(reading::detailed(procedures, Reading::sound(details)))
}
