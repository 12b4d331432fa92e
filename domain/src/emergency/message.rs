//! A message between a caller and those who help them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::EmergencyId;
use crate::{Id, Moment, identity::StaffId};

/// The id of a message.
pub type MessageId = Id<Message>;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The caller.
    Caller,
    /// Those who help.
    Dispatcher,
}

/// A message under an emergency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The emergency.
    pub emergency: EmergencyId,
    /// Its place in the conversation, from 1 and without holes.
    pub number: i64,
    /// Under which id it was sent: the same one again is the same message.
    pub client_id: Uuid,
    /// Who wrote it.
    pub side: Side,
    /// Which dispatcher, with the name that colleagues see.
    pub author: Option<(StaffId, String)>,
    /// When the server had it.
    pub at: DateTime<Utc>,
    /// The words.
    pub text: String,
    /// When the other side fetched it.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When the other side said that it was read.
    pub read_at: Option<DateTime<Utc>>,
}

/// How far a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It was fetched.
    Delivered,
    /// It was read.
    Read,
}

impl Side {
    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Dispatcher => "dispatcher",
        }
    }

    /// Whom it writes to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Caller => Self::Dispatcher,
            Self::Dispatcher => Self::Caller,
        }
    }
}

impl Message {
    /// How far it came: `sent`, `delivered`, `read`.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match (self.delivered_at, self.read_at) {
            (_, Some(_)) => "read",
            (Some(_), None) => "delivered",
            (None, None) => "sent",
        }
    }

    /// One that `side` writes now.
    pub(super) fn new(now: &Moment, emergency: EmergencyId, client_id: Uuid, side: Side) -> Self {
        Self {
            id: now.new_id(),
            emergency,
            number: 0,
            client_id,
            side,
            author: None,
            at: now.at,
            text: String::new(),
            delivered_at: None,
            read_at: None,
        }
    }
}
