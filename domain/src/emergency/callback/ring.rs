//! Writing down how ringing back went.

use super::{Callback, CallbackOutcome, CallbackRepository};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    emergency::{EmergencyId, EmergencyRepository, HandlingError, Happening, handling::seen},
    event::EventLog,
    identity::Dispatcher,
};

/// Why ringing back was not written down.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// A sound could give the caller away, and the dispatcher did not say that they know.
    #[error("a sound could give the caller away")]
    Silent,
    /// As with any other action.
    #[error(transparent)]
    Handling(#[from] HandlingError),
}

impl From<StoreError> for CallbackError {
    fn from(error: StoreError) -> Self {
        Self::Handling(error.into())
    }
}

/// The dispatcher writes down what came of ringing the caller back. After a silent call they have to
/// say that they know: a ringing phone can give somebody away.
///
/// # Errors
/// [`CallbackError::Silent`] when they do not.
pub fn call_back(
    store: &mut (impl EmergencyRepository + CallbackRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (outcome, note, knowing): (CallbackOutcome, Option<&str>, bool),
) -> Result<Callback, CallbackError> {
    let emergency = seen(store, dispatcher, id)?;
    if emergency.said.is_silent() && !knowing {
        return Err(CallbackError::Silent);
    }
    let staff = dispatcher.staff();
    let callback = Callback {
        id: now.new_id(),
        emergency: id,
        at: now.at,
        staff: staff.id,
        username: staff.username.clone(),
        outcome,
        note: note.map(str::to_owned),
    };
    store.add_callback(&callback)?;
    store.append(&Happening::CalledBack.to(&emergency, now))?;
    audit::record(store, now, staff, Happening::CalledBack.as_str(), &id, None)?;
    Ok(callback)
}

/// The attempts to ring the caller of an emergency back, oldest first.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is no such emergency for the dispatcher.
pub fn callbacks(
    store: &mut (impl EmergencyRepository + CallbackRepository),
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Vec<Callback>, HandlingError> {
    seen(store, dispatcher, id)?;
    Ok(store.callbacks(&[id])?)
}
