//! The way through the browser.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq as _;

use super::OidcRepository;
use crate::{
    Moment, StoreError,
    secret::{Digest, Hasher, Purpose, hex},
};

/// The challenge of a secret that the app keeps to itself: its SHA-256 in base64url (method S256
/// of RFC 7636). Who knows the secret is the app that began.
#[derive(Clone, Debug)]
pub struct AppChallenge(String);

impl AppChallenge {
    /// The challenge as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for AppChallenge {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for AppChallenge {}

impl FromStr for AppChallenge {
    type Err = InvalidAppChallenge;

    fn from_str(text: &str) -> Result<Self, InvalidAppChallenge> {
        let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if text.len() == 43 && text.bytes().all(in_alphabet) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidAppChallenge)
        }
    }
}

/// The text is no challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a challenge is a SHA-256 in base64url: 43 characters")]
pub struct InvalidAppChallenge;

/// A sign-in on its way through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcFlow {
    /// What the provider gives back unchanged, as a keyed digest.
    pub state: Digest,
    /// Of the app that began.
    pub app_challenge: AppChallenge,
    /// Where the app waits.
    pub redirect_uri: String,
    /// Until when the browser can come back.
    pub expires_at: DateTime<Utc>,
}

impl OidcFlow {
    /// How long somebody may take at the provider.
    pub const LIFE: TimeDelta = TimeDelta::minutes(10);
}

/// What binds the provider's answer to one sign-in. Made from the state, and kept nowhere.
#[derive(Clone)]
pub struct OidcSecrets {
    /// Comes back in the ID token.
    pub nonce: String,
    /// Proves to the provider that the code was asked for by this service (RFC 7636).
    pub verifier: String,
}

impl OidcSecrets {
    /// The secrets of the sign-in with this `state`.
    #[must_use]
    pub fn of(hasher: &impl Hasher, state: &str) -> Self {
        let secret = |name| hex(&hasher.digest(Purpose::Oidc, &[name, state.as_bytes()]).0);
        Self { nonce: secret(b"nonce"), verifier: secret(b"verifier") }
    }
}

impl fmt::Debug for OidcSecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OidcSecrets(..)")
    }
}

/// Begins a sign-in for an app that waits at `redirect_uri`, and answers its state.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn start_oidc(
    tx: &mut impl OidcRepository,
    hasher: &impl Hasher,
    now: &Moment,
    app_challenge: AppChallenge,
    redirect_uri: String,
) -> Result<String, StoreError> {
    tx.forget_oidc(now.at)?;
    let state = hex(&now.random::<32>());
    tx.add_oidc_flow(&OidcFlow {
        state: digest(hasher, &state),
        app_challenge,
        redirect_uri,
        expires_at: now.at + OidcFlow::LIFE,
    })?;
    Ok(state)
}

/// The sign-in with which the browser comes back from the provider. It comes back once.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn resume_oidc(
    tx: &mut impl OidcRepository,
    hasher: &impl Hasher,
    now: &Moment,
    state: &str,
) -> Result<Option<OidcFlow>, StoreError> {
    let flow = tx.take_oidc_flow(digest(hasher, state))?;
    Ok(flow.filter(|flow| flow.expires_at > now.at))
}

fn digest(hasher: &impl Hasher, state: &str) -> Digest {
    hasher.digest(Purpose::Oidc, &[b"state", state.as_bytes()])
}
