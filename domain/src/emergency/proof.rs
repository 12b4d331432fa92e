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

/// The emergency that `proof` belongs to.
pub(super) fn own(
    store: &mut impl EmergencyRepository,
    id: EmergencyId,
    proof: CallerProof,
) -> Result<Emergency, FollowError> {
    let belongs = |emergency: &Emergency| match proof {
        CallerProof::Token(of) => of == emergency.id,
        CallerProof::Citizen(citizen) => emergency.evidence.citizen == Some(citizen),
    };
    store.find(id)?.filter(belongs).ok_or(FollowError::NotFound)
}
