//! Whether somebody acts for a business, and how far.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{BusinessId, BusinessRepository, KeyScope, Machine, MemberRole, MembershipRepository};
use crate::{
    StoreError,
    allowance::TakeError,
    identity::{Citizen, CitizenId},
};

/// Somebody who may act for a business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agent {
    /// A person, if they are a member.
    Citizen(Citizen),
    /// The business's own system.
    Machine(Machine),
}

impl Agent {
    /// The bare id of the person or of the system's key.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        match self {
            Self::Citizen(citizen) => citizen.id.uuid(),
            Self::Machine(machine) => machine.key().uuid(),
        }
    }
}

/// What can be done with a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Look at it, its members and sites.
    Read,
    /// Say where it is.
    ManageSites,
    /// Report things for it.
    Report,
    /// See what was reported for it.
    ReadReports,
    /// Change it, invite and remove members, give out keys.
    Manage,
}

/// Proof that somebody may do something with a business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    business: BusinessId,
    member: Option<(CitizenId, MemberRole)>,
}

impl Seat {
    /// The business.
    #[must_use]
    pub const fn business(&self) -> BusinessId {
        self.business
    }

    /// What the person is to it; nothing where its system acts.
    #[must_use]
    pub fn role(&self) -> Option<MemberRole> {
        self.member.map(|(_, role)| role)
    }

    /// The person; nobody where its system acts.
    #[must_use]
    pub fn citizen(&self) -> Option<CitizenId> {
        self.member.map(|(citizen, _)| citizen)
    }
}

/// Why something was not done with a business.
#[derive(Debug, thiserror::Error)]
pub enum BusinessError {
    /// There is none, or the caller has nothing to do with it: the same to the one who asks.
    #[error("no such business for this caller")]
    NotFound,
    /// The caller acts for it, but may not do this.
    #[error("only an owner of the business, or a key with the scope for it, may do this")]
    NotAllowed,
    /// The caller has registered it already, or too many.
    #[error("the business is registered already")]
    AlreadyRegistered,
    /// A verified business has this tax code: its owner has to invite the caller.
    #[error("a verified business has this tax code")]
    TaxCodeTaken,
    /// The caller has as many as one may have.
    #[error("no more of these can be had")]
    TooMany,
    /// A business keeps at least one owner.
    #[error("the last owner cannot leave")]
    LastOwner,
    /// Nobody has verified the business.
    #[error("only a verified business may do this")]
    NotVerified,
    /// It was done too often.
    #[error("it can be done again in {} s", retry_after.num_seconds())]
    TooSoon {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// It is not as the officer saw it any more.
    #[error("it is at version {version}")]
    Changed {
        /// What it is at.
        version: i64,
    },
    /// It was decided already.
    #[error("it was decided already")]
    Decided,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TakeError> for BusinessError {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::UsedUp { retry_after } => Self::TooSoon { retry_after },
            TakeError::Store(error) => Self::Store(error),
        }
    }
}

/// The seat from which `agent` may do `deed` with the business `id`.
///
/// # Errors
/// [`BusinessError::NotFound`] for strangers, [`BusinessError::NotAllowed`] for members and keys that
/// may not do this.
pub fn seat(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    agent: &Agent,
    id: BusinessId,
    deed: Deed,
) -> Result<Seat, BusinessError> {
    let (member, allowed) = match agent {
        Agent::Citizen(citizen) => {
            let member = tx.member(id, citizen.id)?.ok_or(BusinessError::NotFound)?;
            let allowed = deed != Deed::Manage || member.role == MemberRole::Owner;
            (Some((member.citizen, member.role)), allowed)
        }
        Agent::Machine(machine) if machine.business() == id => {
            let scope = match deed {
                Deed::Read => Some(KeyScope::BusinessRead),
                Deed::ManageSites => Some(KeyScope::SitesWrite),
                Deed::Report => Some(KeyScope::FeedbackWrite),
                Deed::ReadReports => Some(KeyScope::FeedbackRead),
                Deed::Manage => None,
            };
            (None, scope.is_some_and(|scope| machine.scopes().contains(&scope)))
        }
        Agent::Machine(_) => return Err(BusinessError::NotFound),
    };
    if allowed { Ok(Seat { business: id, member }) } else { Err(BusinessError::NotAllowed) }
}
