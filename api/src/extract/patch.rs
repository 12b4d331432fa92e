//! Changes in which absent and `null` differ.

use serde::{Deserialize, Deserializer};

/// What a change says of a field that can be empty. Needs `#[serde(default)]`, for where it is
/// absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Absent: it stays as it is.
    #[default]
    Keep,
    /// `null`: it becomes empty.
    Clear,
    /// A value: it becomes that.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|value| value.map_or(Self::Clear, Self::Set))
    }
}
