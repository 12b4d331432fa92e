//! The most recent events, in memory.

use std::{
    collections::VecDeque,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};
use domain::{
    directory::AgencyCode,
    event::{Position, Topic},
};
use uuid::Uuid;

/// A stamped event, shared by everybody who follows.
#[derive(Debug)]
pub struct FeedEvent {
    /// Its place in the log.
    pub position: Position,
    /// The thing, a dot, what happened.
    pub kind: String,
    /// The id of the thing it happened to.
    pub subject: Uuid,
    /// The agency that was responsible then.
    pub agency: Option<AgencyCode>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What followers may see of it: the text of a JSON object.
    pub data: String,
    topic: String,
    wire: OnceLock<Arc<str>>,
}

impl FeedEvent {
    pub(super) fn new(
        position: Position,
        topic: String,
        kind: String,
        subject: Uuid,
        agency: Option<AgencyCode>,
        at: DateTime<Utc>,
        data: String,
    ) -> Self {
        Self { position, kind, subject, agency, at, data, topic, wire: OnceLock::new() }
    }

    /// Whether the event belongs to `topic`.
    #[must_use]
    pub fn is_about(&self, topic: Topic) -> bool {
        self.topic == topic.as_str()
    }

    /// The event as it goes over the wire, made once for all who follow.
    pub fn wire(&self, make: impl FnOnce(&Self) -> String) -> Arc<str> {
        Arc::clone(self.wire.get_or_init(|| make(self).into()))
    }
}

/// How many events are kept at hand.
const CAPACITY: usize = 4096;

/// The most recent events, oldest first, without holes.
#[derive(Default)]
pub(super) struct Ring {
    events: VecDeque<Arc<FeedEvent>>,
    /// Everything after this position is in the ring.
    pub(super) complete_after: Position,
    /// The newest position seen.
    pub(super) newest: Position,
}

impl Ring {
    /// A ring that starts after `position`.
    pub(super) fn starting_after(position: Position) -> Self {
        Self { events: VecDeque::new(), complete_after: position, newest: position }
    }

    pub(super) fn push(&mut self, event: FeedEvent) {
        self.newest = event.position;
        self.events.push_back(Arc::new(event));
        if self.events.len() > CAPACITY
            && let Some(oldest) = self.events.pop_front()
        {
            self.complete_after = oldest.position;
        }
    }

    /// The events after `after`, oldest first.
    pub(super) fn after(&self, after: Position) -> impl Iterator<Item = &Arc<FeedEvent>> {
        let start = self.events.partition_point(|event| event.position <= after);
        self.events.range(start..)
    }
}
