//! What is shown of assignments.

use chrono::{DateTime, Utc};
use domain::{
    emergency::{Assigned, Assignment, AssignmentStatus, Kind, Priority, Step},
    identity::OnCall,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::emergency::view::LocationView;

/// A unit that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::emergency::dispatch) struct DispatchView {
    /// Its id.
    id: Uuid,
    /// Counts its changes.
    version: i64,
    /// Where to.
    emergency_id: Uuid,
    /// Who.
    unit_id: Uuid,
    /// `assigned`, `acknowledged`, `en_route`, `on_scene`, `cleared`, `declined`, `timed_out` or
    /// `cancelled`.
    #[schema(value_type = String)]
    status: AssignmentStatus,
    /// Whether the unit was sent although it was bound elsewhere, or off shift.
    forced: bool,
    /// When it was sent.
    assigned_at: DateTime<Utc>,
    /// When the crew was first seen to have it.
    seen_at: Option<DateTime<Utc>>,
    /// By when the crew has to answer, while they have not.
    answer_by: Option<DateTime<Utc>>,
    /// When the crew said that they know.
    acknowledged_at: Option<DateTime<Utc>>,
    /// When it went on the way.
    en_route_at: Option<DateTime<Utc>>,
    /// When it was there.
    on_scene_at: Option<DateTime<Utc>>,
    /// When it ended, however it did.
    ended_at: Option<DateTime<Utc>>,
    /// Why it was declined or called off.
    reason: Option<String>,
}

/// A unit that was sent, and where to: what a crew needs to help, and no more.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AssignedView {
    #[serde(flatten)]
    dispatch: DispatchView,
    /// What the unit is called on the radio.
    unit_name: String,
    /// The emergency.
    emergency: DestinationView,
    /// What the caller of this request can do with it.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<Step>,
}

/// What a crew is told of an emergency: no name, and nothing of the medical card.
#[derive(Debug, Serialize, ToSchema)]
struct DestinationView {
    /// What the caller can read out.
    receipt: String,
    /// `police`, `fire`, `medical`, `rescue`, `child`, `other`.
    #[schema(value_type = Option<String>)]
    kind: Option<Kind>,
    /// `high`, `normal`, `low`.
    #[schema(value_type = String)]
    priority: Priority,
    /// No sound may give the caller away: do not ring them.
    silent: bool,
    /// An exercise.
    drill: bool,
    /// In the caller's own words.
    note: Option<String>,
    /// How many people need help.
    people: Option<u32>,
    /// The commune.
    commune_code: Option<String>,
    /// The place in words.
    landmark: Option<String>,
    /// The newest position.
    location: Option<LocationView>,
    /// The number to call back; none where the call is silent.
    phone: Option<String>,
}

impl From<&Assignment> for DispatchView {
    fn from(assignment: &Assignment) -> Self {
        Self {
            id: assignment.id.uuid(),
            version: assignment.version,
            emergency_id: assignment.emergency.uuid(),
            unit_id: assignment.unit.uuid(),
            status: assignment.status,
            forced: assignment.forced,
            assigned_at: assignment.assigned_at,
            seen_at: assignment.seen_at,
            answer_by: assignment.answer_by,
            acknowledged_at: assignment.acknowledged_at,
            en_route_at: assignment.en_route_at,
            on_scene_at: assignment.on_scene_at,
            ended_at: assignment.ended_at,
            reason: assignment.reason.clone(),
        }
    }
}

impl AssignedView {
    /// What `by` sees at `at`.
    pub(super) fn of(assigned: &Assigned, by: &OnCall, at: DateTime<Utc>) -> Self {
        let emergency = &assigned.emergency;
        let said = &emergency.said;
        let silent = said.is_silent();
        Self {
            dispatch: DispatchView::from(&assigned.assignment),
            unit_name: assigned.unit.name.clone(),
            emergency: DestinationView {
                receipt: emergency.receipt.to_string(),
                kind: said.kind,
                priority: emergency.priority,
                silent,
                drill: said.is_drill(),
                note: said.note.clone(),
                people: said.people,
                commune_code: emergency.commune.clone(),
                landmark: said.landmark.clone(),
                location: emergency.location.map(|fix| LocationView::of(&fix, at)),
                phone: said.phone.clone().filter(|_| !silent),
            },
            allowed_actions: assigned.steps_of(by),
        }
    }
}
