//! An assignment, and who may do what with it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{AssignmentStatus, Step, StepNotNow};
use crate::{
    Id, Moment,
    emergency::{Emergency, EmergencyId, Happening, UnitId},
    event::Event,
    identity::StaffId,
};

/// The id of an assignment.
pub type AssignmentId = Id<Assignment>;

/// A unit that is sent to an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// Counts the changes: a save succeeds only on the version that was read.
    pub version: i64,
    /// Where to.
    pub emergency: EmergencyId,
    /// Who.
    pub unit: UnitId,
    /// Where it is in its life.
    pub status: AssignmentStatus,
    /// Whether the unit was sent although it was bound elsewhere, or off shift.
    pub forced: bool,
    /// The dispatcher who sent it.
    pub assigned_by: StaffId,
    /// When.
    pub assigned_at: DateTime<Utc>,
    /// When the crew was first seen to have it.
    pub seen_at: Option<DateTime<Utc>>,
    /// When the crew said that they know.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it went on the way.
    pub en_route_at: Option<DateTime<Utc>>,
    /// When it was there.
    pub on_scene_at: Option<DateTime<Utc>>,
    /// When it ended, however it did.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was declined or called off.
    pub reason: Option<String>,
    /// When the crew is told by text message, unless they have seen it by then.
    pub text_at: Option<DateTime<Utc>>,
    /// By when the crew has to answer.
    pub answer_by: Option<DateTime<Utc>>,
}

/// How long a crew has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// To see an assignment, before they are told by text message.
    pub seen: TimeDelta,
    /// To acknowledge it, before somebody else is proposed.
    pub acknowledged: TimeDelta,
}

impl Assignment {
    /// Whether the crew has given no sign of having it.
    #[must_use]
    pub fn is_unseen(&self) -> bool {
        self.seen_at.is_none() && self.status.is_active()
    }

    /// Whether `step` was taken before: taking it again changes nothing.
    #[must_use]
    pub fn has_taken(&self, step: Step) -> bool {
        match step {
            Step::Acknowledge => self.acknowledged_at.is_some(),
            Step::EnRoute => self.en_route_at.is_some(),
            Step::OnScene => self.on_scene_at.is_some(),
            Step::Clear => self.status == AssignmentStatus::Cleared,
            Step::Decline => self.status == AssignmentStatus::Declined,
            Step::Cancel => self.status == AssignmentStatus::Cancelled,
            Step::TimeOut => self.status == AssignmentStatus::TimedOut,
        }
    }

    /// After `step`, which was taken at `at`. Whoever goes on the way or arrives knows of it.
    ///
    /// # Errors
    /// [`StepNotNow`] when it cannot be taken from here.
    pub fn proceeded(self, step: Step, at: DateTime<Utc>) -> Result<Self, StepNotNow> {
        let status = self.status.after(step)?;
        let by_crew = matches!(step, Step::Acknowledge | Step::EnRoute | Step::OnScene);
        let first = |known: Option<DateTime<Utc>>, now: bool| known.or(now.then_some(at));
        Ok(Self {
            status,
            seen_at: first(self.seen_at, by_crew || step == Step::Decline),
            acknowledged_at: first(self.acknowledged_at, by_crew),
            en_route_at: first(self.en_route_at, step == Step::EnRoute),
            on_scene_at: first(self.on_scene_at, step == Step::OnScene),
            ended_at: first(self.ended_at, !status.is_active()),
            text_at: None,
            answer_by: None,
            ..self
        })
    }

    /// The step by which it ends when the emergency itself has ended.
    #[must_use]
    pub fn last_step(&self) -> Step {
        match self.status {
            AssignmentStatus::EnRoute | AssignmentStatus::OnScene => Step::Clear,
            _ => Step::Cancel,
        }
    }

    /// The event that `happening` happened to it, for the followers of `emergency`.
    #[must_use]
    pub fn told(
        &self,
        happening: Happening,
        emergency: &Emergency,
        on_behalf: bool,
        now: &Moment,
    ) -> Event {
        let mut event = happening.to(emergency, now);
        if let Some(data) = event.data.as_object_mut() {
            data.insert("dispatch_id".to_owned(), json!(self.id));
            data.insert("unit_id".to_owned(), json!(self.unit));
            data.insert("dispatch_status".to_owned(), json!(self.status));
            data.insert("on_behalf".to_owned(), json!(on_behalf));
        }
        event
    }
}

impl Step {
    /// What happened when it was taken.
    #[must_use]
    pub const fn happening(self) -> Happening {
        match self {
            Self::Acknowledge => Happening::Acknowledged,
            Self::Decline => Happening::Declined,
            Self::EnRoute => Happening::EnRoute,
            Self::OnScene => Happening::OnScene,
            Self::Clear => Happening::Cleared,
            Self::Cancel => Happening::DispatchCancelled,
            Self::TimeOut => Happening::TimedOut,
        }
    }
}
