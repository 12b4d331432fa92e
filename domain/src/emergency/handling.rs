//! What a dispatcher does with an emergency.

use super::{
    Action, AssignmentRepository, Emergency, EmergencyId, EmergencyRepository, Happening, Lease,
    Outcome, Status, TransitionError,
    assignment::stand_down,
    revision::{Change, revise},
};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::Dispatcher,
};

/// Why a dispatcher's action had no effect.
#[derive(Debug, thiserror::Error)]
pub enum HandlingError {
    /// There is none, or another agency answers for it: the same to the one who asks.
    #[error("no such emergency for this dispatcher")]
    NotFound,
    /// Somebody holds it already.
    #[error("{} holds the emergency already", .0.username)]
    AlreadyClaimed(Lease),
    /// Only its holder may do this.
    #[error("only the holder of the emergency may do this")]
    NotHolder(Option<Lease>),
    /// It cannot be done in the state it is in.
    #[error("not possible for an emergency that is {status}")]
    NotNow {
        /// The state.
        status: Status,
        /// What can be done instead.
        allowed: Vec<Action>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The dispatcher takes the emergency. Its holder may claim it again: that is a sign of life.
///
/// # Errors
/// [`HandlingError::AlreadyClaimed`] names who was faster.
pub fn claim(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    let mut claimed = handle(store, now, dispatcher, id, Happening::Claimed, |before| {
        if before.status.is_open() && before.is_held_by(dispatcher) {
            return Ok(before);
        }
        before.claimed(dispatcher, now.at)
    })?;
    if let Some(lease) = claimed.lease.as_mut().filter(|lease| lease.heard_at != now.at) {
        store.keep_lease(id, lease.holder, now.at)?;
        lease.heard_at = now.at;
    }
    Ok(claimed)
}

/// The holder gives the emergency back to the queue.
///
/// # Errors
/// [`HandlingError`] when the dispatcher does not hold it.
pub fn release(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    handle(store, now, dispatcher, id, Happening::Released, |before| before.released(dispatcher))
}

/// The dispatcher takes the emergency from whoever holds it, and says why.
///
/// # Errors
/// [`HandlingError::NotNow`] when nobody holds it.
pub fn take_over(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    reason: &str,
) -> Result<Emergency, HandlingError> {
    handle(store, now, dispatcher, id, Happening::TakenOver, |before| {
        before.taken_over(dispatcher, now.at, reason)
    })
}

/// The holder is still there.
///
/// # Errors
/// [`HandlingError::NotHolder`] when somebody else holds it, [`HandlingError::NotNow`] when nobody
/// does.
pub fn heartbeat(
    store: &mut impl EmergencyRepository,
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    let kept = store.keep_lease(id, dispatcher.staff().id, now.at)?;
    let emergency = seen(store, dispatcher, id)?;
    if kept {
        return Ok(emergency);
    }
    let error = emergency.status.after(Action::Heartbeat).err();
    Err(refusal(error.unwrap_or(TransitionError::NotHolder), &emergency, dispatcher))
}

/// The holder says how it ended.
///
/// # Errors
/// [`HandlingError`] when the dispatcher does not hold it.
pub fn resolve(
    store: &mut (impl EmergencyRepository + AssignmentRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    disposition: &str,
    note: Option<&str>,
) -> Result<Emergency, HandlingError> {
    let resolved = handle(store, now, dispatcher, id, Happening::Resolved, |before| {
        let outcome = Outcome {
            disposition: disposition.to_owned(),
            note: note.map(str::to_owned),
            at: now.at,
        };
        before.resolved(dispatcher, outcome)
    })?;
    stand_down(store, now, dispatcher, &resolved)?;
    Ok(resolved)
}

/// The holder agrees that the emergency is called off.
///
/// # Errors
/// [`HandlingError`] when the dispatcher does not hold it, or nothing was asked.
pub fn confirm_cancellation(
    store: &mut (impl EmergencyRepository + AssignmentRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    let cancelled = handle(store, now, dispatcher, id, Happening::Cancelled, |before| {
        before.cancellation_decided(dispatcher, true)
    })?;
    stand_down(store, now, dispatcher, &cancelled)?;
    Ok(cancelled)
}

/// The holder decides that help goes on although the caller called it off.
///
/// # Errors
/// [`HandlingError`] when the dispatcher does not hold it, or nothing was asked.
pub fn reject_cancellation(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    handle(store, now, dispatcher, id, Happening::CancelRejected, |before| {
        before.cancellation_decided(dispatcher, false)
    })
}

/// The emergency, if the dispatcher may know of it.
pub(super) fn seen(
    store: &mut impl EmergencyRepository,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    store
        .find(id)?
        .filter(|emergency| emergency.is_seen_by(dispatcher))
        .ok_or(HandlingError::NotFound)
}

/// Does `action` to the emergency, writes down who did it and tells its followers, or says why not.
fn handle(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    happening: Happening,
    action: impl Fn(Emergency) -> Result<Emergency, TransitionError>,
) -> Result<Emergency, HandlingError> {
    let mut changed = false;
    let handled = revise(store, now, id, |_, before| {
        if !before.is_seen_by(dispatcher) {
            return Err(HandlingError::NotFound);
        }
        let after = action(before.clone()).map_err(|error| refusal(error, before, dispatcher))?;
        changed = after != *before;
        Ok(if changed { Change::to(after, happening) } else { Change::None })
    })?;
    let handled = handled.ok_or(HandlingError::NotFound)?;
    if changed {
        let reason = handled.lease.as_ref().and_then(|lease| lease.reason.as_deref());
        audit::record(store, now, dispatcher.staff(), happening.as_str(), &id, reason)?;
    }
    Ok(handled)
}

/// What the dispatcher is told when `error` stood in the way.
pub(super) fn refusal(
    error: TransitionError,
    before: &Emergency,
    dispatcher: &Dispatcher,
) -> HandlingError {
    match (error, before.lease.clone()) {
        (TransitionError::AlreadyClaimed, Some(lease)) => HandlingError::AlreadyClaimed(lease),
        (TransitionError::NotHolder, lease) => HandlingError::NotHolder(lease),
        _ => {
            HandlingError::NotNow { status: before.status, allowed: before.actions_of(dispatcher) }
        }
    }
}
