//! Who drives with a unit, as every replica hears of it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Unit, UnitId};
use crate::{
    Moment,
    event::{Event, Topic},
    identity::StaffId,
};

/// What happened when a unit was added or changed.
const CREWED: &str = "unit.crewed";

/// Who drives with a unit by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crew {
    /// The unit.
    pub unit: UnitId,
    /// Its version by then.
    pub version: i64,
    /// Who drives with it.
    pub members: Vec<StaffId>,
}

impl Crew {
    /// The crew of `unit`; nobody drives with one that is not used any more.
    #[must_use]
    pub fn of(unit: &Unit) -> Self {
        let crew = unit.crew.iter().filter(|_| !unit.retired);
        let members = crew.map(|member| member.id).collect();
        Self { unit: unit.id, version: unit.version, members }
    }

    /// The event by which every replica hears of it.
    pub(super) fn event(&self, now: &Moment) -> Event {
        Event {
            id: now.new_id::<Event>().uuid(),
            topic: Topic::System,
            kind: CREWED,
            subject: self.unit.uuid(),
            agency: None,
            at: now.at,
            data: json!(self),
        }
    }

    /// The crew that an event of the system tells of, where it tells of one.
    #[must_use]
    pub fn read(kind: &str, data: &str) -> Option<Self> {
        if kind == CREWED { serde_json::from_str(data).ok() } else { None }
    }
}
