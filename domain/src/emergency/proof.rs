//! Who may follow an emergency.

use super::{Emergency, EmergencyId, EmergencyRepository, FollowError};
use crate::identity::CitizenId;

/// Proof that a request comes from the caller of an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerProof {
    /// It carried the token of the emergency with this id.
    Token(EmergencyId),
    /// It carried a citizen's access token.
    Citizen(CitizenId),
}

impl CallerProof {
    /// Whether it is the proof of the caller of `emergency`.
    #[must_use]
    pub fn is_of(self, emergency: &Emergency) -> bool {
        match self {
            Self::Token(of) => of == emergency.id,
            Self::Citizen(citizen) => emergency.evidence.citizen == Some(citizen),
        }
    }
}

/// The emergency that `proof` belongs to.
pub(super) fn own(
    store: &mut impl EmergencyRepository,
    id: EmergencyId,
    proof: CallerProof,
) -> Result<Emergency, FollowError> {
    store.find(id)?.filter(|emergency| proof.is_of(emergency)).ok_or(FollowError::NotFound)
}
