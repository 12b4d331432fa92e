//! Bodies that cost much to make, made one at a time.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use infra::snapshot::Prepared;

use crate::problem::ApiError;

/// A body, and when it was made.
type Made = (DateTime<Utc>, Arc<Prepared>);

/// Some bodies by what was asked for.
pub(super) struct Bodies<K> {
    kept: Mutex<HashMap<K, Made>>,
    /// Whose turn it is: however many ask, one body is made at a time.
    turn: tokio::sync::Mutex<()>,
    most: usize,
    fresh: Option<TimeDelta>,
}

impl<K: Clone + Eq + Hash> Bodies<K> {
    /// At most `most` bodies, each for as long as it is `fresh`; for good, where nothing is said.
    pub(super) fn new(most: usize, fresh: Option<TimeDelta>) -> Self {
        Self { kept: Mutex::default(), turn: tokio::sync::Mutex::default(), most, fresh }
    }

    /// The body for `key`, as it is kept at `at`, or as `make` makes it.
    pub(super) async fn get(
        &self,
        key: K,
        at: DateTime<Utc>,
        make: impl AsyncFnOnce() -> Result<Vec<u8>, ApiError>,
    ) -> Result<Arc<Prepared>, ApiError> {
        if let Some(known) = self.known(&key, at) {
            return Ok(known);
        }
        let _turn = self.turn.lock().await;
        if let Some(known) = self.known(&key, at) {
            return Ok(known);
        }
        let body = Arc::new(Prepared::new(make().await?));
        self.keep(key, at, Arc::clone(&body));
        Ok(body)
    }

    fn known(&self, key: &K, at: DateTime<Utc>) -> Option<Arc<Prepared>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (made_at, body) = kept.get(key)?;
        let fresh = self.fresh.is_none_or(|fresh| (at - *made_at).abs() < fresh);
        fresh.then(|| Arc::clone(body))
    }

    fn keep(&self, key: K, at: DateTime<Utc>, body: Arc<Prepared>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.most {
            let oldest = kept.iter().min_by_key(|(_, (made_at, _))| *made_at);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                kept.remove(&oldest);
            }
        }
        kept.insert(key, (at, body));
    }
}
