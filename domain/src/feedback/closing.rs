//! Closing what nobody says anything to any more.

use chrono::TimeDelta;

use super::{Action, Actor, Doer, Office, Registry, Status};
use crate::StoreError;

/// How long a reporter may object to an answer or a refusal.
pub const OBJECTION: TimeDelta = TimeDelta::days(15);

/// Closes at most `limit` reports that were resolved fifteen days ago, and at most as many whose
/// reporters were asked something as long ago as `patience`; says how many of the greater number.
/// One that somebody changes meanwhile is left to the next time.
///
/// # Errors
/// [`StoreError`] when the store failed.
pub fn close_silent(
    tx: &mut impl Registry,
    office: &Office,
    patience: TimeDelta,
    limit: usize,
) -> Result<usize, StoreError> {
    let resolved = close(tx, office, (Status::Resolved, Action::Close), OBJECTION, limit)?;
    let asked = close(tx, office, (Status::NeedsInfo, Action::Lapse), patience, limit)?;
    Ok(resolved.max(asked))
}

fn close(
    tx: &mut impl Registry,
    office: &Office,
    (status, action): (Status, Action),
    patience: TimeDelta,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut closed = 0;
    for report in tx.waiting_since(status, office.now.at - patience, limit)? {
        let seen = report.version;
        let Ok(mut report) = report.after(action, Actor::Timer, office.now.at) else {
            continue;
        };
        match office.keep(tx, &mut report, seen, (action, Doer::Service), None) {
            Err(StoreError::Stale) => continue,
            kept => kept?,
        }
        closed += 1;
    }
    Ok(closed)
}
