//! Changing an emergency while others change it too.

use super::{Emergency, EmergencyId, EmergencyRepository, Happening, Status, merge::set_free};
use crate::{Moment, StoreError, event::EventLog};

/// How often a change is tried anew on what somebody else left.
const ATTEMPTS: u32 = 32;

/// What shall become of an emergency.
pub(super) enum Change {
    /// It stays as it was.
    None,
    /// It becomes this, and its followers are told.
    To(Box<Emergency>, Option<Happening>),
}

impl Change {
    /// It becomes `emergency`, and its followers are told of `happening`.
    pub(super) fn to(emergency: Emergency, happening: Happening) -> Self {
        Self::To(Box::new(emergency), Some(happening))
    }
}

/// Reads the emergency, saves what `decide` makes of it, and tells its followers. When somebody
/// else changed it meanwhile, decides anew on what they left. Answers the emergency as it is
/// afterwards, or `None` where there is none.
pub(super) fn revise<S, E>(
    store: &mut S,
    now: &Moment,
    id: EmergencyId,
    mut decide: impl FnMut(&mut S, &Emergency) -> Result<Change, E>,
) -> Result<Option<Emergency>, E>
where
    S: EmergencyRepository + EventLog,
    E: From<StoreError>,
{
    for _ in 0..ATTEMPTS {
        let Some(before) = store.find(id)? else { return Ok(None) };
        let (mut after, happening) = match decide(store, &before)? {
            Change::None => return Ok(Some(before)),
            Change::To(after, happening) => (after.with_offer_while_held(), happening),
        };
        let orders = store.orders();
        after = after.rerouted(&before, &orders).armed(Some(&before), &orders, now.at);
        match store.advance(&mut after) {
            Ok(()) => {
                tell(store, now, &before, &after, happening)?;
                if after.status == Status::Cancelled && before.status != Status::Cancelled {
                    set_free(store, now, id)?;
                }
                return Ok(Some(after));
            }
            Err(StoreError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Stale.into())
}

/// Appends the events of a change. Where it moved to another agency, the former one is told that
/// it left and the new one that it came; whoever it is or was offered to, or called to it, is told;
/// where a dispatcher let it follow another, whoever sees to that one is told there.
fn tell(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    before: &Emergency,
    after: &Emergency,
    happening: Option<Happening>,
) -> Result<(), StoreError> {
    if before.agency != after.agency {
        let (leaving, coming) = match happening {
            Some(Happening::TransferAccepted) => (Happening::TransferAccepted, Happening::Claimed),
            Some(Happening::Released) => (Happening::Released, Happening::Received),
            Some(Happening::Corrected) => (Happening::Corrected, Happening::Received),
            _ => (Happening::Updated, Happening::Received),
        };
        let mut left = leaving.to(after, now);
        left.agency = Some(before.agency.clone());
        store.append(&left)?;
        return store.append(&coming.to(after, now));
    }
    let Some(happening) = happening else { return Ok(()) };
    let transfer = after.transfer.clone().or_else(|| before.transfer.clone());
    let called = after.called.clone().or_else(|| before.called.clone());
    store.append(&happening.to(&Emergency { transfer, called, ..after.clone() }, now))?;
    if before.is_merged() && after.is_merged() {
        tell_leading(store, now, before, after)
    } else {
        Ok(())
    }
}

/// Tells the followers of the emergency that `after` follows that more is known. Where it became
/// more urgent, that one does too.
fn tell_leading(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    before: &Emergency,
    after: &Emergency,
) -> Result<(), StoreError> {
    let Some(leading) = after.merged_into else { return Ok(()) };
    let worse = after.priority < before.priority;
    revise(store, now, leading, |_, leading| {
        let priority = if worse { leading.priority.min(after.priority) } else { leading.priority };
        let leading = Emergency { priority, ..leading.clone() };
        Ok::<_, StoreError>(Change::to(leading, Happening::Updated))
    })?;
    Ok(())
}
