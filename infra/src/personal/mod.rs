//! Personal data in the store.

mod children;
mod consents;
mod devices;
mod erasure;
mod holds;
mod records;
mod requests;

use domain::StoreError;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::vault::{Column, Vault};

/// `value`, sealed for `column` in `row`.
fn seal(
    vault: &Vault,
    column: Column,
    row: Uuid,
    value: &impl Serialize,
) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(value).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(vault.seal(column, row, &plain))
}

/// The value of `column` in `row`.
fn open<T: DeserializeOwned>(
    vault: &Vault,
    column: Column,
    row: Uuid,
    sealed: &[u8],
) -> Result<T, StoreError> {
    let unreadable = |_| StoreError::Failed("a sealed record cannot be read".to_owned());
    serde_json::from_slice(&vault.open(column, row, sealed)?).map_err(unreadable)
}
