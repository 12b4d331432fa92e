//! Calls that wait too long.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Emergency, Status};

/// How long a call waits unclaimed before it is called out again, and before a supervisor is.
const ESCALATIONS: [TimeDelta; 2] = [TimeDelta::seconds(15), TimeDelta::seconds(60)];

impl Emergency {
    /// How often nobody has come to claim it in time: 0 up to 15 s, 1 up to 60 s, then 2.
    #[must_use]
    pub fn escalation(&self, at: DateTime<Utc>) -> usize {
        if self.status != Status::Received {
            return 0;
        }
        ESCALATIONS.iter().filter(|patience| at - self.queued_at >= **patience).count()
    }
}
