//! The caller follows their emergency.

use chrono::{DateTime, Utc};

use super::{
    Assignment, AssignmentRepository, AssignmentStatus, CallerProof, Emergency, EmergencyId,
    EmergencyRepository, Roads, Travel, Unit, UnitRepository, proof::own,
};
use crate::{
    StoreError,
    event::{EventLog, RecordedEvent, Topic},
};

/// A caller's emergency, and the one it is followed under.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The caller's own.
    pub own: Emergency,
    /// The one it is followed under, where that is another.
    pub merged_into: Option<Emergency>,
}

/// An emergency as its caller follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// What is followed.
    pub case: Case,
    /// The unit that is furthest on its way to them.
    pub help: Option<Help>,
    /// What happened so far, oldest first.
    pub timeline: Vec<RecordedEvent>,
}

/// A unit that was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Help {
    /// How far it is.
    pub assignment: Assignment,
    /// The unit.
    pub unit: Unit,
}

impl Help {
    /// How far it still has to the caller of `emergency`; unknown where either position is, and
    /// where it has not set out or is there.
    #[must_use]
    pub fn travel(&self, emergency: &Emergency, roads: Roads, at: DateTime<Utc>) -> Option<Travel> {
        let under_way = self.assignment.status == AssignmentStatus::EnRoute;
        let from = self.unit.known_position(at).filter(|_| under_way)?;
        Some(roads.travel(from.position, emergency.whereabouts()?.position))
    }
}

impl Case {
    /// The emergency whose progress counts for the caller.
    #[must_use]
    pub fn leading(&self) -> &Emergency {
        self.merged_into.as_ref().unwrap_or(&self.own)
    }
}

/// Why an emergency cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// There is none, or it is another's: the same to the one who asks.
    #[error("no such emergency of this caller")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The emergency `id`, and the one it is followed under.
///
/// # Errors
/// [`FollowError::NotFound`] when the proof is not of this emergency.
pub fn case(
    store: &mut impl EmergencyRepository,
    id: EmergencyId,
    proof: CallerProof,
) -> Result<Case, FollowError> {
    let own = own(store, id, proof)?;
    let leading = own.merged_into.map(|leading| store.find(leading)).transpose()?;
    Ok(Case { own, merged_into: leading.flatten() })
}

/// How the emergency stands that `proof` belongs to.
///
/// # Errors
/// [`FollowError::NotFound`] when the proof is not of this emergency.
pub fn follow(
    store: &mut (impl EmergencyRepository + AssignmentRepository + UnitRepository + EventLog),
    id: EmergencyId,
    proof: CallerProof,
) -> Result<Followed, FollowError> {
    let case = case(store, id, proof)?;
    let help = help(store, case.leading())?;
    let timeline = store.history(Topic::Emergency, case.leading().id.uuid())?;
    Ok(Followed { case, help, timeline })
}

/// The unit that is furthest on its way to `emergency`.
fn help(
    store: &mut (impl AssignmentRepository + UnitRepository),
    emergency: &Emergency,
) -> Result<Option<Help>, StoreError> {
    if emergency.units.is_empty() {
        return Ok(None);
    }
    let active = store.assignments_to(emergency.id)?.into_iter();
    let furthest = active.filter(|each| each.status.is_active()).max_by_key(|each| each.status);
    let Some(assignment) = furthest else { return Ok(None) };
    Ok(store.unit(assignment.unit)?.map(|unit| Help { assignment, unit }))
}
