//! What becomes of what a report shows once nobody is behind it any more.

use super::{Media, MediaRepository, Uploader, doom, of_report};
use crate::{Moment, StoreError, feedback::Report};

/// Lets go what its reporter showed with `report`, which has come to an end. What strangers see
/// stays as they see it, without what a camera wrote beside it. What officers added is theirs.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn disown(
    tx: &mut impl MediaRepository,
    now: &Moment,
    report: &Report,
) -> Result<(), StoreError> {
    for media in of_report(tx, report.id)? {
        if matches!(media.uploader, Uploader::Staff(_)) {
            continue;
        }
        let left = if report.published_at.is_none() || !media.is_shown() {
            doom(tx, now, &media)
        } else if media.sha256.is_some() {
            tx.save_media(&Media { expires_at: Some(now.at), ..media.clone() }, &media)
        } else {
            Ok(())
        };
        match left {
            // It was let go meanwhile.
            Err(StoreError::Stale) => {}
            left => left?,
        }
    }
    Ok(())
}
