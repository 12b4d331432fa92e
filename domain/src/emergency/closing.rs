//! Closing what was resolved long enough ago.

use super::{
    EmergencyRepository, Happening, RaiseError,
    revision::{Change, revise},
};
use crate::{Moment, event::EventLog};

/// Closes the emergencies that were resolved a day ago or more, at most `limit` of them, and says
/// how many there were. May run on several machines at once.
///
/// # Errors
/// [`RaiseError::Store`] when the store cannot do it.
pub fn close_resolved(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    limit: usize,
) -> Result<usize, RaiseError> {
    let due = store.due_to_close(now.at, limit)?;
    for emergency in &due {
        revise(store, now, emergency.id, |_, before| {
            Ok::<_, RaiseError>(match before.clone().closed() {
                Ok(closed) => Change::to(closed, Happening::Closed),
                Err(_) => Change::None,
            })
        })?;
    }
    Ok(due.len())
}
