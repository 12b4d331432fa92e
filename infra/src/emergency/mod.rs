//! Emergencies in the store.

mod duty;
mod repository;
mod row;
mod statements;
mod trail;

use domain::StoreError;
use serde::{Serialize, de::DeserializeOwned};

/// `value` as it is kept in a text column.
fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

/// What a text column keeps.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|error| StoreError::Failed(format!("an emergency cannot be read: {error}")))
}
