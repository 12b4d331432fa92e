//! Units at work: which there are, on shift and off, and where they are.

use super::{Unit, UnitId, UnitRepository, UnitStatus};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    emergency::{Assignment, AssignmentRepository, Fix, Reading},
    identity::{OnCall, policy::Scope},
};

/// A unit with what it is assigned to.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitNow {
    /// The unit.
    pub unit: Unit,
    /// What it is assigned to and has not ended.
    pub active: Vec<Assignment>,
}

impl UnitNow {
    /// How it stands.
    #[must_use]
    pub fn status(&self) -> UnitStatus {
        self.unit.status(&self.active)
    }
}

/// Why nothing was done with a unit.
#[derive(Debug, thiserror::Error)]
pub enum UnitError {
    /// There is none that they reach or belong to.
    #[error("no such unit")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The units that `by` may know of: dispatchers those that they reach, responders their own.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn units(
    tx: &mut (impl UnitRepository + AssignmentRepository),
    by: &OnCall,
) -> Result<Vec<UnitNow>, StoreError> {
    if let Some(dispatcher) = by.dispatcher() {
        return units_in(tx, &dispatcher.staff().scope());
    }
    let own = tx.units_of(by.staff().id)?;
    at_work(tx, own)
}

/// The units of the agencies in `scope`.
pub(in crate::emergency) fn units_in(
    tx: &mut (impl UnitRepository + AssignmentRepository),
    scope: &Scope,
) -> Result<Vec<UnitNow>, StoreError> {
    let units = tx.units(scope)?;
    at_work(tx, units)
}

/// `units`, each with what it is assigned to.
fn at_work(
    tx: &mut impl AssignmentRepository,
    units: Vec<Unit>,
) -> Result<Vec<UnitNow>, StoreError> {
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let active = tx.active_assignments(&ids)?;
    let now = |unit: Unit| {
        let own = active.iter().filter(|assignment| assignment.unit == unit.id);
        UnitNow { active: own.cloned().collect(), unit }
    };
    Ok(units.into_iter().map(now).collect())
}

/// The unit `id`, if `by` may know of it.
///
/// # Errors
/// [`UnitError::NotFound`] where there is none.
pub fn unit(
    tx: &mut (impl UnitRepository + AssignmentRepository),
    by: &OnCall,
    id: UnitId,
) -> Result<UnitNow, UnitError> {
    let unit = reached(tx, by, id)?.ok_or(UnitError::NotFound)?;
    Ok(UnitNow { active: tx.active_assignments(&[id])?, unit })
}

/// The unit `id`, if it is of an agency that the dispatcher `by` reaches, or theirs.
pub(in crate::emergency) fn reached(
    tx: &mut impl UnitRepository,
    by: &OnCall,
    id: UnitId,
) -> Result<Option<Unit>, StoreError> {
    let knows = |unit: &Unit| match by.dispatcher() {
        Some(dispatcher) => dispatcher.staff().reaches(&unit.agency),
        None => unit.has_aboard(by.staff().id) && !unit.retired,
    };
    Ok(tx.unit(id)?.filter(knows))
}

/// The unit goes on shift, or off. Whoever is on shift already stays so since then.
///
/// # Errors
/// [`UnitError::NotFound`] where there is none that they reach or belong to.
pub fn put_on_shift(
    tx: &mut (impl UnitRepository + AssignmentRepository + AuditLog),
    now: &Moment,
    by: &OnCall,
    id: UnitId,
    on: bool,
) -> Result<UnitNow, UnitError> {
    let found = reached(tx, by, id)?.ok_or(UnitError::NotFound)?;
    if found.on_shift_since.is_some() != on {
        let deed = if on { "unit.on_shift" } else { "unit.off_shift" };
        tx.put_shift(id, on.then_some(now.at))?;
        audit::record(tx, now, by.staff(), deed, &id, None)?;
    }
    unit(tx, by, id)
}

/// Notes where the unit is: the newest of `readings` by time, unless a newer one is known, and says
/// whether it was.
///
/// # Errors
/// [`UnitError::NotFound`] where there is none that they reach or belong to.
pub fn locate_unit(
    tx: &mut impl UnitRepository,
    now: &Moment,
    by: &OnCall,
    id: UnitId,
    readings: &[Reading],
) -> Result<bool, UnitError> {
    reached(tx, by, id)?.ok_or(UnitError::NotFound)?;
    let fixes = readings.iter().map(|reading| reading.arrived(now.at));
    let newest: Option<Fix> = fixes.max_by_key(|fix| fix.fixed_at);
    Ok(newest.map(|fix| tx.put_position(id, &fix)).transpose()?.unwrap_or(false))
}
