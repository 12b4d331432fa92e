//! Letting go of what follows a report that leads nowhere any more.

use super::{Action, Actor, Doer, Office, Registry, ReportId};
use crate::StoreError;

/// Returns every report that follows the report `leading` to where it was, and tells its reporter:
/// the leading one was taken back, or sealed, and nobody would answer them with it.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed one of them meanwhile.
pub(super) fn release_followers(
    tx: &mut impl Registry,
    office: &Office,
    leading: ReportId,
) -> Result<(), StoreError> {
    for follower in tx.followers(leading)? {
        let seen = follower.version;
        let Ok(mut follower) = follower.after(Action::Unmerge, Actor::Officer, office.now.at)
        else {
            continue;
        };
        follower.merged_into = None;
        let by = (Action::Unmerge, Doer::Service);
        office.keep(tx, &mut follower, seen, by, None)?;
    }
    Ok(())
}
