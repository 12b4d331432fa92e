//! A case as it is handed over: to a court, an inquiry, an insurer.

use super::{Record, RecordRepository};
use crate::{
    Moment,
    audit::{self, AuditLog},
    emergency::{
        AssignmentRepository, CallbackRepository, CorrectionRepository, EmergencyId,
        EmergencyRepository, HandlingError, LikenessRepository, Message, MessageRepository,
        NoteRepository, Opened, QuestionRepository, open,
    },
    event::EventLog,
    identity::{Custodian, Dispatcher},
    media::MediaRepository,
};

/// How many messages are read at once.
const CHUNK: usize = 500;

/// Everything that is kept of an emergency.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The emergency with everything that belongs to it.
    pub opened: Opened,
    /// What its caller and those who helped wrote to each other, oldest first.
    pub messages: Vec<Message>,
    /// When it reached which stage, as far as that was read from the event log.
    pub record: Option<Record>,
}

/// Everything that is kept of an emergency. Who took it out stands in the audit log, in the same
/// unit of work.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is none, or another agency answers for it.
pub fn export(
    store: &mut (
             impl EmergencyRepository
             + LikenessRepository
             + NoteRepository
             + CorrectionRepository
             + CallbackRepository
             + QuestionRepository
             + AssignmentRepository
             + MediaRepository
             + MessageRepository
             + RecordRepository
             + EventLog
             + AuditLog
         ),
    now: &Moment,
    (dispatcher, custodian): (&Dispatcher, &Custodian),
    id: EmergencyId,
) -> Result<Export, HandlingError> {
    let mut opened = open(store, dispatcher, id)?;
    opened.merged = store.merged_under(id, usize::MAX)?;
    let mut messages: Vec<Message> = Vec::new();
    loop {
        let after = messages.last().map_or(0, |message| message.number);
        let more = store.messages(id, after, CHUNK)?;
        let over = more.len() < CHUNK;
        messages.extend(more);
        if over {
            break;
        }
    }
    let record = store.records_of(&[id])?.pop();
    audit::record(store, now, custodian.staff(), "emergency.exported", &id, None)?;
    Ok(Export { opened, messages, record })
}
