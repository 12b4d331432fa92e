//! How many calls came from where, lately. Counted in this process alone: it changes the order of
//! the queue, never whether a call is taken.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    emergency::{CallSource, EmergencyId},
    secret::Digest,
};

/// For how long calls of one source are counted together.
const WINDOW: TimeDelta = TimeDelta::minutes(10);
/// How many sources are remembered.
const REMEMBERED: usize = 100_000;
/// How many emergencies of one source are known again: those of a family, or of a class.
const KNOWN_AGAIN: usize = 16;

/// The calls of each source.
#[derive(Default)]
pub struct CallSources(Mutex<HashMap<[u8; 32], Counted>>);

/// The calls of one source.
struct Counted {
    since: DateTime<Utc>,
    calls: u32,
    empty_calls: u32,
    empty_case: Option<EmergencyId>,
    /// The emergencies that the latest of them were about, the newest first.
    latest: VecDeque<EmergencyId>,
}

impl Counted {
    const fn since(since: DateTime<Utc>) -> Self {
        Self { since, calls: 0, empty_calls: 0, empty_case: None, latest: VecDeque::new() }
    }

    /// Whether the emergency is none of the latest. It is from then on.
    fn is_another(&mut self, id: EmergencyId) -> bool {
        let another = !self.latest.contains(&id);
        if another {
            self.latest.truncate(KNOWN_AGAIN - 1);
            self.latest.push_front(id);
        }
        another
    }
}

impl CallSources {
    /// Counts a call from `source` under `id`. What a phone says again, and where it is by then, is no
    /// other call.
    pub(super) fn count(
        &self,
        source: Digest,
        id: EmergencyId,
        empty: bool,
        at: DateTime<Utc>,
    ) -> CallSource {
        let mut sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.len() >= REMEMBERED {
            sources.retain(|_, counted| at - counted.since <= WINDOW);
        }
        if sources.len() >= REMEMBERED {
            sources.clear();
        }
        let counted = sources.entry(source.0).or_insert_with(|| Counted::since(at));
        if at - counted.since > WINDOW {
            *counted = Counted::since(at);
        }
        if counted.is_another(id) {
            counted.calls = counted.calls.saturating_add(1);
            counted.empty_calls = counted.empty_calls.saturating_add(u32::from(empty));
        }
        CallSource {
            digest: source,
            calls: counted.calls,
            empty_calls: counted.empty_calls,
            empty_case: counted.empty_case,
        }
    }

    /// Remembers that an empty call of `source` got the case `id`.
    pub(super) fn remember(&self, source: Digest, id: EmergencyId) {
        let mut sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counted) = sources.get_mut(&source.0) {
            counted.empty_case = Some(id);
        }
    }
}
