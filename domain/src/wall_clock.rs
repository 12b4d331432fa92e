//! The clocks on the walls in Vietnam: seven hours ahead of UTC, all year.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

const AHEAD: TimeDelta = TimeDelta::hours(7);

/// What the clocks show at `at`.
#[must_use]
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc().checked_add_signed(AHEAD).unwrap_or(NaiveDateTime::MAX)
}

/// When the clocks show `wall`.
#[must_use]
pub fn instant(wall: NaiveDateTime) -> DateTime<Utc> {
    wall.checked_sub_signed(AHEAD).unwrap_or(wall).and_utc()
}
