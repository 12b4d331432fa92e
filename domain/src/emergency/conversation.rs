//! What a caller and those who help them write to each other.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Call, CallerProof, Emergency, EmergencyId, EmergencyRepository, FollowError, HandlingError,
    Happening, Hearing, Message, Progress, QuestionRepository, Questions, RaiseError, Side,
    Stranger,
    handling::seen,
    merge::followed_on,
    proof::own,
    raise::known_or_received,
    revision::{Change, revise},
    statement::overhear,
    triage::hear,
};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::Dispatcher,
};

/// Where messages are kept.
pub trait MessageRepository {
    /// Adds `message` at the end of its conversation, and numbers it. `false`, and it becomes the
    /// one that stands, when the same side sent it before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_message(&mut self, message: &mut Message) -> Result<bool, StoreError>;

    /// The messages under an emergency after the number `after`, the first ones first, at most
    /// `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn messages(
        &mut self,
        id: EmergencyId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError>;

    /// Notes how far the messages of one side up to a number came, and says how many had not come
    /// so far.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn mark_messages(
        &mut self,
        id: EmergencyId,
        of: (Side, i64),
        progress: Progress,
        at: DateTime<Utc>,
    ) -> Result<usize, StoreError>;
}

/// Stores a message of a caller: under an id that is not known yet it is a call for help. A
/// stranger's words stand beside; and where the emergency had ended, somebody has to look again. What
/// answers one of `questions` that the caller was asked is kept as an answer, too.
///
/// # Errors
/// [`RaiseError::Store`] when the store cannot take it.
pub fn tell_message(
    store: &mut (impl EmergencyRepository + MessageRepository + QuestionRepository + EventLog),
    now: &Moment,
    call: &Call,
    client_id: Uuid,
    questions: &Questions,
) -> Result<(Hearing, Option<Message>), RaiseError> {
    let (known, verified) = known_or_received(store, now, call)?;
    if !verified {
        overhear(store, now, &known, &call.statement(&known, now, false))?;
        return Ok((Hearing::Stranger(Stranger::from(&known)), None));
    }
    let text = call.report.words();
    let answer = (call.report.reply_to(), text.as_str());
    let mut message =
        Message { text: text.clone(), ..Message::new(now, known.id, client_id, Side::Caller) };
    if !store.add_message(&mut message)? {
        return Ok((Hearing::caller(known), Some(message)));
    }
    let after = revise(store, now, known.id, |store, before| {
        Ok::<_, RaiseError>(match followed_on(store, before)?.called_again(now.at) {
            Ok(again) => Change::to(again, Happening::Received),
            Err(_) => Change::None,
        })
    })?
    .unwrap_or(known);
    tell(store, now, &after)?;
    hear(store, now, questions, &after, answer)?;
    Ok((Hearing::caller(after), Some(message)))
}

/// A dispatcher writes to the caller of an emergency.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is no such emergency for them.
pub fn send_message(
    store: &mut (impl EmergencyRepository + MessageRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (client_id, text): (Option<Uuid>, &str),
) -> Result<Message, HandlingError> {
    let emergency = seen(store, dispatcher, id)?;
    let staff = dispatcher.staff();
    let client_id = client_id.unwrap_or_else(|| now.new_id::<Message>().uuid());
    let mut message = Message {
        text: text.to_owned(),
        author: Some((staff.id, staff.username.clone())),
        ..Message::new(now, id, client_id, Side::Dispatcher)
    };
    if store.add_message(&mut message)? {
        tell(store, now, &emergency)?;
        audit::record(store, now, staff, Happening::Message.as_str(), &id, None)?;
    }
    Ok(message)
}

/// The caller fetches what was written: what was written to them is delivered by that.
///
/// # Errors
/// [`FollowError::NotFound`] when the proof is not of this emergency.
pub fn messages_of_caller(
    store: &mut (impl EmergencyRepository + MessageRepository + EventLog),
    now: &Moment,
    (id, proof): (EmergencyId, CallerProof),
    (after, limit): (i64, usize),
) -> Result<Vec<Message>, FollowError> {
    let emergency = own(store, id, proof)?;
    Ok(fetch(store, now, &emergency, Side::Caller, (after, limit))?)
}

/// A dispatcher fetches what was written: what the caller wrote is delivered by that.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is no such emergency for them.
pub fn messages_of_dispatcher(
    store: &mut (impl EmergencyRepository + MessageRepository + EventLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (after, limit): (i64, usize),
) -> Result<Vec<Message>, HandlingError> {
    let emergency = seen(store, dispatcher, id)?;
    Ok(fetch(store, now, &emergency, Side::Dispatcher, (after, limit))?)
}

/// The message with this number.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is none for the dispatcher.
pub fn message(
    store: &mut (impl EmergencyRepository + MessageRepository),
    dispatcher: &Dispatcher,
    id: EmergencyId,
    number: i64,
) -> Result<Message, HandlingError> {
    seen(store, dispatcher, id)?;
    let found = store.messages(id, number - 1, 1)?;
    found.into_iter().next().ok_or(HandlingError::NotFound)
}

/// The caller says up to where they have read.
///
/// # Errors
/// [`FollowError::NotFound`] when the proof is not of this emergency.
pub fn read_by_caller(
    store: &mut (impl EmergencyRepository + MessageRepository + EventLog),
    now: &Moment,
    (id, proof): (EmergencyId, CallerProof),
    up_to: i64,
) -> Result<(), FollowError> {
    let emergency = own(store, id, proof)?;
    Ok(mark(store, now, &emergency, (Side::Dispatcher, up_to), Progress::Read)?)
}

/// A dispatcher says up to where they have read.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is no such emergency for them.
pub fn read_by_dispatcher(
    store: &mut (impl EmergencyRepository + MessageRepository + EventLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    up_to: i64,
) -> Result<(), HandlingError> {
    let emergency = seen(store, dispatcher, id)?;
    Ok(mark(store, now, &emergency, (Side::Caller, up_to), Progress::Read)?)
}

/// What was written after the number `after`, fetched by `side`.
fn fetch(
    store: &mut (impl EmergencyRepository + MessageRepository + EventLog),
    now: &Moment,
    emergency: &Emergency,
    side: Side,
    (after, limit): (i64, usize),
) -> Result<Vec<Message>, StoreError> {
    let found = store.messages(emergency.id, after, limit)?;
    let fresh = |message: &&Message| message.side != side && message.delivered_at.is_none();
    let Some(last) = found.iter().filter(fresh).map(|message| message.number).max() else {
        return Ok(found);
    };
    mark(store, now, emergency, (side.other(), last), Progress::Delivered)?;
    store.messages(emergency.id, after, limit)
}

/// Notes how far messages came, and tells whoever wrote them.
fn mark(
    store: &mut (impl EmergencyRepository + MessageRepository + EventLog),
    now: &Moment,
    emergency: &Emergency,
    of: (Side, i64),
    progress: Progress,
) -> Result<(), StoreError> {
    let news = store.mark_messages(emergency.id, of, progress, now.at)?;
    if news == 0 { Ok(()) } else { tell(store, now, emergency) }
}

/// Tells both sides that there is something new in the conversation, and whoever sees to the
/// emergency that it follows. No event holds anybody's words.
pub(in crate::emergency) fn tell(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    emergency: &Emergency,
) -> Result<(), StoreError> {
    store.append(&Happening::Message.to(emergency, now))?;
    let leading = emergency.merged_into.map(|leading| store.find(leading)).transpose()?.flatten();
    leading.map_or(Ok(()), |leading| store.append(&Happening::Updated.to(&leading, now)))
}
