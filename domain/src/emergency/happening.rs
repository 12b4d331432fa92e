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
    /// Its priority is another now.
    Prioritised,
    /// It had ended, and a dispatcher took it up again.
    Reopened,
    /// A dispatcher wrote a note for colleagues.
    Noted,
    /// It is followed under another.
    Merged,
    /// Another is followed under it.
    Joined,
    /// It stands by itself again.
    Unmerged,
    /// Its holder offers it to another agency.
    TransferOffered,
    /// Its holder took the offer back.
    TransferWithdrawn,
    /// Another agency answers for it now.
    TransferAccepted,
    /// The agency that it was offered to does not take it.
    TransferRejected,
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
    /// A unit did not answer or does not come, and another one is proposed.
    UnitProposed,
    /// Nobody came for too long: it was called out further.
    Escalated,
    /// Nothing is heard of its holder any more.
    HolderGone,
    /// Its holder is there again.
    HolderBack,
    /// Something was written, fetched or read in its conversation.
    Message,
    /// A dispatcher put something right.
    Corrected,
    /// A dispatcher rang its caller back.
    CalledBack,
    /// Its caller showed a photo, a video or a sound.
    Shown,
}

impl Happening {
    /// Everything that can happen.
    pub const ALL: [Self; 38] = [
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
        Self::Prioritised,
        Self::Reopened,
        Self::Noted,
        Self::Merged,
        Self::Joined,
        Self::Unmerged,
        Self::TransferOffered,
        Self::TransferWithdrawn,
        Self::TransferAccepted,
        Self::TransferRejected,
        Self::Dispatched,
        Self::Acknowledged,
        Self::EnRoute,
        Self::OnScene,
        Self::Cleared,
        Self::Declined,
        Self::TimedOut,
        Self::DispatchCancelled,
        Self::UnitProposed,
        Self::Escalated,
        Self::HolderGone,
        Self::HolderBack,
        Self::Message,
        Self::Corrected,
        Self::CalledBack,
        Self::Shown,
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
            Self::Prioritised => "emergency.prioritised",
            Self::Reopened => "emergency.reopened",
            Self::Noted => "emergency.noted",
            Self::Merged => "emergency.merged",
            Self::Joined => "emergency.joined",
            Self::Unmerged => "emergency.unmerged",
            Self::TransferOffered => "emergency.transfer_offered",
            Self::TransferWithdrawn => "emergency.transfer_withdrawn",
            Self::TransferAccepted => "emergency.transfer_accepted",
            Self::TransferRejected => "emergency.transfer_rejected",
            Self::Dispatched => "emergency.dispatched",
            Self::Acknowledged => "emergency.acknowledged",
            Self::EnRoute => "emergency.en_route",
            Self::OnScene => "emergency.on_scene",
            Self::Cleared => "emergency.cleared",
            Self::Declined => "emergency.declined",
            Self::TimedOut => "emergency.timed_out",
            Self::DispatchCancelled => "emergency.dispatch_cancelled",
            Self::UnitProposed => "emergency.unit_proposed",
            Self::Escalated => "emergency.escalated",
            Self::HolderGone => "emergency.holder_gone",
            Self::HolderBack => "emergency.holder_back",
            Self::Message => "emergency.message",
            Self::Corrected => "emergency.corrected",
            Self::CalledBack => "emergency.called_back",
            Self::Shown => "emergency.media",
        }
    }

    /// The event that this happened to `emergency`, which is shown as it is afterwards. Codes and
    /// ids only: nothing in it says who the caller is or where.
    #[must_use]
    pub fn to(self, emergency: &Emergency, now: &Moment) -> Event {
        let lease = emergency.lease.as_ref();
        let mut data = json!({
            "status": emergency.status,
            "kind": emergency.said.kind,
            "priority": emergency.priority,
            "agency": emergency.agency,
            "holder_id": lease.map(|lease| lease.holder),
            "version": emergency.version,
            "drill": emergency.said.is_drill(),
        });
        // Most calls for help never bind a unit: their events stay as short as they are.
        let units = (!emergency.units.is_empty()).then(|| json!(emergency.units));
        let sometimes = [
            ("disposition", emergency.outcome.as_ref().map(|outcome| json!(outcome.disposition))),
            ("merged_into", emergency.merged_into.map(|leading| json!(leading))),
            ("units", units),
            ("probe", emergency.said.probe.then_some(json!(true))),
            ("offered_to", emergency.transfer.as_ref().map(|open| json!(open.to))),
            ("routed_by", (self == Self::Received).then(|| json!(emergency.routed_by))),
            ("called", emergency.called.as_ref().map(|called| json!(called.to_string()))),
            ("escalation", emergency.escalation.map(|escalation| json!(escalation.level))),
        ];
        if let Some(fields) = data.as_object_mut() {
            let there = sometimes.into_iter().filter_map(|(name, value)| Some((name, value?)));
            fields.extend(there.map(|(name, value)| (name.to_owned(), value)));
        }
        Event {
            id: now.new_id::<Event>().uuid(),
            topic: Topic::Emergency,
            kind: self.as_str(),
            subject: emergency.id.uuid(),
            agency: Some(emergency.agency.clone()),
            at: now.at,
            data,
        }
    }
}
