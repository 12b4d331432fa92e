//! What staff know better about a facility than the list it comes from.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Facility, Holiday, OpeningHours, posting::entered};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::Clerk,
};

/// What staff know better about a facility. It outlives imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The id of the facility.
    pub facility: String,
    /// When it is open.
    pub opening_hours: Option<OpeningHours>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Grows with each change; the first is 1.
    pub version: i64,
}

/// Where corrections are kept.
pub trait CorrectionRepository {
    /// What is known better about the facility with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn correction(&mut self, facility: &str) -> Result<Option<Correction>, StoreError>;

    /// All of them.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn corrections(&mut self) -> Result<Vec<Correction>, StoreError>;

    /// Saves `correction` if it is still at version `from`; 0 is that of one that was never saved.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is not.
    fn put_correction(&mut self, correction: &Correction, from: i64) -> Result<(), StoreError>;
}

/// What changes: absent it stays, empty it is again as the list has it.
#[derive(Clone, Debug, Default)]
pub struct FacilityChange {
    /// When it is open.
    pub opening_hours: Option<Option<OpeningHours>>,
    /// Its telephone number.
    pub phone: Option<Option<String>>,
}

/// Why a facility was not corrected.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// It lies where they do not answer for anything.
    #[error("no such facility")]
    NotFound,
    /// It is not as the caller saw it.
    #[error("the facility is at version {version} by now")]
    Seen {
        /// The version it is at.
        version: i64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How `facility` stands corrected, for somebody who may correct it.
///
/// # Errors
/// [`CorrectError::NotFound`] where it is out of their reach.
pub fn correction_of(
    tx: &mut impl CorrectionRepository,
    by: &Clerk,
    facility: &Facility,
) -> Result<Correction, CorrectError> {
    if !by.staff().reaches(&facility.agency()) {
        return Err(CorrectError::NotFound);
    }
    let none = || Correction {
        facility: facility.id.clone(),
        opening_hours: None,
        phone: None,
        version: 0,
    };
    Ok(tx.correction(&facility.id)?.unwrap_or_else(none))
}

/// Corrects `facility`, which `by` saw at version `seen`.
///
/// # Errors
/// [`CorrectError`] says why not.
pub fn correct_facility(
    tx: &mut (impl CorrectionRepository + EventLog + AuditLog),
    now: &Moment,
    by: &Clerk,
    (facility, seen): (&Facility, i64),
    change: FacilityChange,
) -> Result<Correction, CorrectError> {
    let before = correction_of(tx, by, facility)?;
    if before.version != seen {
        return Err(CorrectError::Seen { version: before.version });
    }
    let correction = Correction {
        opening_hours: change.opening_hours.unwrap_or(before.opening_hours),
        phone: change.phone.unwrap_or(before.phone),
        version: seen + 1,
        facility: before.facility,
    };
    tx.put_correction(&correction, seen)?;
    audit::record(tx, now, by.staff(), "facility.corrected", &correction.facility, None)?;
    let subject = Uuid::new_v5(&Uuid::NAMESPACE_OID, correction.facility.as_bytes());
    tx.append(&entered(now, subject))?;
    Ok(correction)
}

/// A facility as it is known best: from its list, and corrected.
#[derive(Clone, Copy, Debug)]
pub struct BestKnown<'f> {
    /// The facility as its list has it.
    pub facility: &'f Facility,
    /// What staff know better.
    pub correction: Option<&'f Correction>,
}

impl<'f> BestKnown<'f> {
    /// When it is open, where that is known and could be read.
    #[must_use]
    pub fn opening_hours(self) -> Option<&'f OpeningHours> {
        let corrected = self.correction.and_then(|correction| correction.opening_hours.as_ref());
        corrected.or(self.facility.opening_hours.as_ref())
    }

    /// When it is open in the words of its list, unless staff know better.
    #[must_use]
    pub fn published_hours(self) -> Option<&'f str> {
        let corrected = self.correction.is_some_and(|known| known.opening_hours.is_some());
        self.facility.opening_hours_raw.as_deref().filter(|_| !corrected)
    }

    /// Its telephone number, if it is confirmed.
    #[must_use]
    pub fn phone(self) -> Option<&'f str> {
        let corrected = self.correction.and_then(|correction| correction.phone.as_deref());
        corrected.or(self.facility.phone.as_deref().filter(|_| self.facility.phone_confirmed))
    }

    /// Whether it is open at `at`; nothing where that is not known.
    #[must_use]
    pub fn is_open_at(self, at: DateTime<Utc>, holidays: &[Holiday]) -> Option<bool> {
        self.opening_hours()?.is_open_at(at, holidays)
    }
}
