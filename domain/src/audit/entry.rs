//! One entry of the audit log.

use std::{fmt, net::IpAddr, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Id,
    directory::AgencyCode,
    identity::{Role, Staff},
    secret::{Digest, Hasher, Purpose},
};

/// The id of an entry.
pub type AuditId = Id<AuditEntry>;

/// Something that was done, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Actor,
    /// The thing, a dot, what was done to it: `emergency.claimed`.
    pub action: String,
    /// The id or code of the thing.
    pub subject: String,
    /// What tells who the people are; absent once it was erased.
    pub personal: Option<Personal>,
}

/// What of an entry tells who people are. Everything else in it is ids and codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Personal {
    /// Keeps the digest from being guessed.
    pub salt: [u8; 16],
    /// The name of the actor at that time.
    pub name: String,
    /// From where the actor called.
    pub address: Option<IpAddr>,
    /// Why, in the words of the actor; or what exactly was done.
    pub reason: Option<String>,
}

impl Personal {
    /// The digest that outlives what it was made from, so that the chain still fits without it.
    #[must_use]
    pub(super) fn digest(&self, hasher: &impl Hasher) -> Digest {
        let address = self.address.map(|address| address.to_string()).unwrap_or_default();
        let reason = self.reason.as_deref().unwrap_or_default();
        let parts = [&self.salt, self.name.as_bytes(), address.as_bytes(), reason.as_bytes()];
        hasher.digest(Purpose::AuditPersonal, &parts)
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What kind of actor it is.
    pub kind: ActorKind,
    /// Their id, where they have one.
    pub id: Option<Uuid>,
    /// Their role at that time.
    pub role: Option<Role>,
    /// Their agency at that time.
    pub agency: Option<AgencyCode>,
}

impl Actor {
    /// Whoever gives commands on the machine itself.
    pub const OPERATOR: Self =
        Self { kind: ActorKind::Operator, id: None, role: None, agency: None };
    /// The service, by itself.
    pub const SERVICE: Self = Self { kind: ActorKind::Service, id: None, role: None, agency: None };
}

impl From<&Staff> for Actor {
    fn from(staff: &Staff) -> Self {
        Self {
            kind: ActorKind::Staff,
            id: Some(staff.id.uuid()),
            role: Some(staff.role),
            agency: Some(staff.agency.clone()),
        }
    }
}

/// What kind of actor somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// Somebody who works for the province.
    Staff,
    /// Another system, by API key.
    Machine,
    /// Whoever gives commands on the machine itself.
    Operator,
    /// The service, by itself.
    Service,
}

impl ActorKind {
    const ALL: [Self; 4] = [Self::Staff, Self::Machine, Self::Operator, Self::Service];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Machine => "machine",
            Self::Operator => "operator",
            Self::Service => "service",
        }
    }
}

impl fmt::Display for ActorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for ActorKind {
    type Err = UnknownActorKind;

    fn from_str(text: &str) -> Result<Self, UnknownActorKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownActorKind)
    }
}

/// There is no such kind of actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such kind of actor")]
pub struct UnknownActorKind;
