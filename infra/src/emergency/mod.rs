//! Emergencies in the store, and beside it while it is away.

mod alarms;
mod assignment;
mod callbacks;
mod corrections;
mod crews;
mod duty;
mod erasure;
mod insertion;
mod likeness;
mod messages;
mod notes;
mod orders;
mod probes;
mod questions;
mod record;
mod repository;
mod row;
mod spool;
mod statements;
mod trail;
mod unit;
mod waiting;

use domain::{StoreError, emergency::Report};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

pub use crews::KnownCrews;
pub use orders::standing_orders;
pub use questions::questions;
pub use spool::{Answer, Spool, SpoolError};

use crate::vault::{Column, Vault};

/// `value` as it is kept in a text column.
pub(crate) fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

/// What a text column keeps.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Failed(format!("an emergency cannot be read: {error}")))
}

/// What a caller said, sealed for `column` in the row `id`.
fn sealed(vault: &Vault, column: Column, id: Uuid, said: &Report) -> Result<Vec<u8>, StoreError> {
    Ok(vault.seal(column, id, written(said)?.as_bytes()))
}

/// What a caller said, from `column` in the row `id`.
fn opened(vault: &Vault, column: Column, id: Uuid, said: &[u8]) -> Result<Report, StoreError> {
    read(&vault.open_text(column, id, said)?)
}
