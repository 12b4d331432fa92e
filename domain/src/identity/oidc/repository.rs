//! Where sign-ins by OpenID Connect are kept.

use chrono::{DateTime, Utc};

use super::{HandOver, LinkedId, LinkedIdentity, OidcFlow, OidcIdentity};
use crate::{Moment, StoreError, identity::CitizenId, secret::Digest};

/// Where sign-ins by OpenID Connect are kept, and whose account an identity opens.
pub trait OidcRepository {
    /// Adds a sign-in that begins.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_oidc_flow(&mut self, flow: &OidcFlow) -> Result<(), StoreError>;

    /// Removes the sign-in with this state and answers it. Of two that ask at once, one gets it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn take_oidc_flow(&mut self, state: Digest) -> Result<Option<OidcFlow>, StoreError>;

    /// Adds somebody for the app to fetch.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_hand_over(&mut self, hand_over: &HandOver) -> Result<(), StoreError>;

    /// Removes what lies ready under this code and answers it. Of two that ask at once, one gets
    /// it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn take_hand_over(&mut self, code: Digest) -> Result<Option<HandOver>, StoreError>;

    /// Removes what has expired at `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_oidc(&mut self, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// The account that `identity` opens.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn citizen_of(&mut self, identity: &OidcIdentity) -> Result<Option<CitizenId>, StoreError>;

    /// The identities that open the account of `citizen`, the first linked first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn identities_of(&mut self, citizen: CitizenId) -> Result<Vec<LinkedIdentity>, StoreError>;

    /// Keeps what the provider says of `identity` by now: the name, the number.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn renew_identity(&mut self, identity: &OidcIdentity) -> Result<(), StoreError>;

    /// Lets `identity` open the account of `citizen` from now on.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when it opens an account already.
    fn link(
        &mut self,
        now: &Moment,
        identity: &OidcIdentity,
        citizen: CitizenId,
    ) -> Result<LinkedId, StoreError>;

    /// Lets the identity `id` open the account of `citizen` no more.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn unlink(&mut self, citizen: CitizenId, id: LinkedId) -> Result<(), StoreError>;
}
