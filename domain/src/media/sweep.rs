//! Clearing away what nobody linked, what was given up, and what was erased.

use chrono::TimeDelta;

use super::{Media, MediaRepository, State, doom};
use crate::{Moment, StoreError};

/// After so long it is looked once more for files that a late writer left.
const SECOND_LOOK: TimeDelta = TimeDelta::hours(1);

/// Lets go at most `limit` of those that nobody finished or linked in time, and says how many.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn doom_expired(
    tx: &mut impl MediaRepository,
    now: &Moment,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut doomed = 0;
    for state in [State::Arriving, State::Whole] {
        let due = tx.media_due(state, now.at, limit)?;
        for media in due.into_iter().filter(|media| media.is_expired(now.at)) {
            match doom(tx, now, &media) {
                // It was linked or continued meanwhile.
                Err(StoreError::Stale) => {}
                done => done?,
            }
            doomed += 1;
        }
    }
    Ok(doomed)
}

/// At most `limit` of those of which only the picture itself is to be left.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn to_be_bared(
    tx: &mut impl MediaRepository,
    now: &Moment,
    limit: usize,
) -> Result<Vec<Media>, StoreError> {
    let mut due = tx.media_due(State::Whole, now.at, limit)?;
    due.retain(|media| media.subject.is_some());
    Ok(due)
}

/// Writes down that of `media` only the picture itself is left.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn bared(tx: &mut impl MediaRepository, media: &Media) -> Result<(), StoreError> {
    let after = Media { expires_at: None, sha256: None, ..media.clone() };
    match tx.save_media(&after, media) {
        // It goes altogether by now.
        Err(StoreError::Stale) => Ok(()),
        saved => saved,
    }
}

/// Writes down that the files of `media`, which was on its way out, were removed. The second time
/// nothing is left of it.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn swept(tx: &mut impl MediaRepository, now: &Moment, media: &Media) -> Result<(), StoreError> {
    if media.state == State::Swept {
        return tx.remove_media(media.id);
    }
    tx.drop_parts(media.id)?;
    let expires_at = Some(now.at + SECOND_LOOK);
    let after = Media { state: State::Swept, expires_at, ..media.clone() };
    match tx.save_media(&after, media) {
        // Another replica did it.
        Err(StoreError::Stale) => Ok(()),
        saved => saved,
    }
}
