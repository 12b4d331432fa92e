//! Who holds an emergency.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::identity::{Dispatcher, StaffId};

/// A dispatcher's hold on an emergency: kept by a heartbeat every 15 s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Who holds it.
    pub holder: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The last sign of the holder.
    pub heard_at: DateTime<Utc>,
    /// Why it was taken from another holder.
    pub reason: Option<String>,
    /// When it was seen that nothing is heard of the holder any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<DateTime<Utc>>,
}

impl Lease {
    /// How often a holder shall say that they are there.
    pub const HEARTBEAT: TimeDelta = TimeDelta::seconds(15);
    /// How long after the last sign a holder counts as gone.
    pub const STALE_AFTER: TimeDelta = TimeDelta::seconds(45);

    /// A hold of `dispatcher` from now on.
    pub(super) fn of(dispatcher: &Dispatcher, at: DateTime<Utc>) -> Self {
        let staff = dispatcher.staff();
        Self {
            holder: staff.id,
            username: staff.username.clone(),
            since: at,
            heard_at: at,
            reason: None,
            gone_at: None,
        }
    }

    /// Until when the last sign of the holder holds.
    #[must_use]
    pub fn stale_at(&self) -> DateTime<Utc> {
        self.heard_at + Self::STALE_AFTER
    }

    /// Whether nothing was heard of the holder for too long.
    #[must_use]
    pub fn is_stale(&self, at: DateTime<Utc>) -> bool {
        at > self.stale_at()
    }
}
