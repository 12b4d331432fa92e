//! What was put right, and where that is kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Id, StoreError,
    emergency::{EmergencyId, Fix, Kind},
    identity::StaffId,
};

/// A field of a report that a dispatcher can put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The kind of help.
    Kind,
    /// The number to call back.
    Phone,
    /// Where help is needed, on the map.
    Location,
    /// The commune.
    CommuneCode,
    /// The place in words.
    Landmark,
    /// How many people need help.
    People,
}

/// What a dispatcher found out. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    /// The kind of help.
    pub kind: Option<Kind>,
    /// The number to call back.
    pub phone: Option<String>,
    /// Where help is needed, on the map.
    pub place: Option<Fix>,
    /// The code of the commune.
    pub commune: Option<String>,
    /// The place in words.
    pub landmark: Option<String>,
    /// How many people need help.
    pub people: Option<u32>,
}

/// A field that was put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which.
    pub field: Field,
    /// What stood there before.
    pub before: Value,
    /// What stands there since.
    pub after: Value,
}

/// What was put right at once. It is never changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    /// Its id.
    pub id: Id<Corrected>,
    /// The emergency it is about.
    pub emergency: EmergencyId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub staff: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// What.
    pub changes: Vec<FieldChange>,
}

/// Where it is kept what was put right: only ever added to.
pub trait CorrectionRepository {
    /// Adds `corrected`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_correction(&mut self, corrected: &Corrected) -> Result<(), StoreError>;

    /// What was put right about an emergency, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn corrections(&mut self, id: EmergencyId) -> Result<Vec<Corrected>, StoreError>;
}
