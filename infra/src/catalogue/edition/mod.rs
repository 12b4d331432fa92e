//! Editions of the catalogue: what an import changes in it is written down before it is in force,
//! and comes into force with it.

mod store;

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveDate;
use domain::{
    Id, Moment, StoreError,
    catalogue::{Edition, History, Procedure, ProcedureCode, ProcedureVersion},
};
use sha2::{Digest as _, Sha256};

use self::store::Entry;
use super::catalogue;
use crate::{
    database::Database,
    dataset::{Chunks, Doubt, Reading, Version, active_versions},
};

/// How many procedures an import changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// They were never there before.
    pub added: usize,
    /// They say something else than before, or are back.
    pub changed: usize,
    /// They are no longer there.
    pub withdrawn: usize,
}

/// An edition that is loaded, and that nobody sees yet.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    id: Id<Edition>,
    number: i64,
    digest: String,
    pub(crate) changes: Changes,
}

/// What became of lists that replace others.
#[derive(Default)]
pub(crate) struct Drafted {
    /// The edition that they bring; none where nothing changes.
    pub(crate) draft: Option<Draft>,
    /// What is doubtful where they meet the other lists.
    pub(crate) doubts: Vec<Doubt>,
}

/// Loads the edition that the catalogue becomes with `replacing` in the place of the lists in
/// force.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub(crate) async fn draft(
    database: &Database,
    now: &(dyn Fn() -> Moment + Sync),
    replacing: &[Version],
) -> Result<Drafted, StoreError> {
    let replacing = replacing.to_vec();
    let read = database.snapshot(move |tx| {
        let touched = replacing.iter().any(|version| version.dataset.is_of_catalogue());
        if !touched && tx.has_edition()? {
            return Ok(None);
        }
        let mut versions = active_versions(tx)?;
        versions.retain(|version| replacing.iter().all(|each| each.dataset != version.dataset));
        versions.extend(replacing);
        Ok::<_, StoreError>(Some((tx.catalogue_history()?, catalogue(tx, &versions)?)))
    });
    let Some((history, catalogue)) = read.await? else { return Ok(Drafted::default()) };
    let Reading { records: procedures, doubts } = catalogue;
    let id = now().new_id();
    let making = tokio::task::spawn_blocking(move || made(id, &history, &procedures));
    let made = making.await.map_err(|failure| StoreError::Failed(failure.to_string()))?;
    let Some((draft, entries)) = made? else { return Ok(Drafted { draft: None, doubts }) };
    let (begun, moment) = (draft.clone(), now());
    database.write(move |tx| tx.begin_edition(&begun, &moment)).await?;
    for chunk in Chunks::new(entries, Entry::len) {
        let moment = now();
        database.write(move |tx| tx.add_to_edition(id, &chunk, &moment)).await?;
    }
    Ok(Drafted { draft: Some(draft), doubts })
}

/// The edition after `history` in which `procedures` stand, with what it brings.
fn made(
    id: Id<Edition>,
    history: &History,
    procedures: &[Procedure],
) -> Result<Option<(Draft, Vec<Entry>)>, StoreError> {
    let by_code: HashMap<&ProcedureCode, &Procedure> =
        procedures.iter().map(|procedure| (&procedure.code, procedure)).collect();
    let said = procedures.iter().map(|procedure| Ok((procedure.code.clone(), said(procedure)?)));
    let versions = history.next_edition(said.collect::<Result<Vec<_>, StoreError>>()?);
    let Some(number) = versions.first().map(|version| version.edition) else { return Ok(None) };

    let mut changes = Changes::default();
    let before = history.edition().map_or("", |edition| &edition.digest);
    let mut digest = Sha256::new().chain_update(before);
    for version in &versions {
        match (&version.digest, version.number) {
            (None, _) => changes.withdrawn += 1,
            (Some(_), 1) => changes.added += 1,
            (Some(_), _) => changes.changed += 1,
        }
        digest.update(version.code.as_str());
        digest.update(version.digest.as_deref().unwrap_or_default());
    }
    let entry = |version: ProcedureVersion| {
        let text = by_code.get(&version.code).map(|procedure| json(procedure)).transpose()?;
        Ok(Entry::new(id, version, text))
    };
    let entries = versions.into_iter().map(entry).collect::<Result<_, StoreError>>()?;
    let digest = URL_SAFE_NO_PAD.encode(digest.finalize());
    Ok(Some((Draft { id, number, digest, changes }, entries)))
}

/// The digest of what `procedure` says. The day for which its source vouches is no part of it: a
/// newer file that says the same changes nothing.
fn said(procedure: &Procedure) -> Result<String, StoreError> {
    let dateless = Procedure { data_as_of: NaiveDate::default(), ..procedure.clone() };
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(json(&dateless)?)))
}

fn json(procedure: &Procedure) -> Result<String, StoreError> {
    serde_json::to_string(procedure).map_err(|error| StoreError::Failed(error.to_string()))
}
