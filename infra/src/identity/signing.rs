//! The keys of access tokens: which of them signs, and which are published.
//!
//! A new key is published first and signs once everybody who checks tokens has had the time to
//! fetch it. The one before it stays published until the last token it signed has ended. Both
//! follow from when the keys were made, so that replicas agree without a word.

use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::Access;
use ed25519_dalek::{SigningKey as Ed25519, pkcs8::EncodePrivateKey as _};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    jwk::{Jwk, JwkSet, PublicKeyUse},
};

use super::{TokenError, keyring::Key};

/// The keys of access tokens, the oldest first; never none.
pub(super) struct SigningKeys(Vec<SigningKey>);

/// A key of access tokens, as it is used.
pub(super) struct SigningKey {
    pub(super) id: String,
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    created_at: DateTime<Utc>,
    public: Jwk,
}

impl SigningKeys {
    /// How long a new key is published before it signs: as long as others may keep the published
    /// keys.
    pub(super) const LEAD: TimeDelta = TimeDelta::seconds(300);
    /// How long after its successor was made a key is still published: until the last token that
    /// it signed has ended, by whatever clock.
    pub(super) const KEPT: TimeDelta = TimeDelta::seconds(
        Self::LEAD.num_seconds() + Access::LIFE.num_seconds() + 2 * Access::LEEWAY.num_seconds(),
    );

    /// The keys of a keyring, made ready.
    pub(super) fn new(keys: &[Key]) -> Result<Self, TokenError> {
        let keys: Vec<_> = keys.iter().map(SigningKey::new).collect::<Result<_, _>>()?;
        if keys.is_empty() { Err(TokenError::Key) } else { Ok(Self(keys)) }
    }

    /// The key that signs at `at`: the newest that had its lead, or else the first.
    pub(super) fn signer(&self, at: DateTime<Utc>) -> Option<&SigningKey> {
        let ready = self.0.iter().rev().find(|key| key.created_at + Self::LEAD <= at);
        ready.or_else(|| self.0.first())
    }

    /// The key with this id, if tokens that it signed can still count at `at`.
    pub(super) fn find(&self, id: &str, at: DateTime<Utc>) -> Option<&SigningKey> {
        self.in_use(at).find(|key| key.id == id)
    }

    /// The public halves by which others can check tokens at `at` (RFC 7517).
    pub(super) fn published(&self, at: DateTime<Utc>) -> JwkSet {
        JwkSet { keys: self.in_use(at).map(|key| key.public.clone()).collect() }
    }

    fn in_use(&self, at: DateTime<Utc>) -> impl Iterator<Item = &SigningKey> {
        let successors = self.0.iter().skip(1).map(Some).chain([None]);
        let with_successor = self.0.iter().zip(successors);
        with_successor
            .filter(move |(_, next)| next.is_none_or(|next| at < next.created_at + Self::KEPT))
            .map(|(key, _)| key)
    }
}

impl SigningKey {
    fn new(key: &Key) -> Result<Self, TokenError> {
        let pair = Ed25519::from_bytes(&key.bytes);
        let secret = pair.to_pkcs8_der().map_err(|_| TokenError::Key)?;
        let verifying = DecodingKey::from_ed_der(pair.verifying_key().as_bytes());
        let mut public = Jwk::from_decoding_key(&verifying, Some(Algorithm::EdDSA))?;
        public.common.key_id = Some(key.id.to_string());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self {
            id: key.id.to_string(),
            signing: EncodingKey::from_ed_der(secret.as_bytes()),
            verifying,
            created_at: key.created_at,
            public,
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use zeroize::Zeroizing;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    /// Keys that were made at these seconds, with the numbers as ids.
    fn keys(made: &[u8]) -> SigningKeys {
        let key = |(number, &seconds): (u128, &u8)| Key {
            id: Uuid::from_u128(number),
            bytes: Zeroizing::new([seconds; 32]),
            created_at: at(i64::from(seconds)),
        };
        SigningKeys::new(&(0..).zip(made).map(key).collect::<Vec<_>>()).unwrap()
    }

    fn signer(keys: &SigningKeys, seconds: i64) -> String {
        keys.signer(at(seconds)).unwrap().id.clone()
    }

    #[test]
    fn the_first_key_signs_at_once_and_the_next_after_its_lead() {
        let keys = keys(&[100, 200]);
        let ids = [100, 200, 499, 500, 9000].map(|seconds| signer(&keys, seconds));
        assert_eq!(ids.map(|id| id.ends_with('1')), [false, false, false, true, true]);
    }

    #[test]
    fn a_key_is_published_until_its_last_token_has_ended() {
        let keys = keys(&[0, 100]);
        let published = [100, 1009, 1010].map(|seconds| keys.published(at(seconds)).keys.len());
        assert_eq!(published, [2, 2, 1]);
        let first = Uuid::from_u128(0).to_string();
        assert!(keys.find(&first, at(1009)).is_some());
        assert!(keys.find(&first, at(1010)).is_none());
    }

    #[test]
    fn whatever_signs_is_published() {
        let keys = keys(&[0, 10, 20, 250]);
        for seconds in 250..3000 {
            let signs = signer(&keys, seconds);
            // Until the token that was signed now has ended.
            for later in [0, 300, 609] {
                assert!(keys.find(&signs, at(seconds + later)).is_some(), "{seconds} {later}");
            }
        }
    }

    #[test]
    fn there_is_always_a_key() {
        assert!(SigningKeys::new(&[]).is_err());
    }
}
