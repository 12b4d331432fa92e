//! Where businesses are kept.

use chrono::{DateTime, Utc};

use super::{
    ApiKey, ApiKeyId, Business, BusinessId, Invitation, InvitationId, Member, Site, SiteId,
};
use crate::{StoreError, identity::CitizenId, secret::Digest, territory::CommuneCode};

/// Where businesses are kept.
pub trait BusinessRepository {
    /// Adds a business, to be found by `tax_lookup`.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when who registers it has done so before.
    fn add_business(&mut self, business: &Business, tax_lookup: Digest) -> Result<(), StoreError>;

    /// The business with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn business(&mut self, id: BusinessId) -> Result<Option<Business>, StoreError>;

    /// The business with this id, which nobody else changes until the unit of work ends.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn hold_business(&mut self, id: BusinessId) -> Result<Option<Business>, StoreError>;

    /// Whether a verified business has this tax code.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn is_verified(&mut self, tax_lookup: Digest) -> Result<bool, StoreError>;

    /// Saves a business, but not its tax code, and answers it at its next version.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is at another version than `business`, [`StoreError::Duplicate`] when another with
    /// its tax code is verified.
    fn save_business(&mut self, business: Business) -> Result<Business, StoreError>;

    /// Those that wait for an officer, to be verified or for a new owner, in one of `communes` or
    /// anywhere, the first registered first, after the place `after`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn businesses_waiting(
        &mut self,
        communes: Option<&[CommuneCode]>,
        after: Option<(DateTime<Utc>, BusinessId)>,
        limit: usize,
    ) -> Result<Vec<Business>, StoreError>;

    /// Removes a business with its members, invitations, sites and keys.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_business(&mut self, id: BusinessId) -> Result<(), StoreError>;
}

/// Where it is kept who acts for a business.
pub trait MembershipRepository {
    /// The businesses of `citizen`, also while they wait to be erased, the first joined first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn businesses_of(&mut self, citizen: CitizenId) -> Result<Vec<(Business, Member)>, StoreError>;

    /// The members of a business, but for those who asked to be erased, the first joined first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn members(&mut self, business: BusinessId) -> Result<Vec<Member>, StoreError>;

    /// One member of a business, unless they asked to be erased.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn member(
        &mut self,
        business: BusinessId,
        citizen: CitizenId,
    ) -> Result<Option<Member>, StoreError>;

    /// Adds a member, or changes what they are.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_member(&mut self, business: BusinessId, member: &Member) -> Result<(), StoreError>;

    /// Removes a member, who is not named as the one who registered it any more either.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_member(&mut self, business: BusinessId, citizen: CitizenId)
    -> Result<(), StoreError>;

    /// Adds an invitation in the place of an earlier one of the same phone.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError>;

    /// The invitations of a business that can be taken at `at`, the first made first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn invitations_of(
        &mut self,
        business: BusinessId,
        at: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError>;

    /// The invitations of a phone that can be taken at `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn invitations_to(
        &mut self,
        phone: Digest,
        at: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError>;

    /// Removes an invitation, and answers whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_invitation(&mut self, id: InvitationId) -> Result<bool, StoreError>;

    /// Removes the invitations of a business that `citizen` made.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_invitations_by(
        &mut self,
        business: BusinessId,
        citizen: CitizenId,
    ) -> Result<(), StoreError>;

    /// Removes all invitations of a business.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_invitations(&mut self, business: BusinessId) -> Result<(), StoreError>;
}

/// Where the sites of businesses are kept.
pub trait SiteRepository {
    /// Adds a site.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_site(&mut self, business: BusinessId, site: &Site) -> Result<(), StoreError>;

    /// The sites of a business, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn sites(&mut self, business: BusinessId) -> Result<Vec<Site>, StoreError>;

    /// Removes a site, and answers whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_site(&mut self, business: BusinessId, site: SiteId) -> Result<bool, StoreError>;
}

/// Where keys are kept.
pub trait ApiKeyRepository {
    /// Adds a key.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError>;

    /// The keys of a business, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn api_keys(&mut self, business: BusinessId) -> Result<Vec<ApiKey>, StoreError>;

    /// The keys that `citizen` made, for whichever business, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn keys_made_by(&mut self, citizen: CitizenId) -> Result<Vec<ApiKey>, StoreError>;

    /// The key with this prefix.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn api_key_with(&mut self, prefix: &str) -> Result<Option<ApiKey>, StoreError>;

    /// Notes that a key was used.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn note_key_use(&mut self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Removes a key, and answers whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_api_key(&mut self, business: BusinessId, id: ApiKeyId) -> Result<bool, StoreError>;

    /// Removes all keys of a business.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_api_keys(&mut self, business: BusinessId) -> Result<(), StoreError>;
}
