//! The queue of a desk, taken out as a file.

use super::{FeedbackRepository, QueueFilter, QueueKey, QueueStretch, Report, queue};
use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    identity::Officer,
    page::Page,
};

/// How many reports a file holds at most.
pub const MOST_EXPORTED: usize = 5_000;

/// A stretch of the reports in the officer's scope that fit `filter`, for a file; of at most
/// [`MOST_EXPORTED`].
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn to_export(
    tx: &mut impl FeedbackRepository,
    officer: &Officer,
    filter: QueueFilter,
    stretch: QueueStretch,
) -> Result<Page<Report, QueueKey>, StoreError> {
    let limit = stretch.limit.min(MOST_EXPORTED);
    queue(tx, officer, filter, QueueStretch { limit, ..stretch })
}

/// Writes down that `officer` takes out what was asked for by `what`. Nobody gets the file before
/// that is kept.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn note_export(
    tx: &mut impl AuditLog,
    now: &Moment,
    officer: &Officer,
    what: &str,
) -> Result<(), StoreError> {
    let staff = officer.staff();
    audit::record(tx, now, staff, "feedback.exported", &staff.agency, Some(what))
}
