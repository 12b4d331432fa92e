//! What a person is to businesses, all together: for them to take along.

use super::{
    ApiKey, ApiKeyRepository, Business, BusinessRepository, Invitation, Member,
    MembershipRepository, invitations_to,
};
use crate::{
    Moment, StoreError,
    identity::{Citizen, CitizenRepository},
    secret::Hasher,
};

/// What a person is to businesses.
#[derive(Clone, Debug)]
pub struct OwnBusinesses {
    /// Those they act for, and as what.
    pub memberships: Vec<(Business, Member)>,
    /// The invitations that wait for them, each with its business.
    pub invitations: Vec<(Invitation, Business)>,
    /// The keys that they made, for whichever business.
    pub api_keys: Vec<ApiKey>,
}

/// What `citizen` is to businesses.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn own_businesses(
    tx: &mut (impl BusinessRepository + MembershipRepository + ApiKeyRepository + CitizenRepository),
    hasher: &impl Hasher,
    now: &Moment,
    citizen: &Citizen,
) -> Result<OwnBusinesses, StoreError> {
    Ok(OwnBusinesses {
        memberships: tx.businesses_of(citizen.id)?,
        invitations: invitations_to(tx, hasher, now, citizen)?,
        api_keys: tx.keys_made_by(citizen.id)?,
    })
}
