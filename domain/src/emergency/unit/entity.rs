//! A unit, and how it stands.

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Capability;
use crate::{
    Id,
    directory::AgencyCode,
    emergency::{Assignment, AssignmentStatus, Fix},
    identity::{Phone, StaffId},
};

/// The id of a unit.
pub type UnitId = Id<Unit>;

/// Who and what is sent together: a vehicle with its crew.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Grows with each edit; going on shift and moving about are none.
    pub version: i64,
    /// Whose it is.
    pub agency: AgencyCode,
    /// What it is called on the radio.
    pub name: String,
    /// What it can do.
    pub capabilities: Vec<Capability>,
    /// Who drives with it.
    pub crew: Vec<CrewMember>,
    /// The number of the phone that lies in it, once somebody has entered one.
    pub duty_phone: Option<Phone>,
    /// The words its centre has for states.
    pub labels: BTreeMap<UnitStatus, String>,
    /// Whether it is not used any more.
    pub retired: bool,
    /// Since when it is on shift.
    pub on_shift_since: Option<DateTime<Utc>>,
    /// Where it was last.
    pub position: Option<Fix>,
}

/// Somebody of the crew of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrewMember {
    /// Who.
    pub id: StaffId,
    /// The name colleagues see.
    pub username: String,
}

/// How a unit stands. It follows from its shift and from what it is assigned to, and is never set
/// by itself. The later stand further from being free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitStatus {
    /// On shift, and free.
    Available,
    /// Not on shift.
    OffShift,
    /// It was told of an emergency.
    Assigned,
    /// Its crew knows.
    Acknowledged,
    /// On the way.
    EnRoute,
    /// There.
    OnScene,
}

impl Unit {
    /// How long a position tells where a unit is.
    pub const POSITION_HOLDS: TimeDelta = TimeDelta::seconds(1800);

    /// How it stands while it is assigned to `active`.
    #[must_use]
    pub fn status(&self, active: &[Assignment]) -> UnitStatus {
        let own = active.iter().filter(|assignment| assignment.unit == self.id);
        let busy = own.filter_map(|assignment| UnitStatus::during(assignment.status)).max();
        let idle = || match self.on_shift_since {
            Some(_) => UnitStatus::Available,
            None => UnitStatus::OffShift,
        };
        busy.unwrap_or_else(idle)
    }

    /// Where it is at `at`, as far as that is known: a position that is too old tells nothing.
    #[must_use]
    pub fn known_position(&self, at: DateTime<Utc>) -> Option<&Fix> {
        self.position.as_ref().filter(|fix| fix.age(at) <= Self::POSITION_HOLDS)
    }

    /// Whether `staff` belongs to the crew.
    #[must_use]
    pub fn has_aboard(&self, staff: StaffId) -> bool {
        self.crew.iter().any(|member| member.id == staff)
    }
}

impl UnitStatus {
    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::Available,
        Self::OffShift,
        Self::Assigned,
        Self::Acknowledged,
        Self::EnRoute,
        Self::OnScene,
    ];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::OffShift => "off_shift",
            Self::Assigned => "assigned",
            Self::Acknowledged => "acknowledged",
            Self::EnRoute => "en_route",
            Self::OnScene => "on_scene",
        }
    }

    /// How a unit stands while its assignment is `status`; none once that has ended.
    fn during(status: AssignmentStatus) -> Option<Self> {
        match status {
            AssignmentStatus::Assigned => Some(Self::Assigned),
            AssignmentStatus::Acknowledged => Some(Self::Acknowledged),
            AssignmentStatus::EnRoute => Some(Self::EnRoute),
            AssignmentStatus::OnScene => Some(Self::OnScene),
            AssignmentStatus::Cleared
            | AssignmentStatus::Declined
            | AssignmentStatus::TimedOut
            | AssignmentStatus::Cancelled => None,
        }
    }
}

impl fmt::Display for UnitStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for UnitStatus {
    type Err = UnknownUnitStatus;

    fn from_str(text: &str) -> Result<Self, UnknownUnitStatus> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(UnknownUnitStatus)
    }
}

/// There is no state of a unit of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such state of a unit")]
pub struct UnknownUnitStatus;
