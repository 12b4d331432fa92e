//! Calls that wait too long: how far each was called out, to whom, and when it goes on.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Called, Duty, Emergency, Lease, Priority, StandingOrders, is_staffed};
use crate::{directory::AgencyCode, identity::Dispatcher};

/// A lease is looked at just after it went stale.
const JUST_AFTER: TimeDelta = TimeDelta::milliseconds(1);

/// How far a call was called out that nobody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// 0 as long as its centre alone knows; 1 once that was alerted again; 2 once its supervisor and
    /// the neighbouring centre were; 3 once everybody on duty was.
    pub level: u8,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Since when nobody has it.
    pub waits_from: DateTime<Utc>,
    /// Whether duty phones were told.
    #[serde(default)]
    pub paged: bool,
}

impl Escalation {
    /// The level at which the supervisor and the neighbouring centre are called.
    pub const NEIGHBOUR: u8 = 2;
    /// The level at which everybody on duty is called.
    pub const EVERYONE: u8 = 3;

    /// Nobody has it from `at` on, and nobody was called yet.
    const fn beginning(at: DateTime<Utc>) -> Self {
        Self { level: 0, since: at, waits_from: at, paged: false }
    }
}

impl Emergency {
    /// Whether somebody has to come: it is open, and nobody holds it, or nothing was heard of whoever
    /// does.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.status.is_open() && self.lease.as_ref().is_none_or(|lease| lease.gone_at.is_some())
    }

    /// Whether `dispatcher` was called to it from elsewhere.
    #[must_use]
    pub fn is_called_to(&self, dispatcher: &Dispatcher) -> bool {
        let reaches = |agency: &AgencyCode| dispatcher.staff().reaches(agency);
        self.called.as_ref().is_some_and(|called| called.includes(reaches))
    }

    /// How far it was called out by now.
    #[must_use]
    pub fn escalation(&self) -> Escalation {
        self.escalation.unwrap_or(Escalation::beginning(self.queued_at))
    }

    /// Who goes on seeing it from elsewhere once `dispatcher` has it: their own centre, where it is
    /// not the one that answers for it.
    pub(super) fn helpers(&self, dispatcher: &Dispatcher) -> Option<Called> {
        let staff = dispatcher.staff();
        (!staff.reaches(&self.agency)).then(|| Called::Agency(staff.agency.clone()))
    }

    /// With the time at which it is looked at next, after it was `before`: whoever waits anew is
    /// called out from the beginning, and where somebody has it, it is quiet. Probes call nobody.
    pub(super) fn armed(
        self,
        before: Option<&Self>,
        orders: &StandingOrders,
        at: DateTime<Utc>,
    ) -> Self {
        if !self.status.is_open() || self.said.probe {
            // What has ended is no more everybody's; who came to help keeps sight of it.
            let called = self.called.clone().filter(|called| *called != Called::Everyone);
            return Self { escalation: None, alarm_at: None, called, ..self };
        }
        if self.is_waiting() {
            if before.is_some_and(Self::is_waiting) {
                return self.timed(orders);
            }
            let escalation = (at != self.queued_at).then(|| Escalation::beginning(at));
            return Self { escalation, called: None, ..self }.timed(orders);
        }
        let kept = before.filter(|before| !before.is_waiting()).and_then(|before| before.alarm_at);
        let stale_at = self.lease.as_ref().map(Lease::stale_at);
        let alarm_at = kept.or(stale_at.map(|at| at + JUST_AFTER));
        Self { escalation: None, alarm_at, ..self }
    }

    /// Waiting, with the time at which it goes on to the next level, or rings again at the last.
    fn timed(self, orders: &StandingOrders) -> Self {
        let escalation = self.escalation();
        let patience = orders.waits.of(self.priority).at(escalation.level);
        let next = patience.map(|patience| escalation.waits_from + patience);
        let again = self.alarm_at.max(Some(escalation.since + orders.waits.again));
        Self { alarm_at: next.or(again), ..self }
    }

    /// When it rings after it rings at `at`, once everybody on duty was called to it; none before.
    pub(super) fn rings_again(
        &self,
        orders: &StandingOrders,
        at: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let called = self.is_waiting() && self.escalation().level >= Escalation::EVERYONE;
        let again = orders.waits.again;
        let steady = self.alarm_at.map(|due| due + again).filter(|next| *next > at);
        called.then(|| steady.unwrap_or(at + again))
    }

    /// When to look again at whoever holds it, where that was somebody who is there at `at`.
    pub(super) fn held_until(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let lease = self.lease.as_ref().filter(|_| self.status.is_open())?;
        let there = lease.gone_at.is_none() && !lease.is_stale(at);
        there.then(|| lease.stale_at() + JUST_AFTER)
    }

    /// Left alone by whoever holds it: at the top of the queue, and its centre is alerted at once.
    pub(super) fn abandoned(self, orders: &StandingOrders, at: DateTime<Utc>) -> Self {
        let lease = self.lease.clone().map(|lease| Lease { gone_at: Some(at), ..lease });
        let escalation = Escalation { level: 1, ..Escalation::beginning(at) };
        Self { lease, escalation: Some(escalation), ..self }.timed(orders)
    }

    /// Called out as far as its wait demands with `duties` there; nothing where that was done. A
    /// centre with nobody there does not wait: the next one is called at once.
    pub(super) fn escalated(
        &self,
        orders: &StandingOrders,
        duties: &[Duty],
        at: DateTime<Utc>,
    ) -> Option<Self> {
        let before = self.escalation();
        let there = |agency: &AgencyCode| is_staffed(duties, &orders.agencies, agency, at);
        let waited = orders.waits.of(self.priority).level(at - before.waits_from);
        let level = if there(&self.agency) { waited } else { waited.max(Escalation::NEIGHBOUR) };
        if level <= before.level {
            return None;
        }
        let escalation = Escalation { level, since: at, ..before };
        let called = match level {
            Escalation::EVERYONE.. => Some(Called::Everyone),
            Escalation::NEIGHBOUR => {
                let beside = orders.beside(&self.agency, self.said.kind, self.origin());
                let present = beside.iter().find(|agency| there(agency)).or(beside.first());
                present.cloned().map(Called::Agency).or_else(|| self.called.clone())
            }
            _ => self.called.clone(),
        };
        Some(Self { escalation: Some(escalation), called, ..self.clone() }.timed(orders))
    }
}

impl Priority {
    /// The place in the queue of a call whose holder is gone: before all others, but of drills,
    /// which stay behind what is real.
    pub(super) const fn urgency_when_abandoned(self) -> i32 {
        match self {
            Self::High => 0,
            Self::Normal => 1,
            Self::Low => 25,
        }
    }
}
