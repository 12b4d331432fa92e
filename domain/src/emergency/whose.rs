//! Whose emergency it is: how a caller without an account is known again.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Emergency, Status};
use crate::{identity::CitizenId, secret::Digest};

/// How long an identical body is enough, where the first call left nothing better.
const BARE_REPEAT: TimeDelta = TimeDelta::minutes(15);

/// By what a caller can be known again. The first call leaves it with the emergency, every later
/// call under that id brings its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The signed-in caller.
    pub citizen: Option<CitizenId>,
    /// The secret the phone chose.
    pub secret: Option<Digest>,
    /// The idempotency key of the request.
    pub key: Option<Digest>,
    /// Whether the request carried the token of this very emergency.
    pub token: bool,
}

impl Evidence {
    /// Whether there is anything that only the caller can have.
    const fn is_strong(&self) -> bool {
        self.citizen.is_some() || self.secret.is_some() || self.key.is_some()
    }
}

impl Emergency {
    /// Whether whoever brings `evidence` at `at` is the caller of this emergency: by its token, the
    /// same account, secret or idempotency key. Where the first call had none of these, an
    /// identical `call` (the digest of its body) will do for 15 minutes while nobody has claimed
    /// it; and where only positions or a cancellation came so far, the first call to come is it.
    #[must_use]
    pub fn is_of(&self, evidence: &Evidence, call: Option<Digest>, at: DateTime<Utc>) -> bool {
        let ours = &self.evidence;
        let known = evidence.token
            || same(ours.citizen, evidence.citizen)
            || same(ours.secret, evidence.secret)
            || same(ours.key, evidence.key);
        if known || ours.is_strong() {
            return known;
        }
        match self.body {
            None => call.is_some(),
            body => {
                same(body, call)
                    && self.status == Status::Received
                    && at - self.received_at <= BARE_REPEAT
            }
        }
    }
}

/// Whether both are there and equal.
fn same<T: PartialEq + Copy>(ours: Option<T>, theirs: Option<T>) -> bool {
    ours.is_some() && ours == theirs
}
