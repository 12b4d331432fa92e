//! What the keys of other systems are made of: `ctn_k_`, by what people recognise the key, and what
//! proves it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Moment,
    secret::{Digest, Hasher, Purpose, hex},
};

/// What every key begins with.
const MARK: &str = "ctn_k_";
/// How exactly it is known when a key was last used.
const USE_NOTED_EVERY: TimeDelta = TimeDelta::minutes(10);

/// A new key: the part by which people recognise it, and the whole.
pub(crate) fn draw(now: &Moment) -> (String, String) {
    let prefix = hex(&now.random::<6>());
    let secret = format!("{MARK}{prefix}_{}", hex(&now.random::<32>()));
    (prefix, secret)
}

/// The part of a key by which people recognise it, where `secret` can be one.
pub(crate) fn prefix(secret: &str) -> Option<&str> {
    secret.strip_prefix(MARK)?.split_once('_').map(|(prefix, _)| prefix)
}

/// What is kept of a key.
pub(crate) fn digest(hasher: &impl Hasher, secret: &str) -> Digest {
    hasher.digest(Purpose::ApiKey, &[secret.as_bytes()])
}

/// Whether a use at `at` of a key that was last used at `used_at` has to be noted.
pub(crate) fn is_use_to_be_noted(used_at: Option<DateTime<Utc>>, at: DateTime<Utc>) -> bool {
    used_at.is_none_or(|used| at - used >= USE_NOTED_EVERY)
}
