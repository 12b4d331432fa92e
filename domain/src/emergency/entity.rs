//! An emergency, and who may do what with it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Action, Call, Called, Escalation, Evidence, Fix, Kind, Lease, Priority, Proposal, Receipt,
    Report, RoutedBy, StandingOrders, Status, Transfer, UnitId,
};
use crate::{Id, Moment, directory::AgencyCode, identity::Dispatcher, secret::Digest};

/// The id of an emergency.
pub type EmergencyId = Id<Emergency>;

/// How long after it was resolved an emergency is closed.
const CLOSED_AFTER: TimeDelta = TimeDelta::hours(24);
/// How long a repetition is taken for one: a key or a body seen again after this is a new call.
const REMEMBERED: TimeDelta = TimeDelta::hours(24);

/// A call for help and everything that became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Emergency {
    /// Its id, made by the phone or by the server.
    pub id: EmergencyId,
    /// Counts the changes: a save succeeds only on the version that was read.
    pub version: i64,
    /// What the caller can read out.
    pub receipt: Receipt,
    /// Where it is in its life.
    pub status: Status,
    /// What is looked at first.
    pub priority: Priority,
    /// So many calls came from its source that it may be abuse.
    pub suspect: bool,
    /// Who answers for it.
    pub agency: AgencyCode,
    /// By what that was decided.
    pub routed_by: RoutedBy,
    /// The commune, as said or looked up.
    pub commune: Option<String>,
    /// When the server had it.
    pub received_at: DateTime<Utc>,
    /// Since when it waits for somebody: a call that came again waits anew.
    pub queued_at: DateTime<Utc>,
    /// What the caller said, all calls together.
    pub said: Report,
    /// The newest position.
    pub location: Option<Fix>,
    /// When followers were last told of a position.
    pub location_told_at: Option<DateTime<Utc>>,
    /// By what the caller is known again.
    pub evidence: Evidence,
    /// The digest of the first call's body; none while only positions or a cancellation came.
    pub body: Option<Digest>,
    /// Whether strangers said something under its id.
    pub overheard: bool,
    /// Where the call came from.
    pub source: Digest,
    /// The emergency it is followed under.
    pub merged_into: Option<EmergencyId>,
    /// In which state it was when a dispatcher merged it; none where it was folded as it came.
    pub before_merge: Option<Status>,
    /// Who holds it.
    pub lease: Option<Lease>,
    /// To whom its holder offers it.
    pub transfer: Option<Transfer>,
    /// When the caller asked to call it off, while a dispatcher has not decided.
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The units that are bound by it.
    pub units: Vec<UnitId>,
    /// The unit to send next, since another one does not come.
    pub proposal: Option<Proposal>,
    /// How far it was called out, where that went further than its own centre or began anew.
    pub escalation: Option<Escalation>,
    /// Who was called to it beside those who answer for it.
    pub called: Option<Called>,
    /// When it is looked at next, by the clock alone.
    pub alarm_at: Option<DateTime<Utc>>,
}

/// How an emergency ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The code of a [`Disposition`](super::Disposition): `handled`, `false_alarm`. Older ones are
    /// words that centres chose.
    pub disposition: String,
    /// In the words of the dispatcher.
    pub note: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Emergency {
    /// The emergency that `call` is when it comes first under its id.
    #[must_use]
    pub fn received(now: &Moment, call: &Call, orders: &StandingOrders) -> Self {
        let (id, report) = (call.name.id(), &call.report);
        let received = Self {
            id,
            version: 1,
            receipt: Receipt::following(id),
            status: Status::Received,
            priority: priority(report),
            suspect: call.source.is_suspect(),
            agency: Kind::agency(report.kind),
            routed_by: RoutedBy::Kind,
            commune: None,
            received_at: now.at,
            queued_at: now.at,
            said: report.clone(),
            location: call.reading.map(|reading| reading.arrived(now.at)),
            location_told_at: call.reading.map(|_| now.at),
            evidence: Evidence { token: false, ..call.evidence.clone() },
            body: Some(call.body),
            overheard: false,
            source: call.source.digest,
            merged_into: None,
            before_merge: None,
            lease: None,
            transfer: None,
            cancel_requested_at: None,
            outcome: None,
            units: Vec::new(),
            proposal: None,
            escalation: None,
            called: None,
            alarm_at: None,
        };
        received.routed(call, orders).armed(None, orders, now.at)
    }

    /// Whether a dispatcher decided that it follows another: then it stands up by no word of its
    /// caller, who follows that one.
    #[must_use]
    pub const fn is_merged(&self) -> bool {
        self.before_merge.is_some()
    }

    /// Whether nothing said or told so far could lead anybody to the caller.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.said.is_empty() && self.location.is_none() && self.evidence.citizen.is_none()
    }

    /// Whether a repetition of the call is still taken for one.
    #[must_use]
    pub fn is_recent(&self, at: DateTime<Utc>) -> bool {
        at - self.received_at <= REMEMBERED
    }

    /// When it leaves the list of what was just resolved.
    #[must_use]
    pub fn closes_at(&self) -> Option<DateTime<Utc>> {
        let outcome = self.outcome.as_ref().filter(|_| self.status == Status::Resolved)?;
        Some(outcome.at + CLOSED_AFTER)
    }

    /// Its place among the open ones, lowest first; none once it has ended.
    #[must_use]
    pub fn urgency(&self) -> Option<i32> {
        let abandoned = self.lease.as_ref().is_some_and(|lease| lease.gone_at.is_some());
        let urgency = || match (self.said.probe, abandoned) {
            (true, _) => Priority::OF_PROBES,
            (false, true) => self.priority.urgency_when_abandoned(),
            (false, false) => self.priority.urgency(self.suspect),
        };
        self.status.is_open().then(urgency)
    }

    /// Whether `dispatcher` may know of it: they answer for it, it is offered to them, or they were
    /// called to it.
    #[must_use]
    pub fn is_seen_by(&self, dispatcher: &Dispatcher) -> bool {
        self.is_answered_by(dispatcher)
            || self.is_offered_to(dispatcher)
            || self.is_called_to(dispatcher)
    }

    /// Whether `dispatcher` answers for it: it is their centre's, or they came to help and hold it.
    pub(super) fn is_answered_by(&self, dispatcher: &Dispatcher) -> bool {
        dispatcher.staff().reaches(&self.agency) || self.is_held_by(dispatcher)
    }

    /// Whether `dispatcher` holds it.
    #[must_use]
    pub fn is_held_by(&self, dispatcher: &Dispatcher) -> bool {
        self.lease.as_ref().is_some_and(|lease| lease.holder == dispatcher.staff().id)
    }

    /// Whether `dispatcher` is shown what its caller wants helpers to know: while they hold it, and
    /// where the caller is the one in need. Somebody else's medical card would mislead.
    #[must_use]
    pub fn shows_records_to(&self, dispatcher: &Dispatcher) -> bool {
        self.status.is_open() && self.is_held_by(dispatcher) && self.said.on_behalf_of.is_none()
    }

    /// What `dispatcher` can do with it now.
    #[must_use]
    pub fn actions_of(&self, dispatcher: &Dispatcher) -> Vec<Action> {
        let held = self.is_held_by(dispatcher);
        let answered = self.is_answered_by(dispatcher);
        let called = self.is_called_to(dispatcher);
        let (offered, taking) = (self.transfer.is_some(), self.is_offered_to(dispatcher));
        let wanted = self.cancel_requested_at.is_some();
        self.status
            .actions()
            .filter(|action| match action {
                Action::AcceptTransfer | Action::RejectTransfer => taking,
                Action::Claim => (answered || called) && self.lease.is_none(),
                Action::TakeOver => (answered || called) && !held && self.lease.is_some(),
                _ if !answered => false,
                Action::Transfer => held && !offered,
                Action::WithdrawTransfer => held && offered,
                Action::SetPriority | Action::Reopen | Action::Unmerge => true,
                Action::Merge | Action::Correct => self.lease.is_none() || held,
                Action::Heartbeat | Action::Release | Action::Resolve | Action::Dispatch => held,
                Action::ConfirmCancellation | Action::RejectCancellation => held && wanted,
                _ => false,
            })
            .collect()
    }

    /// What its caller can do now, who follows `leading`: the same one, or what it was merged into.
    #[must_use]
    pub fn actions_of_caller(&self, leading: &Self) -> Vec<Action> {
        self.status
            .actions()
            .filter(|action| match action {
                Action::Update => true,
                Action::CallAgain => !self.is_merged() || leading.status.has_ended(),
                Action::Cancel => self.is_cancelled_at_once(),
                Action::RequestCancellation => {
                    !self.is_cancelled_at_once() && self.cancel_requested_at.is_none()
                }
                _ => false,
            })
            .collect()
    }

    /// Whether the caller's word is enough to call it off: the call itself came, nobody has taken
    /// it, and there is no sign that the caller may be forced.
    pub(super) fn is_cancelled_at_once(&self) -> bool {
        matches!(self.status, Status::Received | Status::Duplicate)
            && !self.is_merged()
            && self.body.is_some()
            && !self.said.is_silent()
            && self.priority != Priority::High
    }
}

/// How urgent a call is by what its caller said.
pub(super) fn priority(report: &Report) -> Priority {
    match report {
        report if report.is_drill() => Priority::Low,
        report if report.is_silent() || !report.dangers().is_empty() => Priority::High,
        _ => Priority::Normal,
    }
}
