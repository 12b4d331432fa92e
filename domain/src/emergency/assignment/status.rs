//! The life of an assignment: its states, and the one table of what leads from which to which.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where an assignment is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentStatus {
    /// The unit was told.
    Assigned,
    /// Its crew knows.
    Acknowledged,
    /// On the way.
    EnRoute,
    /// There.
    OnScene,
    /// Free again.
    Cleared,
    /// The crew could not take it.
    Declined,
    /// Nobody of the crew answered in time.
    TimedOut,
    /// The dispatcher called it off.
    Cancelled,
}

/// What can be done with an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The crew knows.
    Acknowledge,
    /// The crew cannot take it.
    Decline,
    /// The unit is on the way.
    EnRoute,
    /// The unit is there.
    OnScene,
    /// The unit is free again.
    Clear,
    /// The holder of the emergency calls it off.
    Cancel,
    /// Time passes without an answer.
    TimeOut,
}

/// From which state which step leads where. What is not here cannot be done. Steps may be left out
/// on the way forward: who is on the way has acknowledged.
const TABLE: [(AssignmentStatus, Step, AssignmentStatus); 16] = {
    use AssignmentStatus as Is;
    [
        (Is::Assigned, Step::Acknowledge, Is::Acknowledged),
        (Is::Assigned, Step::Decline, Is::Declined),
        (Is::Assigned, Step::EnRoute, Is::EnRoute),
        (Is::Assigned, Step::OnScene, Is::OnScene),
        (Is::Assigned, Step::Cancel, Is::Cancelled),
        (Is::Assigned, Step::TimeOut, Is::TimedOut),
        (Is::Acknowledged, Step::Decline, Is::Declined),
        (Is::Acknowledged, Step::EnRoute, Is::EnRoute),
        (Is::Acknowledged, Step::OnScene, Is::OnScene),
        (Is::Acknowledged, Step::Clear, Is::Cleared),
        (Is::Acknowledged, Step::Cancel, Is::Cancelled),
        (Is::EnRoute, Step::OnScene, Is::OnScene),
        (Is::EnRoute, Step::Clear, Is::Cleared),
        (Is::EnRoute, Step::Cancel, Is::Cancelled),
        (Is::OnScene, Step::Clear, Is::Cleared),
        (Is::OnScene, Step::Cancel, Is::Cancelled),
    ]
};

impl AssignmentStatus {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Assigned,
        Self::Acknowledged,
        Self::EnRoute,
        Self::OnScene,
        Self::Cleared,
        Self::Declined,
        Self::TimedOut,
        Self::Cancelled,
    ];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Acknowledged => "acknowledged",
            Self::EnRoute => "en_route",
            Self::OnScene => "on_scene",
            Self::Cleared => "cleared",
            Self::Declined => "declined",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the unit is still bound by it.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Assigned | Self::Acknowledged | Self::EnRoute | Self::OnScene)
    }

    /// The state after `step`.
    ///
    /// # Errors
    /// [`StepNotNow`] when the table has no such step.
    pub fn after(self, step: Step) -> Result<Self, StepNotNow> {
        TABLE
            .into_iter()
            .find(|&(from, by, _)| from == self && by == step)
            .map(|(_, _, to)| to)
            .ok_or(StepNotNow)
    }

    /// What the table lets happen in this state.
    pub fn steps(self) -> impl Iterator<Item = Step> {
        TABLE.into_iter().filter(move |&(from, ..)| from == self).map(|(_, step, _)| step)
    }
}

impl fmt::Display for AssignmentStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for AssignmentStatus {
    type Err = UnknownAssignmentStatus;

    fn from_str(text: &str) -> Result<Self, UnknownAssignmentStatus> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(UnknownAssignmentStatus)
    }
}

/// There is no state of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such state of an assignment")]
pub struct UnknownAssignmentStatus;

/// The step cannot be taken from the state the assignment is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the step cannot be taken now")]
pub struct StepNotNow;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_step_leads_to_one_state_and_only_forward() {
        let steps: HashSet<_> = TABLE.map(|(from, step, _)| (from, step)).into();
        assert_eq!(steps.len(), TABLE.len());
        for (from, step, to) in TABLE {
            assert_eq!(from.after(step), Ok(to));
            assert!(from < to && from.is_active(), "{from} to {to}");
        }
    }

    #[test]
    fn every_state_can_be_come_to() {
        for status in AssignmentStatus::ALL {
            let first = status == AssignmentStatus::Assigned;
            let led_to = TABLE.into_iter().any(|(.., to)| to == status);
            assert!(first != led_to, "{status}");
        }
    }

    #[test]
    fn an_active_assignment_can_always_be_ended_and_an_ended_one_stays() {
        for status in AssignmentStatus::ALL {
            assert_eq!(status.to_string().parse(), Ok(status));
            let ends = status.steps().filter_map(|step| status.after(step).ok());
            assert_eq!(ends.into_iter().any(|after| !after.is_active()), status.is_active());
            assert_eq!(status.after(Step::Cancel).is_ok(), status.is_active());
        }
        assert!("lost".parse::<AssignmentStatus>().is_err());
    }
}
