//! One emergency as figures see it.

use std::str::FromStr as _;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::super::{EmergencyId, Happening, Kind, Priority, Status};
use crate::{directory::AgencyCode, event::RecordedEvent};

/// When an emergency reached which stage, and as what it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The emergency.
    pub emergency: EmergencyId,
    /// When the server had it.
    pub received_at: DateTime<Utc>,
    /// The state it was last known in.
    pub status: Status,
    /// The kind of help.
    pub kind: Option<Kind>,
    /// How urgent it was last.
    pub priority: Priority,
    /// Who answered for it last.
    pub agency: AgencyCode,
    /// Whether it was an exercise.
    pub drill: bool,
    /// When a person took it first.
    pub claimed_at: Option<DateTime<Utc>>,
    /// When the first unit was sent.
    pub dispatched_at: Option<DateTime<Utc>>,
    /// When the first unit left.
    pub en_route_at: Option<DateTime<Utc>>,
    /// When the first unit was there.
    pub on_scene_at: Option<DateTime<Utc>>,
    /// When it ended, while it has.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended, as one of the codes.
    pub disposition: Option<String>,
}

/// What an event tells of how its emergency stood.
#[derive(Deserialize)]
struct Told {
    status: Status,
    #[serde(default)]
    kind: Option<Kind>,
    priority: Priority,
    agency: String,
    #[serde(default)]
    drill: bool,
    #[serde(default)]
    disposition: Option<String>,
}

impl Record {
    /// The record once `event` is in it; none where the event cannot be understood, as those of
    /// times when they told less.
    #[must_use]
    pub fn after(known: Option<Self>, event: &RecordedEvent) -> Option<Self> {
        let told = Told::deserialize(&event.data).ok()?;
        let agency = AgencyCode::from_str(&told.agency).ok()?;
        let known = known.unwrap_or_else(|| Self::begun(event, &told, agency.clone()));
        let first = |known: Option<DateTime<Utc>>, of: &[Happening]| {
            known.or_else(|| of.iter().any(|one| one.as_str() == event.kind).then_some(event.at))
        };
        let ended = (!told.status.is_open()).then(|| known.ended_at.unwrap_or(event.at));
        Some(Self {
            emergency: known.emergency,
            received_at: known.received_at.min(event.at),
            status: told.status,
            kind: told.kind,
            priority: told.priority,
            agency,
            drill: told.drill,
            claimed_at: first(known.claimed_at, &[Happening::Claimed, Happening::TakenOver]),
            dispatched_at: first(known.dispatched_at, &[Happening::Dispatched]),
            en_route_at: first(known.en_route_at, &[Happening::EnRoute]),
            on_scene_at: first(known.on_scene_at, &[Happening::OnScene]),
            ended_at: ended,
            disposition: told.disposition,
        })
    }

    fn begun(event: &RecordedEvent, told: &Told, agency: AgencyCode) -> Self {
        Self {
            emergency: event.subject.into(),
            received_at: event.at,
            status: told.status,
            kind: told.kind,
            priority: told.priority,
            agency,
            drill: told.drill,
            claimed_at: None,
            dispatched_at: None,
            en_route_at: None,
            on_scene_at: None,
            ended_at: None,
            disposition: None,
        }
    }

    /// How long it waited until a person took it.
    #[must_use]
    pub fn answer(&self) -> Option<TimeDelta> {
        Some(self.claimed_at? - self.received_at)
    }

    /// How long it took from there until a unit was sent.
    #[must_use]
    pub fn assign(&self) -> Option<TimeDelta> {
        Some(self.dispatched_at? - self.claimed_at?)
    }

    /// How long the way of the first unit took.
    #[must_use]
    pub fn arrive(&self) -> Option<TimeDelta> {
        Some(self.on_scene_at? - self.en_route_at?)
    }

    /// How long it took from the call until somebody was there.
    #[must_use]
    pub fn total(&self) -> Option<TimeDelta> {
        Some(self.on_scene_at? - self.received_at)
    }
}
