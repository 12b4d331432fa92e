//! What a dispatcher does with an emergency.

use super::{
    Action, Emergency, EmergencyId, EmergencyRepository, Happening, Lease, Note, NoteRepository,
    Priority, Status, TransitionError,
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
    back(store, now, dispatcher, claimed)
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
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    let kept = store.keep_lease(id, dispatcher.staff().id, now.at)?;
    let emergency = seen(store, dispatcher, id)?;
    if kept {
        return back(store, now, dispatcher, emergency);
    }
    let error = emergency.status.after(Action::Heartbeat).err();
    Err(refusal(error.unwrap_or(TransitionError::NotHolder), &emergency, dispatcher))
}

/// Has `emergency`, of which its holder just gave a sign. Where they had been missed, all who were
/// alerted are told that they are back.
fn back(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    emergency: Emergency,
) -> Result<Emergency, HandlingError> {
    if !emergency.is_waiting() {
        return Ok(emergency);
    }
    let (held, _) =
        change(store, now, dispatcher, emergency.id, Happening::HolderBack, |before| {
            before.held_again(dispatcher, now.at)
        })?;
    Ok(held)
}

/// The dispatcher says how urgent the emergency is.
///
/// # Errors
/// [`HandlingError::NotNow`] when it has ended.
pub fn set_priority(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (priority, reason): (Priority, Option<&str>),
) -> Result<Emergency, HandlingError> {
    let prioritised = (Happening::Prioritised, reason);
    handle_because(store, now, dispatcher, id, prioritised, |before| before.prioritised(priority))
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
pub(super) fn handle(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    happening: Happening,
    action: impl Fn(Emergency) -> Result<Emergency, TransitionError>,
) -> Result<Emergency, HandlingError> {
    let (handled, changed) = change(store, now, dispatcher, id, happening, action)?;
    if changed {
        let reason = handled.lease.as_ref().and_then(|lease| lease.reason.as_deref());
        audit::record(store, now, dispatcher.staff(), happening.as_str(), &id, reason)?;
    }
    Ok(handled)
}

/// As [`handle`], with a reason that is kept as a note: colleagues shall read it, and nothing in
/// an event may hold anybody's words.
pub(super) fn handle_because(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (happening, reason): (Happening, Option<&str>),
    action: impl Fn(Emergency) -> Result<Emergency, TransitionError>,
) -> Result<Emergency, HandlingError> {
    let (handled, changed) = change(store, now, dispatcher, id, happening, action)?;
    if changed {
        explain(store, now, dispatcher, id, (happening, reason))?;
    }
    Ok(handled)
}

/// Writes down that the dispatcher did something, and why.
pub(super) fn explain(
    store: &mut (impl NoteRepository + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (happening, reason): (Happening, Option<&str>),
) -> Result<(), StoreError> {
    if let Some(reason) = reason {
        store.add_note(&Note::of(dispatcher, now, id, (Some(happening), reason)))?;
    }
    audit::record(store, now, dispatcher.staff(), happening.as_str(), &id, reason)
}

/// Does `action` to the emergency and tells its followers; answers it with whether it changed.
fn change(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    happening: Happening,
    action: impl Fn(Emergency) -> Result<Emergency, TransitionError>,
) -> Result<(Emergency, bool), HandlingError> {
    let mut changed = false;
    let handled = revise(store, now, id, |_, before| {
        if !before.is_seen_by(dispatcher) {
            return Err(HandlingError::NotFound);
        }
        let comes = matches!(happening, Happening::Claimed | Happening::TakenOver);
        let helps = comes && before.is_called_to(dispatcher);
        if !before.is_answered_by(dispatcher) && !helps {
            let allowed = before.actions_of(dispatcher);
            return Err(HandlingError::NotNow { status: before.status, allowed });
        }
        let after = action(before.clone()).map_err(|error| refusal(error, before, dispatcher))?;
        changed = after != *before;
        Ok(if changed { Change::to(after, happening) } else { Change::None })
    })?;
    Ok((handled.ok_or(HandlingError::NotFound)?, changed))
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
