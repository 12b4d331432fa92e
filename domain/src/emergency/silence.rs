//! How long nothing was heard of a phone, and how late a call came.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Emergency, Report, next_update_s};

/// A call that was under way longer than this is late.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// A phone that missed so many of its turns is silent.
const TURNS: i32 = 3;

impl Report {
    /// Whether the call was under way so long that what it says may no longer hold. It is taken
    /// all the same, and stands in the queue as any other.
    #[must_use]
    pub fn is_late(&self) -> bool {
        let late = u64::try_from(LATE.num_milliseconds()).unwrap_or(u64::MAX);
        self.age_ms.is_some_and(|age| age >= late)
    }
}

impl Emergency {
    /// Since when nothing was heard of the caller's phone, where it should have told of itself by
    /// now: it missed three of its turns, or what it told last was its last gasp.
    #[must_use]
    pub fn silent_since(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let turn = TimeDelta::seconds(next_update_s(self)?.into());
        let fix = self.location?;
        let missed = at - fix.received_at > turn * TURNS;
        (missed || fix.is_last_gasp()).then_some(fix.received_at)
    }
}
