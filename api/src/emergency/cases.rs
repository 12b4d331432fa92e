//! The emergencies that their callers follow, at hand for every answer without asking the store.

use std::sync::Arc;

use domain::emergency::{self, CallerProof, Case, EmergencyId, FollowError};
use infra::{
    database::Database,
    event::{Feed, FeedEvent, Recalled},
};

/// How many are remembered: some 20 MB.
const MOST: u64 = 5_000;

/// The emergencies that are followed, as the event log told of them last.
pub(crate) struct Cases(Recalled<EmergencyId, Case>);

impl Cases {
    /// Kept in step with `feed`.
    pub(crate) fn new(feed: &Arc<Feed>) -> Self {
        Self(Recalled::new(feed, MOST))
    }

    /// The emergency `id`, and the one it is followed under. Whoever asks for the same again costs the
    /// store nothing, unless something has happened to it.
    ///
    /// # Errors
    /// [`FollowError::NotFound`] when the proof is not of this emergency.
    pub(super) async fn find(
        &self,
        database: &Database,
        (id, proof): (EmergencyId, CallerProof),
    ) -> Result<Arc<Case>, FollowError> {
        let read = async || database.read(move |tx| emergency::case(tx, id, proof)).await;
        let case = self.0.get(id, is_about, read).await?;
        if proof.is_of(&case.own) { Ok(case) } else { Err(FollowError::NotFound) }
    }
}

fn is_about(case: &Case, event: &FeedEvent) -> bool {
    [case.own.id, case.leading().id].iter().any(|id| id.uuid() == event.subject)
}
