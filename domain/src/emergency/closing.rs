//! Closing what was resolved long enough ago.

use super::{
    EmergencyRepository, Happening,
    revision::{Change, revise},
};
use crate::{Moment, StoreError, event::EventLog};

/// Closes the emergencies that were resolved a day ago or more, at most `limit` of them, and says
/// how many there were. May run on several machines at once.
///
/// # Errors
/// [`StoreError`] when the store cannot do it.
pub fn close_resolved(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    limit: usize,
) -> Result<usize, StoreError> {
    let due = store.due_to_close(now.at, limit)?;
    for emergency in &due {
        revise(store, now, emergency.id, |_, before| {
            Ok::<_, StoreError>(match before.clone().closed() {
                Ok(closed) => Change::to(closed, Happening::Closed),
                Err(_) => Change::None,
            })
        })?;
    }
    Ok(due.len())
}
