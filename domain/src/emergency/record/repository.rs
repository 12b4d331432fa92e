//! Where records are kept.

use chrono::{DateTime, Utc};

use super::Record;
use crate::{
    StoreError,
    emergency::EmergencyId,
    event::{Position, RecordedEvent},
    identity::policy::Scope,
};

/// Which parts of old emergencies are due to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where callers were.
    Locations,
    /// What was said of people's health and of those in a house.
    Medical,
    /// Everything that was said, and who said it.
    Words,
}

/// Where records are kept.
pub trait RecordRepository {
    /// How far the event log was read for the records.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn records_read_to(&mut self) -> Result<Position, StoreError>;

    /// Moves the bookmark of the records.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it does not stand at `from` any more.
    fn mark_records_read(&mut self, from: Position, to: Position) -> Result<(), StoreError>;

    /// What happened to emergencies after `after`, in the order of the log, at most `limit` events.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn emergency_events(
        &mut self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<RecordedEvent>, StoreError>;

    /// The records of these emergencies, in any order; those that have none are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn records_of(&mut self, some: &[EmergencyId]) -> Result<Vec<Record>, StoreError>;

    /// Saves these records, whether they stood before or not.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take them.
    fn save_records(&mut self, records: &[Record]) -> Result<(), StoreError>;

    /// The records of what was received from `from` on and before `to`, in any order, of these
    /// agencies.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn records_between(
        &mut self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        agencies: &Scope,
    ) -> Result<Vec<Record>, StoreError>;

    /// Those that ended before `at` and still have `part`, the oldest first, at most `limit`. What
    /// a legal hold names, or whose caller one names, is left out.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn due_to_lose(
        &mut self,
        part: Part,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<EmergencyId>, StoreError>;

    /// Takes `part` from these emergencies and notes in their records that it was taken at `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot do it.
    fn take_part(
        &mut self,
        part: Part,
        some: &[EmergencyId],
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
}
