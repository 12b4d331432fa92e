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

    /// Whether a hold that stands names any of `some`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn is_any_held(&mut self, some: &[Uuid]) -> Result<bool, StoreError>;

    /// Whether `subject` is a citizen, an emergency or a report that is there.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn can_be_held(&mut self, subject: Uuid) -> Result<bool, StoreError>;

    /// Lifts a hold, and answers whether it stood.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn lift_hold(&mut self, id: HoldId, at: DateTime<Utc>) -> Result<bool, StoreError>;
}

/// Why a hold was not placed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceHoldError {
    /// There is no such citizen, emergency or report (any more).
    #[error("there is nothing that the hold could keep")]
    NoSubject,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps `subject` from being erased, for `reason`.
///
/// # Errors
/// [`PlaceHoldError::NoSubject`] when there is no such thing.
pub fn place_hold(
    tx: &mut (impl HoldRepository + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
    subject: Uuid,
    reason: String,
) -> Result<LegalHold, PlaceHoldError> {
    if !tx.can_be_held(subject)? {
        return Err(PlaceHoldError::NoSubject);
    }
    let (staff, id) = (by.staff(), now.new_id());
    // The reason stays where it is sealed.
    audit::record(tx, now, staff, "hold.placed", &subject, None)?;
    let hold = LegalHold { id, subject, reason, placed_by: staff.id, placed_at: now.at };
    tx.add_hold(&hold)?;
    Ok(hold)
}

/// The holds that stand, oldest first. Whoever reads them opens what they are about.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn holds(
    tx: &mut (impl HoldRepository + AuditLog),
    now: &Moment,
    by: &ChiefAdministrator,
) -> Result<Vec<LegalHold>, StoreError> {
    let holds = tx.holds()?;
    for hold in &holds {
        audit::record_opening(tx, now, by.staff(), "hold.read", &hold.id, None)?;
    }
    Ok(holds)
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
