//! What dispatchers write about an emergency for each other.

use chrono::{DateTime, Utc};

use super::{EmergencyId, EmergencyRepository, HandlingError, Happening, handling::seen};
use crate::{
    Id, Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::{Dispatcher, StaffId},
};

/// The id of a note.
pub type NoteId = Id<Note>;

/// A note of a dispatcher. It is never changed, and its caller never sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// The emergency it is about.
    pub emergency: EmergencyId,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// By whom.
    pub staff: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// What it gives the reason for, by its name in the event log.
    pub about: Option<String>,
    /// The words.
    pub text: String,
}

impl Note {
    /// A note of `dispatcher`, perhaps as the reason of what they did.
    pub(super) fn of(
        dispatcher: &Dispatcher,
        now: &Moment,
        emergency: EmergencyId,
        (about, text): (Option<Happening>, &str),
    ) -> Self {
        let staff = dispatcher.staff();
        Self {
            id: now.new_id(),
            emergency,
            at: now.at,
            staff: staff.id,
            username: staff.username.clone(),
            about: about.map(|happening| happening.as_str().to_owned()),
            text: text.to_owned(),
        }
    }
}

/// Where notes are kept: only ever added to.
pub trait NoteRepository {
    /// Adds `note`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_note(&mut self, note: &Note) -> Result<(), StoreError>;

    /// The notes about an emergency, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn notes(&mut self, id: EmergencyId) -> Result<Vec<Note>, StoreError>;
}

/// The dispatcher writes a note for colleagues, whatever state the emergency is in.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is no such emergency for them.
pub fn note(
    store: &mut (impl EmergencyRepository + NoteRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    text: &str,
) -> Result<Note, HandlingError> {
    let emergency = seen(store, dispatcher, id)?;
    let note = Note::of(dispatcher, now, id, (None, text));
    store.add_note(&note)?;
    store.append(&Happening::Noted.to(&emergency, now))?;
    audit::record(store, now, dispatcher.staff(), Happening::Noted.as_str(), &id, None)?;
    Ok(note)
}

/// The notes about an emergency, oldest first.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is no such emergency for the dispatcher.
pub fn notes(
    store: &mut (impl EmergencyRepository + NoteRepository),
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Vec<Note>, HandlingError> {
    seen(store, dispatcher, id)?;
    Ok(store.notes(id)?)
}
