//! Where assignments are kept.

use chrono::{DateTime, Utc};

use super::{Assignment, AssignmentId};
use crate::{
    StoreError,
    emergency::{EmergencyId, UnitId},
};

/// Where assignments are kept.
///
/// Every method takes part in the unit of work it is called in, and answers [`StoreError`] when
/// the store cannot do it.
pub trait AssignmentRepository {
    /// Adds `assignment`. `false`, and nothing is changed, when its unit is bound by another one
    /// that nobody forced, and this is not forced either: of two who send the same unit at once one
    /// wins.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_assignment(&mut self, assignment: &Assignment) -> Result<bool, StoreError>;

    /// The assignment with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn assignment(&mut self, id: AssignmentId) -> Result<Option<Assignment>, StoreError>;

    /// Saves `assignment` if it is stored in the version that was read, and counts the version up.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody else changed it since.
    fn save_assignment(&mut self, assignment: &mut Assignment) -> Result<(), StoreError>;

    /// All assignments to an emergency, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn assignments_to(&mut self, emergency: EmergencyId) -> Result<Vec<Assignment>, StoreError>;

    /// What these units are assigned to and has not ended, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn active_assignments(&mut self, units: &[UnitId]) -> Result<Vec<Assignment>, StoreError>;

    /// Those whose crews are due at `at` to be told by text message, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn unseen_assignments(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Assignment>, StoreError>;

    /// Those whose crews had to answer by `at`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn unanswered_assignments(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Assignment>, StoreError>;
}
