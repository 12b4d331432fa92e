//! What this process counts until it is written down.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::{
    catalogue::{Tally, Unanswered},
    secret::Digest,
};

/// The tally of unanswered queries, shared by all threads.
#[derive(Clone)]
pub(crate) struct Tallies(Arc<Mutex<Tally>>);

impl Tallies {
    /// Tells what at least so many different `askers` ask on a day.
    pub(crate) fn new(askers: usize) -> Self {
        Self(Arc::new(Mutex::new(Tally::new(askers))))
    }

    /// Counts `query`, which `asker` asked at `now`.
    pub(crate) fn count(&self, query: &str, asker: Digest, now: DateTime<Utc>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).count(query, asker, now);
    }

    /// What was asked by enough people since it was told last.
    pub(crate) fn tell(&self) -> Vec<Unanswered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).tell()
    }
}
