//! What was read of the store, remembered for as long as the event log tells nothing new of it.

use std::{hash::Hash, sync::Arc, time::Duration};

use domain::event::Position;
use moka::sync::Cache;

use super::{Feed, FeedEvent};

/// How long what nobody asks for is remembered.
const IDLE: Duration = Duration::from_mins(2);

/// Values by their keys, each as it was when the event log told of it last.
pub struct Recalled<K, V> {
    feed: Arc<Feed>,
    known: Cache<K, Known<V>>,
}

struct Known<V> {
    value: Arc<V>,
    /// Up to where the log is known to tell nothing new of it.
    up_to: Position,
}

impl<V> Clone for Known<V> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), up_to: self.up_to }
    }
}

impl<K, V> Recalled<K, V>
where
    K: Copy + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// At most so many values, kept in step with `feed`.
    #[must_use]
    pub fn new(feed: &Arc<Feed>, most: u64) -> Self {
        let known = Cache::builder().max_capacity(most).time_to_idle(IDLE).build();
        Self { feed: Arc::clone(feed), known }
    }

    /// What stands under `key`: what is remembered, unless an event since then `touches` it, else what
    /// `read` gives.
    ///
    /// # Errors
    /// That of `read`.
    pub async fn get<E>(
        &self,
        key: K,
        touches: impl Fn(&V, &FeedEvent) -> bool,
        read: impl AsyncFnOnce() -> Result<V, E>,
    ) -> Result<Arc<V>, E> {
        if let Some(Known { value, up_to }) = self.known.get(&key)
            && let Some(up_to) = self.feed.silent_since(up_to, |event| touches(&value, event))
        {
            self.known.insert(key, Known { value: Arc::clone(&value), up_to });
            return Ok(value);
        }
        // What happens while it is read comes after this and is looked at the next time.
        let up_to = self.feed.newest();
        let value = Arc::new(read().await?);
        self.known.insert(key, Known { value: Arc::clone(&value), up_to });
        Ok(value)
    }
}
