//! The token by which a reporter follows a report.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::secret::Digest;

const PREFIX: &str = "ctn_f_";

/// The token as it is given out.
pub(super) fn write(token: Digest) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(token.0))
}

/// The token in `text`, where it is one.
pub(super) fn read(text: &str) -> Option<Digest> {
    let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
    bytes.try_into().ok().map(Digest)
}
