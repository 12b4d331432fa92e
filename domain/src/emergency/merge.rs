//! Several calls about one thing: a dispatcher lets them follow one of them, and takes them apart
//! again. Everything that was said and told stays with the call it came with.

use super::{
    Action, Emergency, EmergencyId, EmergencyRepository, HandlingError, Happening, NoteRepository,
    TransitionError,
    handling::{explain, handle, refusal, seen},
    revision::{Change, revise},
};
use crate::{Moment, StoreError, audit::AuditLog, event::EventLog, identity::Dispatcher};

/// Why emergencies could not be merged.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// What it shall follow is not there for the dispatcher, has ended, follows another itself, or
    /// is the emergency itself.
    #[error("it cannot follow that emergency")]
    NotLeading {
        /// What it shall follow, where the dispatcher may know of it.
        leading: Option<Box<Emergency>>,
        /// What can be done with it as it is.
        allowed: Vec<Action>,
    },
    /// As with any other action.
    #[error(transparent)]
    Handling(#[from] HandlingError),
}

impl From<StoreError> for MergeError {
    fn from(error: StoreError) -> Self {
        Self::Handling(error.into())
    }
}

impl Emergency {
    /// Following `leading`, as a dispatcher decides.
    fn merged(
        self,
        dispatcher: &Dispatcher,
        leading: EmergencyId,
    ) -> Result<Self, TransitionError> {
        let status = self.status.after(Action::Merge)?;
        if self.lease.is_some() && !self.is_held_by(dispatcher) {
            return Err(TransitionError::NotHolder);
        }
        let before_merge = Some(self.status);
        let merged = Self { status, merged_into: Some(leading), before_merge, ..self };
        Ok(merged.with_offer_while_held())
    }

    /// Standing by itself again, as it stood before it was merged.
    fn unmerged(self) -> Result<Self, TransitionError> {
        let status = self.status.after(Action::Unmerge)?;
        let status = self.before_merge.unwrap_or(status);
        Ok(Self { status, merged_into: None, before_merge: None, ..self })
    }
}

/// `emergency`, or where what it follows has ended, the same following nothing: nobody sees to it there
/// any more, so that it stands up by what its caller says.
pub(super) fn followed_on(
    store: &mut impl EmergencyRepository,
    emergency: &Emergency,
) -> Result<Emergency, StoreError> {
    let leading = emergency.merged_into.filter(|_| emergency.is_merged());
    let Some(leading) = leading.map(|leading| store.find(leading)).transpose()?.flatten() else {
        return Ok(emergency.clone());
    };
    let before_merge = emergency.before_merge.filter(|_| leading.status.is_open());
    Ok(Emergency { before_merge, ..emergency.clone() })
}

/// Lets what dispatchers merged into `leading`, which was called off, stand by itself again: that one
/// caller needs no help says nothing of the others. All of them are looked through: whoever sends
/// crowds of empty calls, which are folded under it, too, could hide the others behind a limit.
pub(super) fn set_free(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    leading: EmergencyId,
) -> Result<(), StoreError> {
    let followers = store.merged_under(leading, usize::MAX)?;
    for follower in followers.iter().filter(|follower| follower.is_merged()) {
        revise(store, now, follower.id, |_, before| {
            Ok::<_, StoreError>(match before.clone().unmerged() {
                Ok(freed) if before.is_merged() && before.merged_into == Some(leading) => {
                    Change::to(freed, Happening::Unmerged)
                }
                _ => Change::None,
            })
        })?;
    }
    Ok(())
}

/// Lets the emergency `id` follow `into`, and with it those that follow it already. The leading one
/// becomes as urgent as the more urgent of both.
///
/// Both are saved on the versions that were read, so that of two dispatchers who merge each into
/// the other one fails, and none can follow itself by a detour: what is followed is open, and what
/// follows is not.
///
/// # Errors
/// [`MergeError`]; then nothing has changed. [`StoreError::Stale`] when one of them was changed at
/// the same time.
pub fn merge(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    (id, into): (EmergencyId, EmergencyId),
) -> Result<Emergency, MergeError> {
    let before = seen(store, dispatcher, id)?;
    if !before.is_answered_by(dispatcher) {
        let allowed = before.actions_of(dispatcher);
        return Err(HandlingError::NotNow { status: before.status, allowed }.into());
    }
    let leading = store.find(into)?.filter(|leading| leading.is_answered_by(dispatcher));
    if before.merged_into == Some(into) && before.is_merged() {
        return Ok(before);
    }
    let mut merged = before
        .clone()
        .merged(dispatcher, into)
        .map_err(|error| refusal(error, &before, dispatcher))?;
    let leads = |leading: &Emergency| leading.status.is_open() && leading.id != id;
    let leading = match leading {
        Some(leading) if leads(&leading) => leading,
        leading => {
            let allowed = before.actions_of(dispatcher);
            return Err(MergeError::NotLeading { leading: leading.map(Box::new), allowed });
        }
    };
    let priority = leading.priority.min(merged.priority);
    let mut leading = Emergency { priority, ..leading };
    let mut both = [&mut merged, &mut leading];
    both.sort_by_key(|emergency| emergency.id.uuid());
    for emergency in both {
        store.advance(emergency)?;
    }
    store.move_merged(id, into)?;
    store.append(&Happening::Merged.to(&merged, now))?;
    store.append(&Happening::Joined.to(&leading, now))?;
    explain(store, now, dispatcher, id, (Happening::Merged, None))?;
    Ok(merged)
}

/// Lets the emergency stand by itself again, in the state it had before: held by whoever held it,
/// or waiting. What moved along with it when it was merged stays where it is.
///
/// # Errors
/// [`HandlingError::NotNow`] when it follows none.
pub fn unmerge(
    store: &mut (impl EmergencyRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Emergency, HandlingError> {
    let leading = seen(store, dispatcher, id)?.merged_into;
    let parted = handle(store, now, dispatcher, id, Happening::Unmerged, Emergency::unmerged)?;
    if let Some(leading) = leading.map(|leading| store.find(leading)).transpose()?.flatten() {
        store.append(&Happening::Updated.to(&leading, now))?;
    }
    Ok(parted)
}
