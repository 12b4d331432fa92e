//! From the browser to the app.

use chrono::{DateTime, TimeDelta, Utc};

use super::{AppChallenge, OidcFlow, OidcRepository};
use crate::{
    Id, Moment, StoreError,
    identity::DisplayName,
    secret::{Digest, Hasher, Purpose, hex},
};

/// Somebody as a provider knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcIdentity {
    /// The provider.
    pub issuer: String,
    /// Who it is there; never given to anybody else.
    pub subject: String,
    /// Their number in the register of residents, where the provider tells it.
    pub national_id: Option<String>,
    /// Their name, where the provider tells it.
    pub full_name: Option<DisplayName>,
}

/// Somebody whom the provider vouched for, until the app fetches them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// Its id.
    pub id: Id<HandOver>,
    /// The code that the browser carries to the app, as a keyed digest.
    pub code: Digest,
    /// Of the app that may fetch them.
    pub app_challenge: AppChallenge,
    /// Who it is.
    pub identity: OidcIdentity,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl HandOver {
    /// How long the app may take: as long as somebody needs to type in a code from a text message.
    pub const LIFE: TimeDelta = TimeDelta::minutes(5);
}

/// Lays `identity` ready for the app that began `flow`, and answers the code to fetch it with.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn hand_over(
    tx: &mut impl OidcRepository,
    hasher: &impl Hasher,
    now: &Moment,
    flow: OidcFlow,
    identity: OidcIdentity,
) -> Result<String, StoreError> {
    let code = hex(&now.random::<32>());
    tx.add_hand_over(&HandOver {
        id: now.new_id(),
        code: digest(hasher, &code),
        app_challenge: flow.app_challenge,
        identity,
        expires_at: now.at + HandOver::LIFE,
    })?;
    Ok(code)
}

pub(super) fn digest(hasher: &impl Hasher, code: &str) -> Digest {
    hasher.digest(Purpose::Oidc, &[b"code", code.as_bytes()])
}
