//! Changes in which absent and `null` differ.

use serde::{Deserialize, Deserializer};

/// For a field of a change: absent leaves as it is (`None`, by `#[serde(default)]`), `null` clears
/// (`Some(None)`), a value sets.
///
/// # Errors
/// When the value is of the wrong type.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
