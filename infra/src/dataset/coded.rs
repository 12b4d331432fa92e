//! What lists say about procedures by their codes, compared with the lists in force.

use std::collections::HashSet;

use domain::{
    StoreError,
    catalogue::{BestBet, Kind, LifeEvent, ProcedureCode},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Dataset, Doubt, Version};
use crate::{catalogue::reading::MostAsked, database::Database};

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
    let Some(twin) = dataset.twin() else { return Ok(None) };
    let known = codes(database, active, twin).await?;
    let is_known = |record: &&String| {
        read::<Coded>(record).is_some_and(|each| known.contains(each.code.as_str()))
    };
    let shared = records.iter().filter(is_known).count();
    Ok((shared > records.len() / 2).then_some(twin))
}

/// The codes in the `records` read as `dataset` that no procedure has, each once.
pub(super) async fn strays(
    database: &Database,
    active: &[Version],
    dataset: Dataset,
    records: &[String],
) -> Result<Vec<Doubt>, StoreError> {
    let named: Vec<String> = records.iter().flat_map(|record| named(dataset, record)).collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = codes(database, active, Dataset::NationalProcedures).await?;
    known.extend(codes(database, active, Dataset::CommuneProcedures).await?);
    let strange = named.into_iter().filter(|code| known.insert(code.clone()));
    let doubt = |code| Doubt {
        line: 0,
        about: Some(code),
        message: "no procedure has this code".to_owned(),
        refused: false,
    };
    Ok(strange.map(doubt).collect())
}

/// The codes of procedures that a record names.
fn named(dataset: Dataset, record: &str) -> Vec<String> {
    match dataset {
        Dataset::MostAsked => {
            read::<MostAsked>(record).map(|asked| asked.code.into()).into_iter().collect()
        }
        Dataset::LifeEvents => {
            let event = read::<LifeEvent>(record).into_iter();
            event.flat_map(|event| event.procedures).map(String::from).collect()
        }
        Dataset::BestBets => {
            let bet = read::<BestBet>(record).filter(|bet| bet.kind == Kind::Procedure);
            bet.map(|bet| bet.codes).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The codes of the procedures in the list in force.
async fn codes(
    database: &Database,
    active: &[Version],
    dataset: Dataset,
) -> Result<HashSet<String>, StoreError> {
    let version = active.iter().find(|version| version.dataset == dataset).cloned();
    let Some(version) = version else { return Ok(HashSet::new()) };
    let procedures: Vec<Coded> = database.read(move |tx| tx.records(&version)).await?;
    Ok(procedures.into_iter().map(|procedure| procedure.code.into()).collect())
}

/// A record as it is stored.
fn read<T: DeserializeOwned>(record: &str) -> Option<T> {
    serde_json::from_str(record).ok()
}
