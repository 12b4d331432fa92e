//! What can happen to an emergency: each step takes the emergency as it was and gives it as it is
//! afterwards, or says why not.

use chrono::{DateTime, Utc};

use super::{
    Action, Call, Emergency, EmergencyId, Evidence, Field, Fix, Lease, Outcome, Priority, Report,
    Status, TransitionError, UnitId, entity::priority,
};
use crate::identity::Dispatcher;

impl Emergency {
    /// Followed under `leading` from now on.
    pub(super) fn folded_into(self, leading: EmergencyId) -> Self {
        Self { status: Status::Duplicate, merged_into: Some(leading), ..self }
    }

    /// Taken by `dispatcher`.
    ///
    /// # Errors
    /// [`TransitionError::AlreadyClaimed`] when another holds it.
    pub fn claimed(
        self,
        dispatcher: &Dispatcher,
        at: DateTime<Utc>,
    ) -> Result<Self, TransitionError> {
        let called = self.helpers(dispatcher);
        Ok(Self { called, ..self.under(Lease::of(dispatcher, at))? })
    }

    /// Held by `lease`, while nobody holds it.
    pub(super) fn under(self, lease: Lease) -> Result<Self, TransitionError> {
        if self.status.is_open() && self.lease.is_some() {
            return Err(TransitionError::AlreadyClaimed);
        }
        let status = self.status.after(Action::Claim)?;
        Ok(Self { status, lease: Some(lease), ..self })
    }

    /// Taken by `dispatcher` from whoever holds it, for `reason`.
    ///
    /// # Errors
    /// [`TransitionError`] when nobody holds it.
    pub fn taken_over(
        self,
        dispatcher: &Dispatcher,
        at: DateTime<Utc>,
        reason: &str,
    ) -> Result<Self, TransitionError> {
        let status = self.status.after(Action::TakeOver)?;
        let lease = Lease { reason: Some(reason.to_owned()), ..Lease::of(dispatcher, at) };
        let called = self.helpers(dispatcher);
        Ok(Self { status, lease: Some(lease), called, ..self })
    }

    /// Held on by `dispatcher`, of whom nothing had been heard for too long.
    pub(super) fn held_again(
        self,
        dispatcher: &Dispatcher,
        at: DateTime<Utc>,
    ) -> Result<Self, TransitionError> {
        let status = self.held(dispatcher, Action::Heartbeat)?;
        let lease = self.lease.clone().map(|lease| Lease { heard_at: at, gone_at: None, ..lease });
        let called = self.helpers(dispatcher);
        Ok(Self { status, lease, called, ..self })
    }

    /// Given back to the queue by its holder.
    ///
    /// # Errors
    /// [`TransitionError`] when `dispatcher` does not hold it.
    pub fn released(self, dispatcher: &Dispatcher) -> Result<Self, TransitionError> {
        let status = self.held(dispatcher, Action::Release)?;
        Ok(Self { status, lease: None, ..self })
    }

    /// Ended by its holder, with what came of it.
    ///
    /// # Errors
    /// [`TransitionError`] when `dispatcher` does not hold it.
    pub fn resolved(
        self,
        dispatcher: &Dispatcher,
        outcome: Outcome,
    ) -> Result<Self, TransitionError> {
        let status = self.held(dispatcher, Action::Resolve)?;
        let units = Vec::new();
        Ok(Self { status, outcome: Some(outcome), units, proposal: None, ..self })
    }

    /// With `unit` sent to it by its holder.
    ///
    /// # Errors
    /// [`TransitionError`] when `dispatcher` does not hold it.
    pub fn dispatched(
        self,
        dispatcher: &Dispatcher,
        unit: UnitId,
    ) -> Result<Self, TransitionError> {
        let status = self.held(dispatcher, Action::Dispatch)?;
        let units = self.units.into_iter().filter(|known| *known != unit).chain([unit]).collect();
        Ok(Self { status, units, proposal: None, ..self })
    }

    /// With `unit` free again. When it was the last one, the emergency is back with its holder, or
    /// in the queue where nobody holds it.
    #[must_use]
    pub fn freed(self, unit: UnitId) -> Self {
        let units: Vec<UnitId> =
            self.units.iter().copied().filter(|known| *known != unit).collect();
        let stood_down = self.status.after(Action::StandDown).ok().filter(|_| units.is_empty());
        let queued = |status: Status| match self.lease {
            Some(_) => status,
            None => status.after(Action::Release).unwrap_or(status),
        };
        Self { status: stood_down.map_or(self.status, queued), units, ..self }
    }

    /// Closed, some time after it was resolved.
    ///
    /// # Errors
    /// [`TransitionError`] when it is not resolved.
    pub fn closed(self) -> Result<Self, TransitionError> {
        Ok(Self { status: self.status.after(Action::Close)?, ..self })
    }

    /// Called off by its caller: at once where their word is enough, else marked until a
    /// dispatcher decides.
    ///
    /// # Errors
    /// [`TransitionError`] when it has ended already.
    pub fn called_off(self, at: DateTime<Utc>) -> Result<Self, TransitionError> {
        if self.is_cancelled_at_once() {
            return Ok(Self { status: self.status.after(Action::Cancel)?, ..self });
        }
        let status = self.status.after(Action::RequestCancellation)?;
        let cancel_requested_at = self.cancel_requested_at.or(Some(at));
        Ok(Self { status, cancel_requested_at, ..self })
    }

    /// The holder agrees to the caller's wish that it be called off, or not.
    ///
    /// # Errors
    /// [`TransitionError`] when `dispatcher` does not hold it or nothing was asked.
    pub fn cancellation_decided(
        self,
        dispatcher: &Dispatcher,
        agreed: bool,
    ) -> Result<Self, TransitionError> {
        let action = if agreed { Action::ConfirmCancellation } else { Action::RejectCancellation };
        let status = self.held(dispatcher, action)?;
        if self.cancel_requested_at.is_none() {
            return Err(TransitionError::NothingToDecide);
        }
        let cancel_requested_at = self.cancel_requested_at.filter(|_| agreed);
        let units = if agreed { Vec::new() } else { self.units };
        Ok(Self { status, cancel_requested_at, units, ..self })
    }

    /// As urgent as a dispatcher says.
    ///
    /// # Errors
    /// [`TransitionError`] when it has ended.
    pub fn prioritised(self, priority: Priority) -> Result<Self, TransitionError> {
        Ok(Self { status: self.status.after(Action::SetPriority)?, priority, ..self })
    }

    /// Taken up again by `dispatcher` after it had ended. They hold it: who finds that something
    /// is left to do sees to it, and nobody waits until somebody else comes.
    ///
    /// # Errors
    /// [`TransitionError`] when it has not ended.
    pub fn reopened(
        self,
        dispatcher: &Dispatcher,
        at: DateTime<Utc>,
    ) -> Result<Self, TransitionError> {
        Ok(Self {
            status: self.status.after(Action::Reopen)?,
            queued_at: at,
            lease: Some(Lease::of(dispatcher, at)),
            cancel_requested_at: None,
            outcome: None,
            ..self
        })
    }

    /// Back among the received ones, since something new was said after it had ended or while it
    /// was followed under another.
    ///
    /// # Errors
    /// [`TransitionError`] when it is open, or a dispatcher let it follow another.
    pub fn called_again(self, at: DateTime<Utc>) -> Result<Self, TransitionError> {
        let status = self.status.after(Action::CallAgain)?;
        if self.is_merged() {
            let action = Action::CallAgain;
            return Err(TransitionError::NotNow { status: self.status, action });
        }
        Ok(Self {
            status,
            queued_at: at,
            merged_into: None,
            before_merge: None,
            lease: None,
            transfer: None,
            cancel_requested_at: None,
            outcome: None,
            units: Vec::new(),
            proposal: None,
            ..self
        })
    }

    /// With `call` as the call that its positions or its cancellation got ahead of.
    pub(super) fn adopted(self, call: &Call) -> Self {
        if self.body.is_some() {
            return self;
        }
        let evidence = Evidence {
            citizen: self.evidence.citizen.or(call.evidence.citizen),
            secret: self.evidence.secret.or(call.evidence.secret),
            key: self.evidence.key.or(call.evidence.key),
            token: false,
        };
        Self { body: Some(call.body), evidence, ..self }
    }

    /// With what its caller says later. The kind, and with it who answers, changes only while nobody
    /// holds it: a holder must not lose sight of it. The commune stays where a dispatcher found out the
    /// place. The priority rises where what is said is worse
    /// than before, and never falls.
    #[must_use]
    pub fn told(self, later: Report, fix: Option<Fix>) -> Self {
        let found = [Field::Location, Field::CommuneCode];
        let found = self.said.corrected.iter().any(|field| found.contains(field));
        let named = later.commune().filter(|_| !found).map(str::to_owned);
        let commune = named.or_else(|| self.commune.clone());
        let kind = self.said.kind;
        let mut said = self.said.clone().updated(later);
        if self.lease.is_some() || !self.units.is_empty() {
            said.kind = kind.or(said.kind);
        }
        let (was, is) = (priority(&self.said), priority(&said));
        let priority = if is < was { self.priority.min(is) } else { self.priority };
        Self { priority, commune, said, ..self }.located(fix)
    }

    /// With `fix` as its position, unless a newer one is known.
    #[must_use]
    pub fn located(self, fix: Option<Fix>) -> Self {
        let newer = |fix: &Fix| self.location.is_none_or(|known| known.fixed_at <= fix.fixed_at);
        Self { location: fix.filter(newer).or(self.location), ..self }
    }

    /// The state after `action`, which only the holder may do.
    pub(super) fn held(
        &self,
        dispatcher: &Dispatcher,
        action: Action,
    ) -> Result<Status, TransitionError> {
        let status = self.status.after(action)?;
        if self.is_held_by(dispatcher) { Ok(status) } else { Err(TransitionError::NotHolder) }
    }
}
