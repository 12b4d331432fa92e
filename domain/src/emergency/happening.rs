//! What followers of an emergency are told.

use serde_json::json;

use super::Emergency;
use crate::{
    Moment,
    event::{Event, Topic},
};

/// Something that happened to an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// It came, or came again.
    Received,
    /// Its caller said more.
    Updated,
    /// A stranger said something under its id.
    Statement,
    /// A position was told.
    Location,
    /// A dispatcher took it.
    Claimed,
    /// Its holder gave it back.
    Released,
    /// Another dispatcher took it from its holder.
    TakenOver,
    /// Its caller asks to call it off.
    CancelRequested,
    /// The wish to call it off was turned down.
    CancelRejected,
    /// It was called off.
    Cancelled,
    /// It was handled.
    Resolved,
    /// It was closed.
    Closed,
    /// A unit was sent to it.
    Dispatched,
    /// The crew of a unit knows.
    Acknowledged,
    /// A unit is on the way.
    EnRoute,
    /// A unit is there.
    OnScene,
    /// A unit is free again.
    Cleared,
    /// The crew of a unit could not take it.
    Declined,
    /// Nobody of the crew of a unit answered in time.
    TimedOut,
    /// A unit was called back.
    DispatchCancelled,
    /// A unit did not answer, and another one is proposed.
    UnitProposed,
}

impl Happening {
    /// Everything that can happen.
    pub const ALL: [Self; 21] = [
        Self::Received,
        Self::Updated,
        Self::Statement,
        Self::Location,
        Self::Claimed,
        Self::Released,
        Self::TakenOver,
        Self::CancelRequested,
        Self::CancelRejected,
        Self::Cancelled,
        Self::Resolved,
        Self::Closed,
        Self::Dispatched,
        Self::Acknowledged,
        Self::EnRoute,
        Self::OnScene,
        Self::Cleared,
        Self::Declined,
        Self::TimedOut,
        Self::DispatchCancelled,
        Self::UnitProposed,
    ];

    /// The name in the event log: the thing, a dot, what happened.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "emergency.received",
            Self::Updated => "emergency.updated",
            Self::Statement => "emergency.statement",
            Self::Location => "emergency.location",
            Self::Claimed => "emergency.claimed",
            Self::Released => "emergency.released",
            Self::TakenOver => "emergency.taken_over",
            Self::CancelRequested => "emergency.cancel_requested",
            Self::CancelRejected => "emergency.cancel_rejected",
            Self::Cancelled => "emergency.cancelled",
            Self::Resolved => "emergency.resolved",
            Self::Closed => "emergency.closed",
            Self::Dispatched => "emergency.dispatched",
            Self::Acknowledged => "emergency.acknowledged",
            Self::EnRoute => "emergency.en_route",
            Self::OnScene => "emergency.on_scene",
            Self::Cleared => "emergency.cleared",
            Self::Declined => "emergency.declined",
            Self::TimedOut => "emergency.timed_out",
            Self::DispatchCancelled => "emergency.dispatch_cancelled",
            Self::UnitProposed => "emergency.unit_proposed",
        }
    }

    /// The event that this happened to `emergency`, which is shown as it is afterwards. Codes and
    /// ids only: nothing in it says who the caller is or where.
    #[must_use]
    pub fn to(self, emergency: &Emergency, now: &Moment) -> Event {
        let lease = emergency.lease.as_ref();
        let mut event = Event {
            id: now.new_id::<Event>().uuid(),
            topic: Topic::Emergency,
            kind: self.as_str(),
            subject: emergency.id.uuid(),
            agency: Some(emergency.agency.clone()),
            at: now.at,
            data: json!({
                "status": emergency.status,
                "kind": emergency.said.kind,
                "priority": emergency.priority,
                "agency": emergency.agency,
                "holder_id": lease.map(|lease| lease.holder),
                "reason": lease.and_then(|lease| lease.reason.as_deref()),
                "version": emergency.version,
                "drill": emergency.said.is_drill(),
            }),
        };
        // Most calls for help never bind a unit: their events stay as short as they are.
        if let Some(data) = event.data.as_object_mut().filter(|_| !emergency.units.is_empty()) {
            data.insert("units".to_owned(), json!(emergency.units));
        }
        event
    }
}
