//! Taking from old emergencies what is not needed any more.

use chrono::TimeDelta;

use super::{Part, RecordRepository};
use crate::{Moment, StoreError};

/// For how long after they ended emergencies keep what they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Where callers were.
    pub locations: TimeDelta,
    /// What was said of people's health and of those in a house.
    pub medical: TimeDelta,
    /// Everything that was said, and who said it.
    pub words: TimeDelta,
}

impl Retention {
    fn parts(self) -> [(Part, TimeDelta); 3] {
        [
            (Part::Locations, self.locations.min(self.words)),
            (Part::Medical, self.medical.min(self.words)),
            (Part::Words, self.words),
        ]
    }
}

/// Takes from emergencies that ended long ago what is kept no longer, at most `limit` of each part,
/// and says how many there were of the most. That there was one, and how it was handled, stays. What
/// a legal hold names stays whole until it is lifted.
///
/// # Errors
/// [`StoreError`] when the store cannot do it.
pub fn forget_old(
    store: &mut impl RecordRepository,
    now: &Moment,
    retention: Retention,
    limit: usize,
) -> Result<usize, StoreError> {
    let mut most = 0;
    for (part, kept) in retention.parts() {
        let due = store.due_to_lose(part, now.at - kept, limit)?;
        if !due.is_empty() {
            store.take_part(part, &due, now.at)?;
        }
        most = most.max(due.len());
    }
    Ok(most)
}
