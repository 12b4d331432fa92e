//! Keys by which the systems of a business call the service.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Agent, ApiKeyRepository, BusinessError, BusinessId, BusinessRepository, Deed,
    MembershipRepository, Standing, UnknownName, seat,
};
use crate::{
    Id, Moment, StoreError,
    identity::{CitizenId, key_secret},
    secret::{Digest, Hasher},
};

/// The id of a key.
pub type ApiKeyId = Id<ApiKey>;

/// How many keys a business may have.
const AT_MOST: usize = 20;

/// A key, as it is kept: what proves it is a digest only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// For which business it acts.
    pub business: BusinessId,
    /// What its owner calls it.
    pub name: String,
    /// The part of it by which people recognise it.
    pub prefix: String,
    /// The digest of the whole.
    pub secret: Digest,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to ten minutes.
    pub used_at: Option<DateTime<Utc>>,
    /// Who made it.
    pub made_by: Option<CitizenId>,
}

impl ApiKey {
    /// The longest a key can last.
    pub const LONGEST_LIFE: TimeDelta = TimeDelta::days(365);
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyScope {
    /// Look at the business, its members and sites.
    #[serde(rename = "business.read")]
    BusinessRead,
    /// Say where the business is.
    #[serde(rename = "sites.write")]
    SitesWrite,
    /// Report things for the business.
    #[serde(rename = "feedback.write")]
    FeedbackWrite,
    /// See what was reported for the business, and what became of it.
    #[serde(rename = "feedback.read")]
    FeedbackRead,
}

impl KeyScope {
    const ALL: [Self; 4] =
        [Self::BusinessRead, Self::SitesWrite, Self::FeedbackWrite, Self::FeedbackRead];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BusinessRead => "business.read",
            Self::SitesWrite => "sites.write",
            Self::FeedbackWrite => "feedback.write",
            Self::FeedbackRead => "feedback.read",
        }
    }
}

impl fmt::Display for KeyScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for KeyScope {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let known = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        known.ok_or_else(|| UnknownName(text.to_owned()))
    }
}

/// A system of a business, by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    key: ApiKeyId,
    business: BusinessId,
    scopes: Vec<KeyScope>,
}

impl Machine {
    /// Its key.
    #[must_use]
    pub const fn key(&self) -> ApiKeyId {
        self.key
    }

    /// The business for which it acts.
    #[must_use]
    pub const fn business(&self) -> BusinessId {
        self.business
    }

    /// What it may do.
    #[must_use]
    pub fn scopes(&self) -> &[KeyScope] {
        &self.scopes
    }
}

/// A new key, with what proves it: shown once.
pub struct Minted {
    /// The key as it is kept.
    pub key: ApiKey,
    /// The key as its holder sends it.
    pub secret: String,
}

/// Makes a key for the business `id`, for as long as `life` and at most a year.
///
/// # Errors
/// [`BusinessError`] when the caller is no owner, or nobody has verified the business.
pub fn mint(
    tx: &mut (impl BusinessRepository + MembershipRepository + ApiKeyRepository),
    hasher: &impl Hasher,
    now: &Moment,
    agent: &Agent,
    id: BusinessId,
    (name, scopes, life): (String, Vec<KeyScope>, TimeDelta),
) -> Result<Minted, BusinessError> {
    let by = seat(tx, agent, id, Deed::Manage)?;
    let business = tx.hold_business(id)?.ok_or(BusinessError::NotFound)?;
    if business.standing != Standing::Verified {
        return Err(BusinessError::NotVerified);
    }
    if tx.api_keys(id)?.len() >= AT_MOST {
        return Err(BusinessError::TooMany);
    }
    let (prefix, secret) = key_secret::draw(now);
    let key = ApiKey {
        id: now.new_id(),
        business: id,
        name,
        secret: key_secret::digest(hasher, &secret),
        prefix,
        scopes,
        made_at: now.at,
        expires_at: now.at + life.min(ApiKey::LONGEST_LIFE),
        used_at: None,
        made_by: by.citizen(),
    };
    tx.add_api_key(&key)?;
    Ok(Minted { key, secret })
}

/// The keys of the business `id`, the oldest first.
///
/// # Errors
/// [`BusinessError::NotAllowed`] for members who are no owners.
pub fn keys_of(
    tx: &mut (impl BusinessRepository + MembershipRepository + ApiKeyRepository),
    agent: &Agent,
    id: BusinessId,
) -> Result<Vec<ApiKey>, BusinessError> {
    seat(tx, agent, id, Deed::Manage)?;
    Ok(tx.api_keys(id)?)
}

/// Ends a key of the business `id`, at once.
///
/// # Errors
/// [`BusinessError::NotFound`] when it has no such key.
pub fn revoke(
    tx: &mut (impl BusinessRepository + MembershipRepository + ApiKeyRepository),
    agent: &Agent,
    id: BusinessId,
    key: ApiKeyId,
) -> Result<(), BusinessError> {
    seat(tx, agent, id, Deed::Manage)?;
    if tx.remove_api_key(id, key)? { Ok(()) } else { Err(BusinessError::NotFound) }
}

/// Whose key `secret` is, if it is one and has not ended; and whether its use has to be noted. It
/// works while its business is verified.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn authenticate(
    tx: &mut (impl ApiKeyRepository + BusinessRepository),
    hasher: &impl Hasher,
    now: &Moment,
    secret: &str,
) -> Result<Option<(Machine, bool)>, StoreError> {
    let Some(prefix) = key_secret::prefix(secret) else { return Ok(None) };
    let shown = key_secret::digest(hasher, secret);
    let key = tx.api_key_with(prefix)?;
    let proven = key.filter(|key| key.secret == shown && key.expires_at > now.at);
    let Some(key) = proven else { return Ok(None) };
    let business = tx.business(key.business)?;
    let verified = business.filter(|business| business.standing == Standing::Verified);
    Ok(verified.map(|_| {
        let to_be_noted = key_secret::is_use_to_be_noted(key.used_at, now.at);
        (Machine { key: key.id, business: key.business, scopes: key.scopes }, to_be_noted)
    }))
}
