//! Who is there to answer.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::{AgencyCode, AgencyTree},
    identity::{Dispatcher, StaffId, policy},
};

/// A dispatcher on duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Who.
    pub staff: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// For which agency.
    pub agency: AgencyCode,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The last sign of them: they follow the event feed, or act.
    pub seen_at: DateTime<Utc>,
}

impl Duty {
    /// How long after the last sign somebody counts as there. Whoever follows the event feed gives
    /// a sign at least every 30 s.
    pub const COUNTS_FOR: TimeDelta = TimeDelta::seconds(120);

    /// Whether they are there at `at`.
    #[must_use]
    pub fn is_present(&self, at: DateTime<Utc>) -> bool {
        at - self.seen_at <= Self::COUNTS_FOR
    }

    /// Whether `dispatcher` may know of them.
    #[must_use]
    pub fn is_known_to(&self, dispatcher: &Dispatcher) -> bool {
        dispatcher.staff().reaches(&self.agency)
    }

    /// Whether they see what `agency` answers for, as `agencies` stand.
    #[must_use]
    pub fn covers(&self, agencies: &AgencyTree, agency: &AgencyCode) -> bool {
        policy::reaches(agencies, &self.agency, agency)
    }
}

/// Where it is kept who is on duty.
pub trait DutyRepository {
    /// Puts somebody on duty, or notes that they still are; `since` stays as it was.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_on_duty(&mut self, duty: &Duty) -> Result<(), StoreError>;

    /// Takes somebody off duty.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn take_off_duty(&mut self, staff: StaffId) -> Result<(), StoreError>;

    /// Notes a sign of somebody, if they are on duty.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn note_presence(&mut self, staff: StaffId, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Those on duty of whom there was a sign since `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn on_duty_since(&mut self, at: DateTime<Utc>) -> Result<Vec<Duty>, StoreError>;
}

/// The dispatcher is there to answer from now on.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn go_on_duty(
    store: &mut (impl DutyRepository + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
) -> Result<(), StoreError> {
    let staff = dispatcher.staff();
    audit::record(store, now, staff, "duty.begun", &staff.id, None)?;
    store.put_on_duty(&Duty {
        staff: staff.id,
        username: staff.username.clone(),
        agency: staff.agency.clone(),
        since: now.at,
        seen_at: now.at,
    })
}

/// The dispatcher leaves.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn go_off_duty(
    store: &mut (impl DutyRepository + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
) -> Result<(), StoreError> {
    let staff = dispatcher.staff();
    audit::record(store, now, staff, "duty.ended", &staff.id, None)?;
    store.take_off_duty(staff.id)
}

/// Who is there now.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn on_duty(store: &mut impl DutyRepository, now: &Moment) -> Result<Vec<Duty>, StoreError> {
    store.on_duty_since(now.at - Duty::COUNTS_FOR)
}

/// Whether somebody of `duties` is there at `at` to see what `agency` answers for, as `agencies`
/// stand.
#[must_use]
pub fn is_staffed(
    duties: &[Duty],
    agencies: &AgencyTree,
    agency: &AgencyCode,
    at: DateTime<Utc>,
) -> bool {
    duties.iter().any(|duty| duty.is_present(at) && duty.covers(agencies, agency))
}
