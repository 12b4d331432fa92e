//! Time and chance, as an argument.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Id;

/// Where ids and secrets come from: the operating system in production, a counter in tests.
pub trait Entropy: Send + Sync {
    /// A new UUIDv7 for something that happens at `at`.
    fn uuid(&self, at: DateTime<Utc>) -> Uuid;

    /// Fills `bytes` from a cryptographically secure generator.
    fn fill(&self, bytes: &mut [u8]);
}

/// The moment in which a use case runs: what time it is, and the chance it may use.
#[derive(Clone)]
pub struct Moment {
    /// The instant, one for the whole unit of work, in whole microseconds as both stores keep it.
    pub at: DateTime<Utc>,
    entropy: Arc<dyn Entropy>,
}

impl Moment {
    /// The moment `at`, with chance from `entropy`.
    #[must_use]
    pub fn new(at: DateTime<Utc>, entropy: Arc<dyn Entropy>) -> Self {
        let micros = at.timestamp_micros();
        Self { at: DateTime::from_timestamp_micros(micros).unwrap_or(at), entropy }
    }

    /// Where its chance comes from.
    #[must_use]
    pub fn entropy(&self) -> Arc<dyn Entropy> {
        Arc::clone(&self.entropy)
    }

    /// A new id.
    #[must_use]
    pub fn new_id<T>(&self) -> Id<T> {
        self.entropy.uuid(self.at).into()
    }

    /// `N` random bytes, fit for secrets.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}
