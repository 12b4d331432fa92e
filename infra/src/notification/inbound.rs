//! The signature by which a gateway shows that a message it hands in is its own.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// A message signed longer ago, or that far in the future, may be an old one sent again.
const WINDOW: TimeDelta = TimeDelta::minutes(5);

/// What a gateway says of a message, in headers.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'s> {
    /// The id of the message.
    pub id: &'s str,
    /// When it was signed, in seconds since 1970.
    pub timestamp: &'s str,
    /// Its signatures, with spaces between: `v1,..`.
    pub signatures: &'s str,
}

/// The key that a gateway signs with, by the scheme of Standard Webhooks.
#[derive(Clone)]
pub struct InboundKey(Hmac<Sha256>);

/// The key is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sms_inbound_key: a key in base64, as `openssl rand -base64 32` writes it")]
pub struct InvalidInboundKey;

impl InboundKey {
    /// The key that `text` writes.
    ///
    /// # Errors
    /// [`InvalidInboundKey`] when it is no base64.
    pub fn new(text: &SecretString) -> Result<Self, InvalidInboundKey> {
        let text = text.expose_secret().trim();
        let key = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text));
        let key = key.ok().filter(|key| !key.is_empty()).ok_or(InvalidInboundKey)?;
        Hmac::new_from_slice(&key).map(Self).map_err(|_| InvalidInboundKey)
    }

    /// Whether `body` was signed by the holder of this key, and just now.
    #[must_use]
    pub fn has_signed(&self, signed: Signed<'_>, body: &[u8], now: DateTime<Utc>) -> bool {
        let at = signed.timestamp.parse().ok().and_then(|at| DateTime::from_timestamp(at, 0));
        let fresh = at.is_some_and(|at| (now - at).abs() <= WINDOW);
        let mut mac = self.0.clone();
        mac.update(format!("{}.{}.", signed.id, signed.timestamp).as_bytes());
        mac.update(body);
        let ours = |signature: &str| {
            let sent = STANDARD.decode(signature.strip_prefix("v1,").unwrap_or_default());
            sent.is_ok_and(|sent| mac.clone().verify_slice(&sent).is_ok())
        };
        fresh && signed.signatures.split(' ').any(ours)
    }
}
