//! The token by which a caller without an account follows their emergency.

use domain::{
    emergency::EmergencyId,
    secret::{Digest, Hasher, Purpose},
};

use crate::capability;

/// What all tokens of emergencies start with.
const PREFIX: &str = "ctn_e_";

/// The token of the emergency `id`: the same each time, made from the id and a key of the service.
pub(super) fn of(hasher: &impl Hasher, id: EmergencyId) -> String {
    capability::write(PREFIX, digest(hasher, id))
}

/// Whether `token` is that of the emergency `id`.
pub(super) fn is_of(hasher: &impl Hasher, id: EmergencyId, token: &str) -> bool {
    capability::read(PREFIX, token) == Some(digest(hasher, id))
}

/// What `token` proves, where it is the token of an emergency.
pub(crate) fn read(token: &str) -> Option<Digest> {
    capability::read(PREFIX, token)
}

fn digest(hasher: &impl Hasher, id: EmergencyId) -> Digest {
    hasher.digest(Purpose::EmergencyToken, &[id.uuid().as_bytes()])
}
