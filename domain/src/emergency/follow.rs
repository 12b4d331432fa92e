//! The caller follows their emergency.

use super::{Emergency, EmergencyId, EmergencyRepository};
use crate::{
    StoreError,
    event::{EventLog, RecordedEvent, Topic},
    identity::CitizenId,
};

/// Proof that a request comes from the caller of an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerProof {
    /// It carried the token of the emergency with this id.
    Token(EmergencyId),
    /// It carried a citizen's access token.
    Citizen(CitizenId),
}

/// An emergency as its caller follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Followed {
    /// The caller's own.
    pub emergency: Emergency,
    /// The one it is followed under.
    pub leading: Option<Emergency>,
    /// What happened so far, oldest first.
    pub timeline: Vec<RecordedEvent>,
}

impl Followed {
    /// The emergency whose progress counts for the caller.
    #[must_use]
    pub fn leading(&self) -> &Emergency {
        self.leading.as_ref().unwrap_or(&self.emergency)
    }
}

/// Why an emergency cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// There is none, or it is another's: the same to the one who asks.
    #[error("no such emergency of this caller")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How the emergency stands that `proof` belongs to.
///
/// # Errors
/// [`FollowError::NotFound`] when the proof is not of this emergency.
pub fn follow(
    store: &mut (impl EmergencyRepository + EventLog),
    id: EmergencyId,
    proof: CallerProof,
) -> Result<Followed, FollowError> {
    let emergency = store
        .find(id)?
        .filter(|emergency| match proof {
            CallerProof::Token(of) => of == emergency.id,
            CallerProof::Citizen(citizen) => emergency.evidence.citizen == Some(citizen),
        })
        .ok_or(FollowError::NotFound)?;
    let leading = match emergency.merged_into {
        Some(leading) => store.find(leading)?,
        None => None,
    };
    let subject = leading.as_ref().unwrap_or(&emergency).id;
    let timeline = store.history(Topic::Emergency, subject.uuid())?;
    Ok(Followed { emergency, leading, timeline })
}
