//! How emergencies end, and how one that ended is taken up again.

use super::{
    Disposition, Emergency, EmergencyId, EmergencyRepository, HandlingError, Happening,
    NoteRepository, Outcome,
    handling::{handle, handle_because},
};
use crate::{Moment, audit::AuditLog, event::EventLog, identity::Dispatcher};

/// The holder says how it ended.
///
/// # Errors
/// [`HandlingError`] when the dispatcher does not hold it.
pub fn resolve(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    disposition: Disposition,
    note: Option<&str>,
) -> Result<Emergency, HandlingError> {
    handle(store, now, dispatcher, id, Happening::Resolved, |before| {
        let outcome = Outcome {
            disposition: disposition.to_string(),
            note: note.map(str::to_owned),
            at: now.at,
        };
        before.resolved(dispatcher, outcome)
    })
}

/// The holder agrees that the emergency is called off.
///
/// # Errors
/// [`HandlingError`] when the dispatcher does not hold it, or nothing was asked.
pub fn confirm_cancellation(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    handle(store, now, dispatcher, id, Happening::Cancelled, |before| {
        before.cancellation_decided(dispatcher, true)
    })
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

/// The dispatcher takes up an emergency that had ended, and holds it.
///
/// # Errors
/// [`HandlingError::NotNow`] when it has not ended.
pub fn reopen(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    reason: Option<&str>,
) -> Result<Emergency, HandlingError> {
    handle_because(store, now, dispatcher, id, (Happening::Reopened, reason), |before| {
        before.reopened(dispatcher, now.at)
    })
}
