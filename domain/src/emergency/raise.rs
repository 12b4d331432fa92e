//! Raising an emergency: the path every call for help takes.

use super::{
    Call, Emergency, EmergencyRepository, Happening, Hearing, Receipt, Status, Stranger,
    merge::followed_on,
    revision::{Change, revise},
    statement::{overhear, record},
    trail::unseen,
};
use crate::{Moment, StoreError, event::EventLog};

/// How many receipts are drawn before the store is taken to be at fault.
const ATTEMPTS: u32 = 16;

/// A call for help that was stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Raised {
    /// Who was heard.
    pub hearing: Hearing,
    /// Whether this very call made the emergency, now or when it was sent before.
    pub created: bool,
}

/// Why a call for help could not be stored. There is no other reason than the store.
#[derive(Debug, thiserror::Error)]
pub enum RaiseError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Stores a call for help. A new one costs one statement, the emergency with its event; only where
/// its id stands already is anything looked up.
///
/// # Errors
/// [`RaiseError::Store`] when the store cannot take it; then nothing was stored.
pub fn raise(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    mut call: Call,
) -> Result<Raised, RaiseError> {
    if let Some(raised) = fold(store, now, &call)? {
        return Ok(raised);
    }
    let orders = store.orders();
    let mut emergency = Emergency::received(now, &call, &orders);
    for _ in 0..ATTEMPTS {
        if store.insert_told(&emergency, &Happening::Received.to(&emergency, now))? {
            return Ok(Raised { hearing: Hearing::caller(emergency), created: true });
        }
        let Some(known) = store.find(emergency.id)? else {
            emergency.receipt = Receipt::draw(now);
            continue;
        };
        match call.name.next(&known, now) {
            Some(name) => {
                call.name = name;
                emergency = Emergency::received(now, &call, &orders);
            }
            None => return again(store, now, known, &call),
        }
    }
    Err(StoreError::Duplicate.into())
}

/// Stores an empty call of a source that made too many of them under one that stands in the queue.
/// It keeps an id and a receipt of its own, and stands up by itself as soon as it says anything.
fn fold(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    call: &Call,
) -> Result<Option<Raised>, RaiseError> {
    let Some(leading) = call.source.folds_into() else { return Ok(None) };
    let Some(leading) = store.find(leading)?.filter(|leading| leading.status.is_open()) else {
        return Ok(None);
    };
    let emergency = Emergency::received(now, call, &store.orders());
    if !emergency.is_empty() || leading.id == emergency.id {
        return Ok(None);
    }
    let emergency = emergency.folded_into(leading.id);
    if !store.insert(&emergency)? {
        return Ok(None);
    }
    if call.source.empty_calls.is_power_of_two() {
        store.append(&Happening::Updated.to(&leading, now))?;
    }
    Ok(Some(Raised { hearing: Hearing::caller(emergency), created: true }))
}

/// A call under an id that stands already.
fn again(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    known: Emergency,
    call: &Call,
) -> Result<Raised, RaiseError> {
    let verified = known.is_of(&call.evidence, Some(call.body), now.at);
    if verified && known.body == Some(call.body) && known.is_recent(now.at) {
        return Ok(Raised { hearing: Hearing::caller(known), created: true });
    }
    let statement = call.statement(&known, now, verified);
    if !verified {
        overhear(store, now, &known, &statement)?;
        let hearing = Hearing::Stranger(Stranger::from(&known));
        return Ok(Raised { hearing, created: false });
    }
    let created = known.body.is_none();
    let fresh = record(store, now, &known, &statement)?;
    if !fresh && known.is_recent(now.at) {
        return Ok(Raised { hearing: Hearing::caller(known), created });
    }
    let after = update(store, now, &known, call)?;
    Ok(Raised { hearing: Hearing::caller(after.unwrap_or(known)), created })
}

/// Lets the caller's own later call take effect.
fn update(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    known: &Emergency,
    call: &Call,
) -> Result<Option<Emergency>, RaiseError> {
    let fix = call.reading.map(|reading| reading.arrived(now.at));
    let mut fresh = Vec::new();
    let after = revise(store, now, known.id, |store, before| {
        fresh = unseen(store, before, fix.as_slice())?;
        let standing = followed_on(store, before)?;
        let told = standing.adopted(call).told(call.report.clone(), fix);
        let folded = told.status == Status::Duplicate && !before.is_merged() && told.is_empty();
        Ok::<_, RaiseError>(match told.clone().called_again(now.at) {
            Ok(again) if !folded => Change::to(again, Happening::Received),
            _ => Change::to(told, Happening::Updated),
        })
    })?;
    store.add_to_trail(known.id, &fresh)?;
    Ok(after)
}

/// The emergency that `call` is about, and whether the call is its caller's. Where none is known
/// under its id, positions or a cancellation got ahead of the call itself, or the call was lost:
/// then they are a call for help.
pub(super) fn known_or_received(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    call: &Call,
) -> Result<(Emergency, bool), RaiseError> {
    let received = Emergency::received(now, call, &store.orders());
    let mut emergency = Emergency { body: None, ..received };
    for _ in 0..ATTEMPTS {
        if let Some(known) = store.find(emergency.id)? {
            let verified = known.is_of(&call.evidence, None, now.at);
            return Ok((known, verified));
        }
        if store.insert_told(&emergency, &Happening::Received.to(&emergency, now))? {
            return Ok((emergency, true));
        }
        emergency.receipt = Receipt::draw(now);
    }
    Err(StoreError::Duplicate.into())
}
