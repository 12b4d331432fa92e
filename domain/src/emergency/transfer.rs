//! Handing a call over to another agency. Whoever holds it stays responsible for it until a person
//! there takes it: an offer that nobody answers leaves nobody alone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Action, Emergency, EmergencyId, EmergencyRepository, HandlingError, Happening, Lease,
    NoteRepository, RoutedBy, TransitionError,
    handling::{explain, handle_because, refusal, seen},
    revision::{Change, revise},
};
use crate::{
    Id, Moment, StoreError,
    audit::AuditLog,
    directory::AgencyCode,
    event::EventLog,
    identity::{Dispatcher, StaffId},
};

/// The id of an offer.
pub type TransferId = Id<Transfer>;

/// An offer to hand a call over, while nobody has answered it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// Who answers for the call until then.
    pub from: AgencyCode,
    /// To whom it is offered.
    pub to: AgencyCode,
    /// By whom.
    pub staff: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why a call could not be offered.
#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    /// There is no such agency.
    #[error("no such agency")]
    UnknownAgency,
    /// That agency answers for it already.
    #[error("that agency answers for it already")]
    SameAgency,
    /// As with any other action.
    #[error(transparent)]
    Handling(#[from] HandlingError),
}

impl From<StoreError> for OfferError {
    fn from(error: StoreError) -> Self {
        Self::Handling(error.into())
    }
}

impl Emergency {
    /// Whether `dispatcher` may take it for the agency that it is offered to: not whoever offers it.
    pub(super) fn is_offered_to(&self, dispatcher: &Dispatcher) -> bool {
        let reached = |open: &Transfer| dispatcher.staff().reaches(&open.to);
        self.transfer.as_ref().is_some_and(reached) && !self.is_held_by(dispatcher)
    }

    /// With its offer, as long as somebody holds it: what goes back to the queue or ends is offered
    /// no more.
    pub(super) fn with_offer_while_held(self) -> Self {
        let held = self.status.is_open() && self.lease.is_some();
        Self { transfer: self.transfer.filter(|_| held), ..self }
    }

    /// Offered to another agency by its holder. The same offer again is the one that stands.
    fn offered(self, dispatcher: &Dispatcher, transfer: Transfer) -> Result<Self, TransitionError> {
        let status = self.held(dispatcher, Action::Transfer)?;
        match &self.transfer {
            None => Ok(Self { status, transfer: Some(transfer), ..self }),
            Some(open) if open.to == transfer.to => Ok(self),
            Some(_) => Err(self.not_now(Action::Transfer)),
        }
    }

    /// No longer offered, as its holder decides.
    fn withdrawn(
        self,
        dispatcher: &Dispatcher,
        transfer: TransferId,
    ) -> Result<Self, TransitionError> {
        let status = self.held(dispatcher, Action::WithdrawTransfer)?;
        self.open_offer(transfer, Action::WithdrawTransfer)?;
        Ok(Self { status, transfer: None, ..self })
    }

    /// Taken by `dispatcher` for the agency that it was offered to.
    fn taken(
        self,
        dispatcher: &Dispatcher,
        transfer: TransferId,
        at: DateTime<Utc>,
    ) -> Result<Self, TransitionError> {
        let status = self.status.after(Action::AcceptTransfer)?;
        let agency = self.open_offer(transfer, Action::AcceptTransfer)?.to.clone();
        if !self.is_offered_to(dispatcher) {
            return Err(self.not_now(Action::AcceptTransfer));
        }
        let lease = Some(Lease::of(dispatcher, at));
        let (routed_by, called) = (RoutedBy::Transfer, None);
        Ok(Self { status, agency, routed_by, called, lease, transfer: None, ..self })
    }

    /// Left with whoever holds it, since the agency that it was offered to does not take it.
    fn declined(
        self,
        dispatcher: &Dispatcher,
        transfer: TransferId,
    ) -> Result<Self, TransitionError> {
        let status = self.status.after(Action::RejectTransfer)?;
        self.open_offer(transfer, Action::RejectTransfer)?;
        if !self.is_offered_to(dispatcher) {
            return Err(self.not_now(Action::RejectTransfer));
        }
        Ok(Self { status, transfer: None, ..self })
    }

    /// The offer that stands, if it is this one.
    fn open_offer(&self, id: TransferId, action: Action) -> Result<&Transfer, TransitionError> {
        let open = self.transfer.as_ref().filter(|open| open.id == id);
        open.ok_or_else(|| self.not_now(action))
    }

    fn not_now(&self, action: Action) -> TransitionError {
        TransitionError::NotNow { status: self.status, action }
    }
}

/// The holder offers the emergency to the agency `to`. Its dispatchers see it from now on.
///
/// # Errors
/// [`OfferError`]; offered to another agency already, it is [`HandlingError::NotNow`].
pub fn offer_transfer(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (to, reason): (&AgencyCode, Option<&str>),
) -> Result<Transfer, OfferError> {
    let from = seen(store, dispatcher, id)?.agency;
    let staff = dispatcher.staff();
    if staff.agencies.find(to).is_none() {
        return Err(OfferError::UnknownAgency);
    }
    if *to == from {
        return Err(OfferError::SameAgency);
    }
    let transfer = Transfer {
        id: now.new_id(),
        from,
        to: to.clone(),
        staff: staff.id,
        username: staff.username.clone(),
        at: now.at,
    };
    let offering = (Happening::TransferOffered, reason);
    let offered = handle_because(store, now, dispatcher, id, offering, |before| {
        before.offered(dispatcher, transfer.clone())
    })?;
    Ok(offered.transfer.unwrap_or(transfer))
}

/// The holder takes the offer back.
///
/// # Errors
/// [`HandlingError::NotNow`] when it was answered meanwhile.
pub fn withdraw_transfer(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    (id, transfer): (EmergencyId, TransferId),
) -> Result<Emergency, HandlingError> {
    handle_because(store, now, dispatcher, id, (Happening::TransferWithdrawn, None), |before| {
        before.withdrawn(dispatcher, transfer)
    })
}

/// The dispatcher takes the emergency for the agency that it was offered to, and holds it.
///
/// # Errors
/// [`HandlingError::NotNow`] when the offer is gone, or not theirs to take.
pub fn accept_transfer(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    (id, transfer): (EmergencyId, TransferId),
) -> Result<Emergency, HandlingError> {
    answer(store, now, dispatcher, id, (Happening::TransferAccepted, None), |before| {
        before.taken(dispatcher, transfer, now.at)
    })
}

/// The agency that the emergency was offered to does not take it, for `reason`.
///
/// # Errors
/// [`HandlingError::NotNow`] when the offer is gone, or not theirs to answer.
pub fn reject_transfer(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    (id, transfer): (EmergencyId, TransferId),
    reason: &str,
) -> Result<(), HandlingError> {
    answer(store, now, dispatcher, id, (Happening::TransferRejected, Some(reason)), |before| {
        before.declined(dispatcher, transfer)
    })?;
    Ok(())
}

/// Answers an offer: what those do who do not answer for the emergency yet.
fn answer(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (happening, reason): (Happening, Option<&str>),
    action: impl Fn(Emergency) -> Result<Emergency, TransitionError>,
) -> Result<Emergency, HandlingError> {
    let answered = revise(store, now, id, |_, before| {
        if !before.is_seen_by(dispatcher) {
            return Err(HandlingError::NotFound);
        }
        let after = action(before.clone()).map_err(|error| refusal(error, before, dispatcher))?;
        Ok(Change::to(after, happening))
    })?;
    explain(store, now, dispatcher, id, (happening, reason))?;
    answered.ok_or(HandlingError::NotFound)
}
