//! Legal holds: what must not be erased for the time being, and why.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::PersonalError;
use crate::{
    Id, Moment, StoreError,
    audit::{self, AuditLog},
    identity::{ChiefAdministrator, StaffId},
};

/// The id of a hold.
pub type HoldId = Id<LegalHold>;

/// Something that must not be erased for the time being.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalHold {
    /// Its id.
    pub id: HoldId,
    /// The citizen, emergency or report that it names.
    pub subject: Uuid,
    /// The order or law it rests on. No personal data.
    pub reason: String,
    /// Who placed it.
    pub placed_by: StaffId,
    /// When.
    pub placed_at: DateTime<Utc>,
}

/// Where holds are kept.
pub trait HoldRepository {
    /// Adds a hold.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_hold(&mut self, hold: &LegalHold) -> Result<(), StoreError>;

    /// The holds that stand, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn holds(&mut self) -> Result<Vec<LegalHold>, StoreError>;

    /// Lifts a hold, and answers whether it stood.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn lift_hold(&mut self, id: HoldId, at: DateTime<Utc>) -> Result<bool, StoreError>;
}

/// Keeps `subject` from being erased, for `reason`.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn place_hold(
    tx: &mut (impl HoldRepository + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    subject: Uuid,
    reason: String,
) -> Result<LegalHold, StoreError> {
    let (staff, id) = (by.staff(), now.new_id());
    audit::record(tx, now, staff, "hold.placed", &subject, Some(&reason))?;
    let hold = LegalHold { id, subject, reason, placed_by: staff.id, placed_at: now.at };
    tx.add_hold(&hold)?;
    Ok(hold)
}

/// Lifts a hold. What it kept is erased within the hour, where its person asked for that.
///
/// # Errors
/// [`PersonalError::NotFound`] when it does not stand.
pub fn lift_hold(
    tx: &mut (impl HoldRepository + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    id: HoldId,
) -> Result<(), PersonalError> {
    if !tx.lift_hold(id, now.at)? {
        return Err(PersonalError::NotFound);
    }
    Ok(audit::record(tx, now, by.staff(), "hold.lifted", &id, None)?)
}
