//! An assignment goes on: its crew says how far they are, or the holder of the emergency says it
//! for them.

use super::{
    Assignment, AssignmentId, AssignmentRepository, AssignmentStatus, Step, proposal::propose,
};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    emergency::{
        Emergency, EmergencyRepository, HandlingError, Lease, Unit, UnitId, UnitRepository,
        revision::{Change, revise},
        unit::reached,
    },
    event::EventLog,
    identity::{Dispatcher, OnCall},
};

/// How often a step is tried anew on what somebody else left.
const ATTEMPTS: u32 = 8;

/// An assignment with what belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Assigned {
    /// The assignment.
    pub assignment: Assignment,
    /// The unit that is sent.
    pub unit: Unit,
    /// Where it is sent to.
    pub emergency: Emergency,
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// There is no such assignment of theirs.
    #[error("no such assignment")]
    NotFound,
    /// Neither are they of the crew, nor do they hold the emergency.
    #[error("only the crew or the holder of the emergency may do this")]
    NotHolder(Option<Lease>),
    /// It cannot be taken in the state the assignment is in.
    #[error("not possible for an assignment that is {status}")]
    NotNow {
        /// The state.
        status: AssignmentStatus,
        /// What can be done instead.
        allowed: Vec<Step>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Assigned {
    /// Whether `by` says it for the crew.
    #[must_use]
    pub fn is_on_behalf(&self, by: &OnCall) -> bool {
        !self.unit.has_aboard(by.staff().id)
    }

    /// What `by` can do with it now.
    #[must_use]
    pub fn steps_of(&self, by: &OnCall) -> Vec<Step> {
        let holds = by.dispatcher().is_some_and(|holder| self.emergency.is_held_by(&holder));
        let aboard = self.unit.has_aboard(by.staff().id);
        self.assignment
            .status
            .steps()
            .filter(|step| match step {
                Step::Cancel => holds,
                Step::TimeOut => false,
                _ => aboard || holds,
            })
            .collect()
    }
}

/// The assignments to emergencies that `by` takes part in and that have not ended: of their own
/// units, and for dispatchers of all units that they reach.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn assignments<S>(store: &mut S, by: &OnCall) -> Result<Vec<Assigned>, StoreError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository,
{
    let units = match by.dispatcher() {
        Some(dispatcher) => store.units(&dispatcher.staff().scope())?,
        None => store.units_of(by.staff().id)?,
    };
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let mut assigned = Vec::new();
    for assignment in store.active_assignments(&ids)? {
        let unit = units.iter().find(|unit| unit.id == assignment.unit).cloned();
        if let (Some(unit), Some(emergency)) = (unit, store.find(assignment.emergency)?) {
            assigned.push(Assigned { assignment, unit, emergency });
        }
    }
    Ok(assigned)
}

/// The assignment `id`, if `by` may know of it: as the crew, or as somebody who sees the emergency.
///
/// # Errors
/// [`StepError::NotFound`] where there is none.
pub fn assignment<S>(store: &mut S, by: &OnCall, id: AssignmentId) -> Result<Assigned, StepError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository,
{
    let assignment = store.assignment(id)?.ok_or(StepError::NotFound)?;
    let emergency = store.find(assignment.emergency)?.ok_or(StepError::NotFound)?;
    let unit = match by.dispatcher() {
        Some(dispatcher) if emergency.is_seen_by(&dispatcher) => store.unit(assignment.unit)?,
        Some(_) => None,
        None => reached(store, by, assignment.unit)?,
    };
    let unit = unit.ok_or(StepError::NotFound)?;
    Ok(Assigned { assignment, unit, emergency })
}

/// The crew has seen what is sent to them: they need no text message about it any more.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn see<S>(
    store: &mut S,
    now: &Moment,
    by: &OnCall,
    shown: &[Assignment],
) -> Result<(), StoreError>
where
    S: AssignmentRepository + UnitRepository,
{
    let own = store.units_of(by.staff().id)?;
    let is_own = |each: &&Assignment| own.iter().any(|unit| unit.id == each.unit);
    for assignment in shown.iter().filter(is_own).filter(|each| each.is_unseen()) {
        let seen = Assignment { seen_at: Some(now.at), text_at: None, ..assignment.clone() };
        match store.save_assignment(&mut seen.clone()) {
            Ok(()) | Err(StoreError::Stale) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The crew takes `step`, or the holder of the emergency takes it for them. One that was taken
/// before changes nothing. When the last unit is free, the emergency is back with its holder.
///
/// # Errors
/// [`StepError`] says why not.
pub fn proceed<S>(
    store: &mut S,
    now: &Moment,
    by: &OnCall,
    id: AssignmentId,
    (step, reason): (Step, Option<&str>),
) -> Result<Assigned, StepError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository + EventLog + AuditLog,
{
    for _ in 0..ATTEMPTS {
        let before = assignment(store, by, id)?;
        let allowed = before.steps_of(by);
        let on_behalf = before.is_on_behalf(by);
        if on_behalf && !by.dispatcher().is_some_and(|by| before.emergency.is_held_by(&by)) {
            return Err(StepError::NotHolder(before.emergency.lease));
        }
        if before.assignment.has_taken(step) {
            return Ok(before);
        }
        if !allowed.contains(&step) {
            return Err(StepError::NotNow { status: before.assignment.status, allowed });
        }
        let Assigned { assignment, unit, emergency } = before;
        let taken = take(store, now, assignment, (step, reason), on_behalf);
        let (assignment, revised) = match taken {
            Err(StoreError::Stale) => continue,
            taken => taken?,
        };
        let deed = step.happening().as_str();
        audit::record(store, now, by.staff(), deed, &id, reason)?;
        let emergency = revised.unwrap_or(emergency);
        if step == Step::Decline && emergency.status.is_open() {
            propose(store, now, &emergency, &assignment)?;
        }
        return Ok(Assigned { assignment, unit, emergency });
    }
    Err(StoreError::Stale.into())
}

/// Takes `step`, and tells the followers of the emergency. The emergency is changed first, so that
/// all who change both wait for each other in the same order.
pub(super) fn take<S>(
    store: &mut S,
    now: &Moment,
    assignment: Assignment,
    (step, reason): (Step, Option<&str>),
    on_behalf: bool,
) -> Result<(Assignment, Option<Emergency>), StoreError>
where
    S: EmergencyRepository + AssignmentRepository + EventLog,
{
    let (id, unit) = (assignment.emergency, assignment.unit);
    let Ok(mut after) = assignment.proceeded(step, now.at) else { return Err(StoreError::Stale) };
    after.reason = reason.map(str::to_owned).or(after.reason);
    let emergency = if after.status.is_active() {
        store.find(id)?
    } else {
        revise(store, now, id, |_, before| {
            let freed = before.clone().freed(unit);
            let change =
                if freed == *before { Change::None } else { Change::To(Box::new(freed), None) };
            Ok::<_, StoreError>(change)
        })?
    };
    store.save_assignment(&mut after)?;
    if let Some(emergency) = &emergency {
        store.append(&after.told(step.happening(), emergency, on_behalf, now))?;
    }
    Ok((after, emergency))
}

/// Ends what is left of the assignments to `emergency`, which has itself ended.
pub(in crate::emergency) fn stand_down(
    store: &mut (impl AssignmentRepository + EventLog + AuditLog),
    now: &Moment,
    by: &Dispatcher,
    emergency: &Emergency,
) -> Result<(), HandlingError> {
    let active = |each: &Assignment| each.status.is_active();
    for assignment in store.assignments_to(emergency.id)?.into_iter().filter(active) {
        let step = assignment.last_step();
        let Ok(mut after) = assignment.proceeded(step, now.at) else { continue };
        store.save_assignment(&mut after)?;
        store.append(&after.told(step.happening(), emergency, true, now))?;
        let deed = step.happening().as_str();
        audit::record(store, now, by.staff(), deed, &after.id, None)?;
    }
    Ok(())
}
