//! Attempts to ring callers back.

use chrono::{DateTime, Utc};

use super::CallbackOutcome;
use crate::{Id, StoreError, emergency::EmergencyId, identity::StaffId};

/// An attempt to ring a caller back. It is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// Its id.
    pub id: Id<Callback>,
    /// The emergency whose caller was rung.
    pub emergency: EmergencyId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub staff: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// What came of it.
    pub outcome: CallbackOutcome,
    /// In the dispatcher's words.
    pub note: Option<String>,
}

/// Where attempts to ring back are kept: only ever added to.
pub trait CallbackRepository {
    /// Adds `callback`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_callback(&mut self, callback: &Callback) -> Result<(), StoreError>;

    /// The attempts to ring the callers of `ids` back, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn callbacks(&mut self, ids: &[EmergencyId]) -> Result<Vec<Callback>, StoreError>;
}
