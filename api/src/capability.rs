//! Capability tokens: a prefix that says what for, and a digest that only the service can make.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::secret::Digest;

/// The token as it is given out.
pub(crate) fn write(prefix: &str, digest: Digest) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(digest.0))
}

/// The digest in `token`, where it is a token with this prefix.
pub(crate) fn read(prefix: &str, token: &str) -> Option<Digest> {
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(prefix)?).ok()?;
    bytes.try_into().ok().map(Digest)
}
