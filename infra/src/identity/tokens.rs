//! Access tokens: signed JWTs (EdDSA, RFC 8037, RFC 9068).

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    directory::AgencyCode,
    identity::{Access, Citizen, Principal, Role, Staff},
};
use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey as _};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Keyring;

/// The type of token, so that no other JWT of ours passes for one.
const TYPE: &str = "at+jwt";
/// Longer texts are no tokens of ours.
const LONGEST: usize = 2048;
/// How far the clocks of two replicas may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// Signs and checks access tokens, without asking anybody.
pub struct Tokens {
    header: Header,
    issuer: String,
    audience: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    public: JwkSet,
}

impl Tokens {
    /// Tokens signed with the key in `keys`, from `issuer` for `audience`.
    ///
    /// # Errors
    /// [`TokenError`] when the key cannot be used.
    pub fn new(keys: &Keyring, issuer: &str, audience: &str) -> Result<Self, TokenError> {
        let key_id = keys.signing().id.to_string();
        let pair = SigningKey::from_bytes(&keys.signing().bytes);
        let secret = pair.to_pkcs8_der().map_err(|_| TokenError::Key)?;
        let verifying = DecodingKey::from_ed_der(pair.verifying_key().as_bytes());
        let mut jwk = Jwk::from_decoding_key(&verifying, Some(Algorithm::EdDSA))?;
        jwk.common.key_id = Some(key_id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self {
            header: Header {
                typ: Some(TYPE.to_owned()),
                kid: Some(key_id),
                ..Header::new(Algorithm::EdDSA)
            },
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            signing: EncodingKey::from_ed_der(secret.as_bytes()),
            verifying,
            validation: validation(issuer, audience),
            public: JwkSet { keys: vec![jwk] },
        })
    }

    /// The token that says `access`.
    ///
    /// # Errors
    /// [`TokenError`] when it could not be signed.
    pub fn sign(&self, access: &Access) -> Result<String, TokenError> {
        let claims = Claims::new(access, &self.issuer, &self.audience);
        Ok(jsonwebtoken::encode(&self.header, &claims, &self.signing)?)
    }

    /// What `token` says, if it is one of ours and in force at `at`.
    ///
    /// # Errors
    /// [`InvalidToken`] in every other case.
    pub fn verify(&self, token: &str, at: DateTime<Utc>) -> Result<Access, InvalidToken> {
        if token.len() > LONGEST {
            return Err(InvalidToken);
        }
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation)
            .map_err(|_| InvalidToken)?;
        if decoded.header.typ != self.header.typ || decoded.header.kid != self.header.kid {
            return Err(InvalidToken);
        }
        let starts = instant(decoded.claims.nbf)? - LEEWAY;
        let access = Access::try_from(decoded.claims)?;
        if (starts..access.expires_at + LEEWAY).contains(&at) {
            Ok(access)
        } else {
            Err(InvalidToken)
        }
    }

    /// The public keys by which others can check the tokens (RFC 7517).
    #[must_use]
    pub const fn public_keys(&self) -> &JwkSet {
        &self.public
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
        }
    }
}

impl TryFrom<Claims> for Access {
    type Error = InvalidToken;

    fn try_from(claims: Claims) -> Result<Self, InvalidToken> {
        let principal = match (claims.role, claims.agency, claims.preferred_username) {
            (Role::Citizen, None, None) => Principal::Citizen(Citizen { id: claims.sub.into() }),
            (role, Some(agency), Some(username)) if Role::STAFF.contains(&role) => {
                let id = claims.sub.into();
                Principal::Staff(Staff { id, username, role, agency, address: None })
            }
            _ => return Err(InvalidToken),
        };
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
