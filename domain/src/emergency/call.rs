//! A call as it reaches the rules, and what the one who made it may hear.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Emergency, EmergencyId, Evidence, Reading, Receipt, Report};
use crate::{Moment, secret::Digest};

/// Calls of one source within its window (ten minutes) from which on they are suspect: sorted
/// behind the others of their priority, never refused.
const SUSPECT_AFTER: u32 = 30;
/// Empty calls of one source within its window that each get a case of their own.
const EMPTY_APART: u32 = 20;

/// A call for help, understood as far as it could be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Under which id.
    pub name: CallName,
    /// What was said.
    pub report: Report,
    /// Where the phone is.
    pub reading: Option<Reading>,
    /// The commune at that place, where it could be looked up.
    pub commune: Option<String>,
    /// Who it is from, as far as can be shown.
    pub evidence: Evidence,
    /// The digest of the body it came in.
    pub body: Digest,
    /// Where it came from.
    pub source: CallSource,
}

/// How a call names itself, so that its repetition finds the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallName {
    /// The phone chose an id.
    Given(EmergencyId),
    /// The phone chose no id but an idempotency key: the id follows from it.
    Keyed {
        /// The digest of the key and its scope.
        key: Digest,
        /// Counts up where the key was used before for something that is over by now.
        generation: u32,
    },
    /// It does not, so the server made an id: every such call is a new one.
    Made(EmergencyId),
}

impl CallName {
    /// The id of the emergency.
    #[must_use]
    pub fn id(self) -> EmergencyId {
        match self {
            Self::Given(id) | Self::Made(id) => id,
            Self::Keyed { key, generation } => {
                let name = [key.0.as_slice(), &generation.to_be_bytes()].concat();
                Uuid::new_v5(&Uuid::NAMESPACE_OID, &name).into()
            }
        }
    }

    /// The name to try after `known` was found under this one, if the key was forgotten since.
    pub(super) fn next(self, known: &Emergency, now: &Moment) -> Option<Self> {
        match self {
            Self::Keyed { key, generation } if !known.is_recent(now.at) => {
                Some(Self::Keyed { key, generation: generation.saturating_add(1) })
            }
            _ => None,
        }
    }
}

/// Where calls come from (an account, else an address, and a device), and how many came lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallSource {
    /// The digest of the source; the source itself is not kept.
    pub digest: Digest,
    /// Calls of this source within its window, this one included.
    pub calls: u32,
    /// Those of them that were empty, this one included.
    pub empty_calls: u32,
    /// The latest case of its own that an empty call of this source got.
    pub empty_case: Option<EmergencyId>,
}

impl CallSource {
    /// The same, with the calls of its device where those are more.
    #[must_use]
    pub fn together_with(self, device: Option<Self>) -> Self {
        let calls = device.map_or(0, |device| device.calls);
        Self { calls: self.calls.max(calls), ..self }
    }

    /// Whether so many calls come from here that this one may be abuse.
    #[must_use]
    pub const fn is_suspect(&self) -> bool {
        self.calls > SUSPECT_AFTER
    }

    /// The case that takes an empty call of this source in, where it makes too many.
    #[must_use]
    pub fn folds_into(&self) -> Option<EmergencyId> {
        self.empty_case.filter(|_| self.empty_calls > EMPTY_APART)
    }
}

/// Who was heard under an id.
#[derive(Clone, Debug, PartialEq)]
pub enum Hearing {
    /// The caller: they may know how their emergency stands.
    Caller(Box<Emergency>),
    /// Somebody who could not be shown to be the caller.
    Stranger(Stranger),
}

/// All that a stranger learns: that what they said was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// The id they used.
    pub id: EmergencyId,
    /// The receipt.
    pub receipt: Receipt,
}

impl Hearing {
    /// `emergency`, for its caller.
    pub(super) fn caller(emergency: Emergency) -> Self {
        Self::Caller(Box::new(emergency))
    }
}

impl Stranger {
    /// Whoever uses `id`, before the store was asked what stands under it.
    pub(super) fn named(id: EmergencyId) -> Self {
        Self { id, receipt: Receipt::following(id) }
    }
}

impl From<&Emergency> for Stranger {
    fn from(emergency: &Emergency) -> Self {
        Self { id: emergency.id, receipt: emergency.receipt }
    }
}
