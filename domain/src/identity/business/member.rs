//! Who acts for a business.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Agent, BusinessError, BusinessId, BusinessRepository, Deed, MembershipRepository, UnknownName,
    invitation, seat,
};
use crate::{
    Moment,
    event::EventLog,
    identity::{CitizenId, CitizenRepository},
    notification::{self, Inbox},
    secret::Hasher,
};

/// Somebody who acts for a business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub citizen: CitizenId,
    /// As what.
    pub role: MemberRole,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What somebody is to a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberRole {
    /// Decides over it.
    Owner,
    /// Acts for it.
    Member,
}

impl MemberRole {
    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Member => "member",
        }
    }
}

impl fmt::Display for MemberRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for MemberRole {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let known = [Self::Owner, Self::Member].into_iter().find(|role| role.as_str() == text);
        known.ok_or_else(|| UnknownName(text.to_owned()))
    }
}

/// Who acts for the business `id`, the first member first.
///
/// # Errors
/// [`BusinessError::NotFound`] for strangers.
pub fn members(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    agent: &Agent,
    id: BusinessId,
) -> Result<Vec<Member>, BusinessError> {
    seat(tx, agent, id, Deed::Read)?;
    Ok(tx.members(id)?)
}

/// Removes a member: an owner anybody, anybody themselves. One owner stays. The invitations go that
/// they made and that were made to them, so that nobody who was removed comes back by one; and who
/// was removed by another is told.
///
/// # Errors
/// [`BusinessError::LastOwner`] when nobody would be left to decide.
pub fn remove_member(
    tx: &mut (impl BusinessRepository + MembershipRepository + CitizenRepository + Inbox + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    agent: &Agent,
    (id, who): (BusinessId, CitizenId),
) -> Result<(), BusinessError> {
    let themselves = matches!(agent, Agent::Citizen(citizen) if citizen.id == who);
    let business = tx.hold_business(id)?.ok_or(BusinessError::NotFound)?;
    seat(tx, agent, id, if themselves { Deed::Read } else { Deed::Manage })?;
    let members = tx.members(id)?;
    let leaving = members.iter().find(|member| member.citizen == who);
    let leaving = leaving.ok_or(BusinessError::NotFound)?;
    let owners = members.iter().filter(|member| member.role == MemberRole::Owner).count();
    if leaving.role == MemberRole::Owner && owners == 1 {
        return Err(BusinessError::LastOwner);
    }
    tx.remove_member(id, who)?;
    invitation::forget(tx, hasher, now, (id, who))?;
    if !themselves {
        let text = format!("Bạn không còn tham gia tài khoản doanh nghiệp {}.", business.name);
        notification::tell(tx, now, who.uuid(), ("business.removed", text), id.uuid())?;
    }
    Ok(())
}
