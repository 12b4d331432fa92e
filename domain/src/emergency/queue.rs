//! The queue of emergencies, and one of them laid open, as dispatchers see them.

use chrono::{DateTime, Utc};

use super::{
    Asked, Assignment, AssignmentRepository, Callback, CallbackRepository, Corrected,
    CorrectionRepository, Emergency, EmergencyId, EmergencyRepository, Fix, HandlingError, Kind,
    LikenessRepository, Note, NoteRepository, QuestionRepository, Receipt, Statement, Status,
    handling::seen, likeness::alike,
};
use crate::{
    StoreError,
    event::{EventLog, Position, RecordedEvent, Topic},
    identity::{Dispatcher, policy::Scope},
    media::{Media, MediaRepository, Subject},
    page::Page,
};

/// How many of those that are followed under an emergency are shown with it.
const MERGED_SHOWN: usize = 100;
/// With how many others that may be about the same thing an emergency is shown in a list.
const LISTED: usize = 10;
/// With how many by itself.
const SHOWN: usize = 100;

/// Which emergencies a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// In one of these states; the open ones where none is named.
    pub statuses: Vec<Status>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this commune.
    pub commune: Option<String>,
    /// That these agencies answer for.
    pub agencies: Scope,
    /// With this receipt, as a caller read it out.
    pub receipt: Option<Receipt>,
    /// In which order.
    pub order: Order,
    /// Of nothing that waits since before; of all times where it is absent.
    pub since: Option<DateTime<Utc>>,
    /// With the calls that the service makes itself.
    pub probes: bool,
}

/// In which order a list shows emergencies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By priority, within it the longest waiting first: what to do next. Open ones only.
    #[default]
    Urgency,
    /// The latest first.
    Newest,
}

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePlace {
    /// Priority and suspicion; does not count in the order of time.
    pub urgency: i32,
    /// Since when it waits.
    pub queued_at: DateTime<Utc>,
    /// Its id.
    pub id: EmergencyId,
}

/// An emergency in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    /// The emergency.
    pub emergency: Emergency,
    /// How many others are followed under it.
    pub merged: i64,
    /// Other open ones that may be about the same thing: the first of them.
    pub possible_duplicates: Vec<EmergencyId>,
}

/// A page of the queue, and where the event feed goes on from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Queue {
    /// The page.
    pub page: Page<Queued, QueuePlace>,
    /// Everything that happened up to here is in the page.
    pub events: Position,
}

/// An emergency with everything that belongs to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The emergency itself.
    pub queued: Queued,
    /// Where its caller was, oldest first.
    pub trail: Vec<Fix>,
    /// What was said after the first call, oldest first.
    pub statements: Vec<Statement>,
    /// What dispatchers put right, oldest first.
    pub corrections: Vec<Corrected>,
    /// How ringing the caller back went, oldest first.
    pub callbacks: Vec<Callback>,
    /// What the caller was asked by itself, in order.
    pub questions: Vec<Asked>,
    /// What dispatchers wrote for each other, oldest first.
    pub notes: Vec<Note>,
    /// Those that are followed under it, the first ones of them.
    pub merged: Vec<Emergency>,
    /// The units that were sent to it, oldest first.
    pub assignments: Vec<Assignment>,
    /// What its caller showed, oldest first.
    pub media: Vec<Media>,
    /// What happened, oldest first.
    pub timeline: Vec<RecordedEvent>,
}

impl QueueFilter {
    /// The states to show.
    #[must_use]
    pub fn statuses(&self) -> &[Status] {
        if self.statuses.is_empty() { &Status::OPEN } else { &self.statuses }
    }

    /// Whether all open emergencies can be in the list.
    #[must_use]
    pub fn all_open(&self) -> bool {
        Status::OPEN.iter().all(|status| self.statuses().contains(status))
    }

    /// Whether only open emergencies can be in the list.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.statuses().iter().all(|status| status.is_open())
    }
}

impl From<&Emergency> for QueuePlace {
    fn from(emergency: &Emergency) -> Self {
        Self {
            urgency: emergency.urgency().unwrap_or_default(),
            queued_at: emergency.queued_at,
            id: emergency.id,
        }
    }
}

/// A page of the emergencies that `dispatcher` may see, with the place in the event log from which
/// on to follow them. The place is read first, so that what happened before it is in the page even
/// where each statement sees the store as it is by then; what happens meanwhile may be in both.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn queue(
    store: &mut (impl EmergencyRepository + LikenessRepository + EventLog),
    dispatcher: &Dispatcher,
    filter: QueueFilter,
    after: Option<QueuePlace>,
    limit: usize,
) -> Result<Queue, StoreError> {
    let events = store.newest_position()?;
    let agencies = dispatcher.staff().scope().and(filter.agencies);
    let filter = QueueFilter { agencies, ..filter };
    let found = store.queue(&filter, after, limit.saturating_add(1))?;
    let Page { items, next } =
        Page::cut(found, limit, |emergency: &Emergency| QueuePlace::from(emergency));
    let ids: Vec<EmergencyId> = items.iter().map(|emergency| emergency.id).collect();
    let merged = store.count_merged(&ids)?;
    let linked = store.linked(&ids, &dispatcher.staff().scope(), LISTED)?;
    let duplicates: Vec<_> =
        items.iter().map(|emergency| duplicates_of(emergency, &items, &linked, LISTED)).collect();
    let items = items
        .into_iter()
        .zip(duplicates)
        .map(|(emergency, possible_duplicates)| Queued {
            merged: count_of(&merged, emergency.id),
            possible_duplicates,
            emergency,
        })
        .collect();
    Ok(Queue { page: Page { items, next }, events })
}

/// Everything about one emergency.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is none, or another agency answers for it.
pub fn open(
    store: &mut (
             impl EmergencyRepository
             + LikenessRepository
             + NoteRepository
             + CorrectionRepository
             + CallbackRepository
             + QuestionRepository
             + AssignmentRepository
             + MediaRepository
             + EventLog
         ),
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Opened, HandlingError> {
    let emergency = seen(store, dispatcher, id)?;
    let mut trail = store.trail(id, None)?;
    if let Some(riding) = emergency.location
        && !trail.iter().any(|fix| fix.mark() == riding.mark())
    {
        trail.push(riding);
    }
    trail.sort_by_key(|fix| fix.fixed_at);
    Ok(Opened {
        queued: queued(store, dispatcher, emergency)?,
        trail,
        statements: store.statements(id)?,
        corrections: store.corrections(id)?,
        callbacks: store.callbacks(&[id])?,
        questions: store.questions(id)?,
        notes: store.notes(id)?,
        merged: store.merged_under(id, MERGED_SHOWN)?,
        assignments: store.assignments_to(id)?,
        media: store.media_of(Subject::emergency(id))?,
        timeline: store.history(Topic::Emergency, id.uuid())?,
    })
}

/// `emergency` as it is in a list of `dispatcher`.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn queued(
    store: &mut (impl EmergencyRepository + LikenessRepository),
    dispatcher: &Dispatcher,
    emergency: Emergency,
) -> Result<Queued, StoreError> {
    let ids = [emergency.id];
    let linked = store.linked(&ids, &dispatcher.staff().scope(), SHOWN)?;
    let merged = count_of(&store.count_merged(&ids)?, emergency.id);
    let possible_duplicates = duplicates_of(&emergency, &[], &linked, SHOWN);
    Ok(Queued { emergency, merged, possible_duplicates })
}

/// What `emergency` is linked with, and what of the same `page` is like it and will be linked soon.
/// Where it has ended nothing is left to decide.
fn duplicates_of(
    emergency: &Emergency,
    page: &[Emergency],
    linked: &[(EmergencyId, EmergencyId)],
    most: usize,
) -> Vec<EmergencyId> {
    if !emergency.status.is_open() {
        return Vec::new();
    }
    let linked = linked.iter().filter(|(one, _)| *one == emergency.id).map(|&(_, other)| other);
    let mut all: Vec<_> = alike(emergency, page).into_iter().chain(linked).collect();
    all.sort_by_key(|id| id.uuid());
    all.dedup();
    all.truncate(most);
    all
}

/// The count of `id` among `counts`.
fn count_of(counts: &[(EmergencyId, i64)], id: EmergencyId) -> i64 {
    counts.iter().find(|(leading, _)| *leading == id).map_or(0, |&(_, count)| count)
}
