//! The caller calls it off.

use super::{
    Call, EmergencyRepository, Happening, Hearing, RaiseError, Statement, Status, Stranger,
    raise::known_or_received,
    revision::{Change, revise},
    statement::{overhear, record},
};
use crate::{Moment, event::EventLog};

/// Calls an emergency off, or notes that its caller wishes so: at once only while nobody has
/// claimed it and nothing speaks of danger, since somebody may be forcing the caller. An emergency
/// that has ended stays as it is. A stranger's word is kept beside, and cancels nothing.
///
/// # Errors
/// [`RaiseError::Store`] when the store cannot take it.
pub fn request_cancellation(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    call: &Call,
) -> Result<Hearing, RaiseError> {
    let (known, verified) = known_or_received(store, now, call)?;
    let statement = Statement { cancels: true, ..call.statement(&known, now, verified) };
    if !verified {
        overhear(store, now, &known, &statement)?;
        return Ok(Hearing::Stranger(Stranger::from(&known)));
    }
    record(store, now, &known, &statement)?;
    let after = revise(store, now, known.id, |_, before| {
        Ok::<_, RaiseError>(match before.clone().called_off(now.at) {
            Ok(off) if off.status == Status::Cancelled => Change::to(off, Happening::Cancelled),
            Ok(off) if off != *before => Change::to(off, Happening::CancelRequested),
            _ => Change::None,
        })
    })?;
    Ok(Hearing::caller(after.unwrap_or(known)))
}
