//! Callers whose identity was proven, and what that proof allows.

use std::{fmt, net::IpAddr, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Id,
    directory::{AgencyCode, AgencyTree},
    identity::Holder,
};

/// The id of a citizen.
pub type CitizenId = Id<Citizen>;
/// The id of a staff member.
pub type StaffId = Id<Staff>;

/// A signed-in citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citizen {
    /// Who it is.
    pub id: CitizenId,
}

/// A signed-in staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Who it is.
    pub id: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// What they do.
    pub role: Role,
    /// Where they do it: the role reaches what this agency and those below it answer for.
    pub agency: AgencyCode,
    /// The agencies as they stand while they call. Who knows none reaches no further than their own.
    pub agencies: Arc<AgencyTree>,
    /// Which version of their account this is the proof of. It means nothing any more once the
    /// account has a later one.
    pub version: i64,
    /// The network address they call from, where they call over the network.
    pub address: Option<IpAddr>,
}

/// A signed-in caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A person with the app.
    Citizen(Citizen),
    /// Somebody who works for the province.
    Staff(Staff),
}

impl Principal {
    /// What the caller is to the service.
    #[must_use]
    pub const fn role(&self) -> Role {
        match self {
            Self::Citizen(_) => Role::Citizen,
            Self::Staff(staff) => staff.role,
        }
    }

    /// The bare id of the caller.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Citizen(citizen) => citizen.id.uuid(),
            Self::Staff(staff) => staff.id.uuid(),
        }
    }

    /// Whose sessions the caller's are.
    #[must_use]
    pub const fn holder(&self) -> Holder {
        match self {
            Self::Citizen(citizen) => Holder::Citizen(citizen.id),
            Self::Staff(staff) => Holder::Staff(staff.id),
        }
    }
}

/// What a caller is to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A person with the app.
    Citizen,
    /// Somebody who acts for a business.
    BusinessMember,
    /// The owner of a business account.
    BusinessOwner,
    /// Handles emergency calls.
    Dispatcher,
    /// A unit in the field.
    Responder,
    /// Answers feedback.
    Officer,
    /// Decides what becomes public.
    Moderator,
    /// Supervises an agency.
    AgencyManager,
    /// Runs the service.
    Administrator,
    /// Reads the audit trail.
    Auditor,
    /// Another system, by API key.
    Machine,
}

impl Role {
    /// The roles of people who work for the province.
    pub const STAFF: [Self; 7] = [
        Self::Dispatcher,
        Self::Responder,
        Self::Officer,
        Self::Moderator,
        Self::AgencyManager,
        Self::Administrator,
        Self::Auditor,
    ];

    /// Whether a password alone is too little for it.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Self::Dispatcher | Self::AgencyManager | Self::Administrator)
    }

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::BusinessMember => "business_member",
            Self::BusinessOwner => "business_owner",
            Self::Dispatcher => "dispatcher",
            Self::Responder => "responder",
            Self::Officer => "officer",
            Self::Moderator => "moderator",
            Self::AgencyManager => "agency_manager",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::Machine => "machine",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// There is no role of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such role")]
pub struct UnknownRole;

/// The caller is known but may not do this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the caller's role does not allow this")]
pub struct NotPermitted;

impl TryFrom<Principal> for Citizen {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        match principal {
            Principal::Citizen(citizen) => Ok(citizen),
            Principal::Staff(_) => Err(NotPermitted),
        }
    }
}

impl TryFrom<Principal> for Staff {
    type Error = NotPermitted;

    fn try_from(principal: Principal) -> Result<Self, NotPermitted> {
        match principal {
            Principal::Staff(staff) => Ok(staff),
            Principal::Citizen(_) => Err(NotPermitted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_as_it_is_written() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert_eq!("root".parse::<Role>(), Err(UnknownRole));
    }
}
