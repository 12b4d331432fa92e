//! The only place that makes chance.

use chrono::{DateTime, Utc};
use domain::Entropy;
use uuid::{ContextV7, Timestamp, Uuid};

/// Chance from the operating system.
///
/// Its UUIDv7 grow within the process, also inside one millisecond, so that rows keep the order in
/// which they were made.
#[derive(Default)]
pub struct SystemEntropy {
    sequence: std::sync::Mutex<ContextV7>,
}

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
    fn uuid(&self, at: DateTime<Utc>) -> Uuid {
        let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
        let sequence = self.sequence.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(&*sequence, seconds, at.timestamp_subsec_nanos()))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
    #[expect(clippy::expect_used, reason = "without randomness no secret is safe: stop at once")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
