//! Putting right what a dispatcher found out.

use std::cell::Cell;

use super::{Corrected, Correction, CorrectionRepository};
use crate::{
    Moment,
    audit::AuditLog,
    emergency::{
        Action, Emergency, EmergencyId, EmergencyRepository, Fix, HandlingError, Happening,
        TransitionError,
        entity::priority,
        handling::{handle, seen},
        statement::keep_first,
    },
    event::EventLog,
    identity::Dispatcher,
};

impl Emergency {
    /// With what `dispatcher` found out: its holder, or anybody who answers for it while nobody
    /// holds it. Who answers for it follows from what is right, as it does when its caller says more.
    /// It becomes more urgent where it turns out worse, and never less.
    ///
    /// # Errors
    /// [`TransitionError`] when another holds it, or it has ended.
    pub fn corrected(
        self,
        dispatcher: &Dispatcher,
        correction: &Correction,
    ) -> Result<Self, TransitionError> {
        let status = self.status.after(Action::Correct)?;
        if self.lease.is_some() && !self.is_held_by(dispatcher) {
            return Err(TransitionError::NotHolder);
        }
        let said = self.said.clone().corrected(correction);
        let (was, is) = (priority(&self.said), priority(&said));
        let priority = if is < was { self.priority.min(is) } else { self.priority };
        // A place that is found out says in which commune it is, also where it is in none.
        let known = self.commune.clone().filter(|_| correction.place.is_none());
        let commune = correction.commune.clone().or(known);
        Ok(Self { status, priority, commune, said, ..self })
    }

    /// Where help is needed: as a dispatcher found out, else where its caller is.
    #[must_use]
    pub fn whereabouts(&self) -> Option<Fix> {
        self.said.place.or(self.location)
    }
}

/// The dispatcher puts right what they found out. What stood there before is kept, and who changed
/// it.
///
/// # Errors
/// [`HandlingError::NotHolder`] when another holds it, [`HandlingError::NotNow`] when it has ended.
pub fn correct(
    store: &mut (impl EmergencyRepository + CorrectionRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    correction: &Correction,
) -> Result<Emergency, HandlingError> {
    let known = seen(store, dispatcher, id)?;
    let changes = Cell::new(Vec::new());
    let corrected = handle(store, now, dispatcher, id, Happening::Corrected, |before| {
        let after = before.clone().corrected(dispatcher, correction)?;
        changes.set(before.said.changes_to(&after.said));
        Ok(after)
    })?;
    let changes = changes.take();
    if changes.is_empty() {
        return Ok(corrected);
    }
    keep_first(store, now, &known)?;
    let staff = dispatcher.staff();
    store.add_correction(&Corrected {
        id: now.new_id(),
        emergency: id,
        at: now.at,
        staff: staff.id,
        username: staff.username.clone(),
        changes,
    })?;
    Ok(corrected)
}
