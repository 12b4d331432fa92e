//! Telling somebody: the in-app inbox, and messages that leave the house through the outbox.

mod sms;

pub use sms::{Outbox, Receiver, Sms, SmsBudget, Texted, text};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    Id, Moment, StoreError,
    event::{Event, EventLog, Topic},
};

/// A message in the inbox of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxMessage {
    /// Its id.
    pub id: Id<InboxMessage>,
    /// The citizen or staff member it is for.
    pub recipient: Uuid,
    /// What it is about, as a stable name: `feedback.resolved`.
    pub kind: String,
    /// What the person reads.
    pub text: String,
    /// The id of the thing it is about.
    pub subject: Uuid,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// When the person read it.
    pub read_at: Option<DateTime<Utc>>,
}

/// Where inbox messages are kept.
pub trait Inbox {
    /// Adds a message.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put(&mut self, message: &InboxMessage) -> Result<(), StoreError>;

    /// The messages of `recipient` older than `before`, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn of(
        &mut self,
        recipient: Uuid,
        before: Option<Id<InboxMessage>>,
        limit: usize,
    ) -> Result<Vec<InboxMessage>, StoreError>;
}

/// Tells `recipient` something: a message in the inbox, and an event for whoever listens.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn tell(
    tx: &mut (impl Inbox + EventLog),
    now: &Moment,
    recipient: Uuid,
    (kind, text): (&str, String),
    subject: Uuid,
) -> Result<(), StoreError> {
    let message = InboxMessage {
        id: now.new_id(),
        recipient,
        kind: kind.to_owned(),
        text,
        subject,
        at: now.at,
        read_at: None,
    };
    tx.put(&message)?;
    tx.append(&Event {
        id: now.new_id::<Event>().uuid(),
        topic: Topic::Inbox,
        kind: "inbox.message",
        subject: recipient,
        agency: None,
        at: now.at,
        data: serde_json::json!({ "message_id": message.id, "about": kind }),
    })
}
