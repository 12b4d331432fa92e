//! How many calls came from where, lately. Counted in this process alone: it changes the order of
//! the queue, never whether a call is taken.

use std::{
    collections::HashMap,
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

/// The calls of each source.
#[derive(Default)]
pub struct CallSources(Mutex<HashMap<[u8; 32], Counted>>);

/// The calls of one source.
#[derive(Clone, Copy)]
struct Counted {
    since: DateTime<Utc>,
    calls: u32,
    empty_calls: u32,
    empty_case: Option<EmergencyId>,
}

impl CallSources {
    /// Counts a call from `source`.
    pub(super) fn count(&self, source: Digest, empty: bool, at: DateTime<Utc>) -> CallSource {
        let mut sources = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sources.len() >= REMEMBERED {
            sources.retain(|_, counted| at - counted.since <= WINDOW);
        }
        if sources.len() >= REMEMBERED {
            sources.clear();
        }
        let anew = Counted { since: at, calls: 0, empty_calls: 0, empty_case: None };
        let counted = sources.entry(source.0).or_insert(anew);
        if at - counted.since > WINDOW {
            *counted = anew;
        }
        counted.calls = counted.calls.saturating_add(1);
        counted.empty_calls = counted.empty_calls.saturating_add(u32::from(empty));
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
