//! A unit is sent.

use super::{Assignment, AssignmentRepository, AssignmentStatus, Deadlines};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    emergency::{
        EmergencyId, EmergencyRepository, HandlingError, Happening, Unit, UnitId, UnitRepository,
        handling::refusal,
        revision::{Change, revise},
    },
    event::EventLog,
    identity::Dispatcher,
};

/// Who shall go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The unit.
    pub unit: UnitId,
    /// Although it is bound elsewhere or off shift.
    pub forced: bool,
    /// How long its crew has to answer.
    pub deadlines: Deadlines,
}

/// Why no unit was sent.
#[derive(Debug, thiserror::Error)]
pub enum AssignError {
    /// The emergency does not let it.
    #[error(transparent)]
    Handling(#[from] HandlingError),
    /// There is no such unit in use that the dispatcher reaches.
    #[error("no such unit")]
    NoUnit,
    /// The unit is off shift.
    #[error("the unit is off shift")]
    OffShift,
    /// The unit is bound by this assignment.
    #[error("the unit is busy")]
    Busy(Option<Box<Assignment>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The holder of the emergency sends a unit to it. Of two who send the same unit at once one wins,
/// unless it is forced; to the same emergency a unit is never sent twice.
///
/// # Errors
/// [`AssignError`] says why not.
pub fn assign<S>(
    store: &mut S,
    now: &Moment,
    by: &Dispatcher,
    id: EmergencyId,
    order: Order,
) -> Result<Assignment, AssignError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository + EventLog + AuditLog,
{
    let emergency = revise(store, now, id, |_, before| {
        if !before.is_seen_by(by) {
            return Err(HandlingError::NotFound);
        }
        let sent = before.clone().dispatched(by, order.unit);
        let after = sent.map_err(|error| refusal(error, before, by))?;
        Ok(Change::To(Box::new(after), None))
    })?;
    let emergency = emergency.ok_or(HandlingError::NotFound)?;
    let unit = free(store, by, id, order)?;
    let assignment = Assignment {
        id: now.new_id(),
        version: 1,
        emergency: id,
        unit: unit.id,
        status: AssignmentStatus::Assigned,
        forced: order.forced,
        assigned_by: by.staff().id,
        assigned_at: now.at,
        seen_at: None,
        acknowledged_at: None,
        en_route_at: None,
        on_scene_at: None,
        ended_at: None,
        reason: None,
        text_at: Some(now.at + order.deadlines.seen),
        answer_by: Some(now.at + order.deadlines.acknowledged),
    };
    if !store.add_assignment(&assignment)? {
        return Err(busy(store, unit.id)?);
    }
    let happening = Happening::Dispatched;
    store.append(&assignment.told(happening, &emergency, false, now))?;
    audit::record(store, now, by.staff(), happening.as_str(), &assignment.id, None)?;
    Ok(assignment)
}

/// The unit of `order`, if it can be sent to the emergency `id`.
fn free(
    store: &mut (impl AssignmentRepository + UnitRepository),
    by: &Dispatcher,
    id: EmergencyId,
    order: Order,
) -> Result<Unit, AssignError> {
    let usable = |unit: &Unit| by.staff().reaches(&unit.agency) && !unit.retired;
    let unit = store.unit(order.unit)?.filter(usable).ok_or(AssignError::NoUnit)?;
    let mut active = store.active_assignments(&[unit.id])?.into_iter();
    if let Some(binding) = active.find(|each| each.emergency == id || !order.forced) {
        return Err(AssignError::Busy(Some(Box::new(binding))));
    }
    if unit.on_shift_since.is_none() && !order.forced {
        return Err(AssignError::OffShift);
    }
    Ok(unit)
}

/// What binds a unit that somebody else was faster to send.
fn busy(store: &mut impl AssignmentRepository, unit: UnitId) -> Result<AssignError, StoreError> {
    let binding = store.active_assignments(&[unit])?.into_iter().next();
    Ok(AssignError::Busy(binding.map(Box::new)))
}
