//! Signing in by OpenID Connect: the provider, and what is kept meanwhile.

mod claims;
mod http;
mod provider;
mod store;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

pub use provider::{InvalidOidc, OidcError, OidcOptions, OidcProvider};

/// The challenge of a verifier (method S256 of RFC 7636).
#[must_use]
pub fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}
