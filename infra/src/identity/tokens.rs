//! Access tokens: signed JWTs (EdDSA, RFC 8037, RFC 9068).

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{
    directory::AgencyCode,
    identity::{Access, Citizen, Principal, Role, Staff},
};
use jsonwebtoken::{Algorithm, Header, Validation, jwk::JwkSet};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Keyring, Revocations, signing::SigningKeys};

/// The type of token, so that no other JWT of ours passes for one.
const TYPE: &str = "at+jwt";
/// Longer texts are no tokens of ours.
const LONGEST: usize = 2048;
/// How many checked tokens are remembered: some 20 MB.
const REMEMBERED: u64 = 50_000;
/// How long a checked token is remembered at most: until it has ended, by whatever clock.
const REMEMBERED_FOR: Duration = Duration::from_secs(620);

/// Signs and checks access tokens, without asking anybody.
///
/// A signature is checked once. Tokens that were found good are remembered by their SHA-256; their
/// times and whether they were revoked are looked at each time.
pub struct Tokens {
    issuer: String,
    audience: String,
    validation: Validation,
    keys: ArcSwap<SigningKeys>,
    good: Cache<[u8; 32], Arc<Access>>,
    revocations: Revocations,
}

impl Tokens {
    /// Tokens signed with the keys in `keys`, from `issuer` for `audience`.
    ///
    /// # Errors
    /// [`TokenError`] when a key cannot be used.
    pub fn new(keys: &Keyring, issuer: &str, audience: &str) -> Result<Self, TokenError> {
        Ok(Self {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            validation: validation(issuer, audience),
            keys: ArcSwap::from_pointee(SigningKeys::new(keys.signing())?),
            good: Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build(),
            revocations: Revocations::default(),
        })
    }

    /// Uses the keys in `keys` from now on. What other keys signed means nothing any more.
    ///
    /// # Errors
    /// [`TokenError`] when a key cannot be used; then everything stays as it is.
    pub fn adopt(&self, keys: &Keyring) -> Result<(), TokenError> {
        self.keys.store(Arc::new(SigningKeys::new(keys.signing())?));
        self.good.invalidate_all();
        Ok(())
    }

    /// The token that says `access`.
    ///
    /// # Errors
    /// [`TokenError`] when it could not be signed.
    pub fn sign(&self, access: &Access) -> Result<String, TokenError> {
        let keys = self.keys.load();
        let key = keys.signer(access.issued_at).ok_or(TokenError::Key)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.id.clone());
        let claims = Claims::new(access, &self.issuer, &self.audience);
        Ok(jsonwebtoken::encode(&header, &claims, &key.signing)?)
    }

    /// The name of the key that signs at `at`.
    #[must_use]
    pub fn signer(&self, at: DateTime<Utc>) -> Option<String> {
        self.keys.load().signer(at).map(|key| key.id.clone())
    }

    /// A detached signature of `content` (RFC 7515, appendix F) by the key that signs at `at`.
    /// `kind` says what is signed, so that no signature of one thing passes for that of another.
    ///
    /// # Errors
    /// [`TokenError`] when it could not be signed.
    pub fn sign_detached(
        &self,
        kind: &str,
        content: &[u8],
        at: DateTime<Utc>,
    ) -> Result<String, TokenError> {
        let keys = self.keys.load();
        let key = keys.signer(at).ok_or(TokenError::Key)?;
        let header = json!({ "alg": "EdDSA", "kid": key.id, "typ": kind }).to_string();
        let header = URL_SAFE_NO_PAD.encode(header);
        let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(content));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &key.signing, Algorithm::EdDSA)?;
        Ok(format!("{header}..{signature}"))
    }

    /// What `token` says, if it is one of ours, in force at `at` and not revoked.
    ///
    /// # Errors
    /// [`InvalidToken`] in every other case.
    pub fn verify(&self, token: &str, at: DateTime<Utc>) -> Result<Access, InvalidToken> {
        if token.len() > LONGEST {
            return Err(InvalidToken);
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        let remembered = self.good.get(&digest);
        let known = remembered.is_some();
        let access = remembered.map_or_else(|| self.signed(token, at).map(Arc::new), Ok)?;
        if !self.stands(&access, at) {
            self.good.invalidate(&digest);
            return Err(InvalidToken);
        }
        if !known {
            self.good.insert(digest, Arc::clone(&access));
        }
        Ok(Arc::unwrap_or_clone(access))
    }

    /// Whether `access`, which was proven before, still counts at `at`.
    #[must_use]
    pub fn stands(&self, access: &Access, at: DateTime<Utc>) -> bool {
        access.is_in_force(at) && !self.revocations.concern(access)
    }

    /// What a token says that one of our keys signed.
    fn signed(&self, token: &str, at: DateTime<Utc>) -> Result<Access, InvalidToken> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| InvalidToken)?;
        let key_id = header.kid.filter(|_| header.typ.as_deref() == Some(TYPE));
        let keys = self.keys.load();
        let key = keys.find(&key_id.ok_or(InvalidToken)?, at).ok_or(InvalidToken)?;
        let decoded = jsonwebtoken::decode::<Claims>(token, &key.verifying, &self.validation)
            .map_err(|_| InvalidToken)?;
        decoded.claims.try_into()
    }

    /// What was revoked, as this process knows it.
    #[must_use]
    pub const fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// The public keys by which others can check the tokens at `at` (RFC 7517).
    #[must_use]
    pub fn public_keys(&self, at: DateTime<Utc>) -> JwkSet {
        self.keys.load().published(at)
    }
}

/// Algorithm, issuer and audience are pinned. The library would compare the times with the system
/// clock; ours is an argument, so that is switched off and done in [`Tokens::verify`].
fn validation(issuer: &str, audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// The claims as they stand in the token.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
    sid: Uuid,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agency: Option<AgencyCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preferred_username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ver: Option<i64>,
}

impl Claims {
    fn new(access: &Access, issuer: &str, audience: &str) -> Self {
        let staff = match &access.principal {
            Principal::Citizen(_) => None,
            Principal::Staff(staff) => Some(staff),
        };
        Self {
            iss: issuer.to_owned(),
            aud: audience.to_owned(),
            sub: access.principal.id(),
            jti: access.id,
            iat: access.issued_at.timestamp(),
            nbf: access.issued_at.timestamp(),
            exp: access.expires_at.timestamp(),
            sid: access.session.uuid(),
            role: access.principal.role(),
            agency: staff.map(|staff| staff.agency.clone()),
            preferred_username: staff.map(|staff| staff.username.clone()),
            ver: staff.map(|staff| staff.version),
        }
    }
}

impl TryFrom<Claims> for Access {
    type Error = InvalidToken;

    fn try_from(claims: Claims) -> Result<Self, InvalidToken> {
        let id = claims.sub;
        let staff = (claims.agency, claims.preferred_username, claims.ver);
        let principal = match (claims.role, staff) {
            (Role::Citizen, (None, None, None)) => Principal::Citizen(Citizen { id: id.into() }),
            (role, (Some(agency), Some(username), Some(version)))
                if Role::STAFF.contains(&role) =>
            {
                let (id, agencies, address) = (id.into(), Arc::default(), None);
                let staff = Staff { id, username, role, agency, agencies, version, address };
                Principal::Staff(staff)
            }
            _ => return Err(InvalidToken),
        };
        if claims.nbf != claims.iat {
            return Err(InvalidToken);
        }
        Ok(Self {
            id: claims.jti,
            principal,
            session: claims.sid.into(),
            issued_at: instant(claims.iat)?,
            expires_at: instant(claims.exp)?,
        })
    }
}

fn instant(seconds: i64) -> Result<DateTime<Utc>, InvalidToken> {
    DateTime::from_timestamp(seconds, 0).ok_or(InvalidToken)
}

/// A token that proves nothing: garbled, expired, not ours. Which of these is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token proves nothing")]
pub struct InvalidToken;

/// Why no token could be signed.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The key is of no use.
    #[error("the signing key cannot be used")]
    Key,
    /// The library refused.
    #[error(transparent)]
    Signing(#[from] jsonwebtoken::errors::Error),
}
