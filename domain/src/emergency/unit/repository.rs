//! Where units are kept.

use chrono::{DateTime, Utc};

use super::{Unit, UnitId};
use crate::{
    StoreError,
    emergency::Fix,
    identity::{StaffId, policy::Scope},
};

/// Where units are kept.
///
/// Every method takes part in the unit of work it is called in, and answers [`StoreError`] when
/// the store cannot do it.
pub trait UnitRepository {
    /// The unit with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn unit(&mut self, id: UnitId) -> Result<Option<Unit>, StoreError>;

    /// The units in use of the agencies in `scope`, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn units(&mut self, scope: &Scope) -> Result<Vec<Unit>, StoreError>;

    /// The units in use that `staff` belongs to.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn units_of(&mut self, staff: StaffId) -> Result<Vec<Unit>, StoreError>;

    /// Saves `unit` with its crew if it is still at version `from`; 0 is that of one that was never
    /// saved. Shift and position stay as they are.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is not.
    fn put_unit(&mut self, unit: &Unit, from: i64) -> Result<(), StoreError>;

    /// Puts a unit on shift since `since`, or takes it off.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_shift(&mut self, id: UnitId, since: Option<DateTime<Utc>>) -> Result<(), StoreError>;

    /// Notes where a unit is, unless a newer position is known, and says which it was.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_position(&mut self, id: UnitId, fix: &Fix) -> Result<bool, StoreError>;
}
