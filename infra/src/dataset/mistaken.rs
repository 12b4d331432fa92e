//! Lists of procedures that are taken for each other.

use std::collections::HashSet;

use domain::{StoreError, catalogue::ProcedureCode};
use serde::Deserialize;

use super::{Dataset, Version};
use crate::database::Database;

/// A stored procedure, of which only the code counts.
#[derive(Deserialize)]
struct Coded {
    code: ProcedureCode,
}

impl Dataset {
    /// The list that a list of procedures may be taken for.
    const fn twin(self) -> Option<Self> {
        match self {
            Self::NationalProcedures => Some(Self::CommuneProcedures),
            Self::CommuneProcedures => Some(Self::NationalProcedures),
            _ => None,
        }
    }
}

/// The list among those in force, `active`, in which most of the `records` read as `dataset` stand
/// although it is another.
pub(super) async fn meant(
    database: &Database,
    active: &[Version],
    dataset: Dataset,
    records: &[String],
) -> Result<Option<Dataset>, StoreError> {
    let twin = active.iter().find(|version| Some(version.dataset) == dataset.twin()).cloned();
    let Some(twin) = twin else { return Ok(None) };
    let other = twin.dataset;
    let known: Vec<Coded> = database.read(move |tx| tx.records(&twin)).await?;
    let known: HashSet<_> = known.into_iter().map(|procedure| procedure.code).collect();
    let is_known = |record: &&String| {
        serde_json::from_str::<Coded>(record).is_ok_and(|each| known.contains(&each.code))
    };
    let shared = records.iter().filter(is_known).count();
    Ok((shared > records.len() / 2).then_some(other))
}
