//! Calls that reach a dispatcher over the telephone.

use super::{
    Call, Emergency, EmergencyId, EmergencyRepository, HandlingError, Happening, Hearing,
    LikenessRepository, Queued, RaiseError, queued, raise,
    revision::{Change, revise},
};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::Dispatcher,
};

/// Why a call that was phoned in could not be taken down.
#[derive(Debug, thiserror::Error)]
pub enum PhonedInError {
    /// Its id names another call.
    #[error("the id names another call")]
    IdTaken,
    /// As with any other action.
    #[error(transparent)]
    Handling(#[from] HandlingError),
}

impl From<StoreError> for PhonedInError {
    fn from(error: StoreError) -> Self {
        Self::Handling(error.into())
    }
}

impl From<RaiseError> for PhonedInError {
    fn from(RaiseError::Store(error): RaiseError) -> Self {
        error.into()
    }
}

/// Takes down what somebody says over the telephone: a call as any other, which says who took it.
/// With `claims` the dispatcher holds it at once; where they would not answer for it, their own
/// agency does until they hand it over, so that nobody is left alone with it. Taken down again under
/// its id it is the same call.
///
/// # Errors
/// [`PhonedInError::IdTaken`] when the id stands for another call; then nothing was stored.
pub fn phoned_in(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    mut call: Call,
    claims: bool,
) -> Result<Emergency, PhonedInError> {
    let staff = dispatcher.staff();
    call.report.taken_by = Some(staff.id);
    let known = store.find(call.name.id())?;
    let fresh = known.is_none();
    if known.is_some_and(|known| known.said.taken_by != Some(staff.id)) {
        return Err(PhonedInError::IdTaken);
    }
    let Hearing::Caller(taken) = raise(store, now, call)?.hearing else {
        return Err(PhonedInError::IdTaken);
    };
    if fresh {
        audit::record(store, now, staff, "emergency.phoned_in", &taken.id, None)?;
    }
    if !claims || taken.lease.is_some() {
        return Ok(*taken);
    }
    let held = revise(store, now, taken.id, |_, before| {
        let own = !before.is_answered_by(dispatcher);
        let claimed = before.clone().claimed(dispatcher, now.at);
        Ok::<_, StoreError>(match claimed {
            Ok(held) if own => {
                let agency = staff.agency.clone();
                Change::to(Emergency { agency, ..held }, Happening::Claimed)
            }
            Ok(held) => Change::to(held, Happening::Claimed),
            Err(_) => Change::None,
        })
    })?;
    audit::record(store, now, staff, Happening::Claimed.as_str(), &taken.id, None)?;
    Ok(held.unwrap_or(*taken))
}

/// The call `id` as it is in a list of `dispatcher`, who took it down, whoever answers for it now.
///
/// # Errors
/// [`HandlingError::NotFound`] when somebody else did, and they may not know of it.
pub fn taken_down(
    store: &mut (impl EmergencyRepository + LikenessRepository),
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Queued, HandlingError> {
    let own = |found: &Emergency| {
        found.said.taken_by == Some(dispatcher.staff().id) || found.is_seen_by(dispatcher)
    };
    let found = store.find(id)?.filter(own).ok_or(HandlingError::NotFound)?;
    Ok(queued(store, dispatcher, found)?)
}
