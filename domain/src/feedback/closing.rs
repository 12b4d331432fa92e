//! Closing what was answered and not objected to.

use chrono::TimeDelta;

use super::{
    Action, Actor, FeedbackRepository,
    follow_up::{announce, tell_reporter},
};
use crate::{Moment, StoreError, event::EventLog, notification::Inbox};

/// How long a reporter may object to an answer.
pub const OBJECTION: TimeDelta = TimeDelta::days(15);

/// Closes at most `limit` reports that were resolved fifteen days ago, and says how many. One
/// that somebody changes meanwhile is left to the next time.
///
/// # Errors
/// [`StoreError`] when the store failed.
pub fn close_unobjected(
    tx: &mut (impl FeedbackRepository + EventLog + Inbox),
    now: &Moment,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut closed = 0;
    for report in tx.resolved_before(now.at - OBJECTION, limit)? {
        let seen = report.version;
        let Ok(report) = report.after(Action::Close, Actor::Timer, now.at) else {
            continue;
        };
        match tx.save(&report, seen) {
            Err(StoreError::Stale) => continue,
            saved => saved?,
        }
        announce(tx, now, &report, Action::Close.event())?;
        tell_reporter(tx, now, &report, Action::Close)?;
        closed += 1;
    }
    Ok(closed)
}
