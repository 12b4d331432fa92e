//! What happened, in order: the one event log behind timelines, feeds and the outbox.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{StoreError, directory::AgencyCode};

/// A place in the event log. Positions grow by commit order and have no holes a reader could fall
/// into: a reader that continues after the last position it saw neither misses nor repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub i64);

/// Who follows an event as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Dispatchers, and the caller whose emergency it is.
    Emergency,
    /// Officers, and the reporter whose report it is.
    Feedback,
    /// The inbox of one person.
    Inbox,
    /// The replicas of this server themselves: new data version, rotated keys.
    System,
}

impl Topic {
    /// The name under which the topic is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Feedback => "feedback",
            Self::Inbox => "inbox",
            Self::System => "system",
        }
    }
}

/// Something that happened to `subject`.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The event's own id.
    pub id: Uuid,
    /// Who follows it.
    pub topic: Topic,
    /// The thing, a dot, what happened: `emergency.claimed`.
    pub kind: &'static str,
    /// The id of the thing it happened to.
    pub subject: Uuid,
    /// The agency responsible for the thing at that time, for scoped feeds.
    pub agency: Option<AgencyCode>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What followers may see of it, as a JSON object. No personal data.
    pub data: Value,
}

/// An event as it was read back from the log.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedEvent {
    /// Its position; absent while it is committed but not yet stamped.
    pub position: Option<Position>,
    /// The thing, a dot, what happened.
    pub kind: String,
    /// The id of the thing it happened to.
    pub subject: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What followers may see of it.
    pub data: Value,
}

/// Where events are kept.
pub trait EventLog {
    /// Adds `event`; it takes effect, and gets its position, only if the unit of work commits.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn append(&mut self, event: &Event) -> Result<(), StoreError>;

    /// Everything that happened to `subject`, oldest first, not yet stamped events last.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn history(&mut self, topic: Topic, subject: Uuid) -> Result<Vec<RecordedEvent>, StoreError>;

    /// The newest position that was given out.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn newest_position(&mut self) -> Result<Position, StoreError>;
}
