//! The token by which a caller without an account follows their emergency.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    emergency::EmergencyId,
    secret::{Digest, Hasher, Purpose},
};

/// What all tokens of emergencies start with.
const PREFIX: &str = "ctn_e_";

/// The token of the emergency `id`: the same each time, made from the id and a key of the service.
pub(super) fn of(hasher: &impl Hasher, id: EmergencyId) -> String {
    let digest = digest(hasher, id);
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(digest.0))
}

/// Whether `token` is that of the emergency `id`.
pub(super) fn is_of(hasher: &impl Hasher, id: EmergencyId, token: &str) -> bool {
    token
        .strip_prefix(PREFIX)
        .and_then(|encoded| URL_SAFE_NO_PAD.decode(encoded).ok())
        .and_then(|bytes| bytes.try_into().ok())
        .is_some_and(|bytes| Digest(bytes) == digest(hasher, id))
}

fn digest(hasher: &impl Hasher, id: EmergencyId) -> Digest {
    hasher.digest(Purpose::EmergencyToken, &[id.uuid().as_bytes()])
}
