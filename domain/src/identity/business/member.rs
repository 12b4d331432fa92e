//! Who acts for a business: by invitation to their phone.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Agent, Business, BusinessError, BusinessId, BusinessRepository, Deed, MembershipRepository,
    Standing, UnknownName, seat,
};
use crate::{
    Id, Moment, StoreError,
    event::EventLog,
    identity::{Citizen, CitizenId, CitizenRepository, Phone},
    notification::{self, Inbox},
    secret::{Digest, Hasher, Purpose},
};

/// How many members and open invitations a business may have.
const AT_MOST: usize = 100;

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

/// The id of an invitation.
pub type InvitationId = Id<Invitation>;

/// An invitation to act for a business. Whoever signs in with the phone can take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// To which business.
    pub business: BusinessId,
    /// The invited phone, as a keyed digest.
    pub phone: Digest,
    /// As what.
    pub role: MemberRole,
    /// Until when it can be taken.
    pub expires_at: DateTime<Utc>,
}

impl Invitation {
    /// How long an invitation can be taken.
    pub const LIFE: TimeDelta = TimeDelta::days(14);

    fn digest(hasher: &impl Hasher, phone: &Phone) -> Digest {
        hasher.digest(Purpose::InvitedPhone, &[phone.e164().as_bytes()])
    }
}

/// Invites whoever has `phone` to act for the business `id`. Nobody learns whether the phone has an
/// account; where it has, its holder finds a message. A new invitation takes the place of the last.
///
/// # Errors
/// [`BusinessError::NotAllowed`] for members who are no owners.
pub fn invite(
    tx: &mut (impl BusinessRepository + MembershipRepository + CitizenRepository + Inbox + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    agent: &Agent,
    id: BusinessId,
    (phone, role): (&Phone, MemberRole),
) -> Result<Invitation, BusinessError> {
    let seat = seat(tx, agent, id, Deed::Manage)?;
    let business = tx.business(seat.business())?.ok_or(BusinessError::NotFound)?;
    if tx.members(id)?.len() + tx.count_invitations(id, now.at)? >= AT_MOST {
        return Err(BusinessError::TooMany);
    }
    Ok(send_invitation(tx, hasher, now, &business, (phone, role))?)
}

/// Invites whoever has `phone`, and tells them where they have an account.
pub(super) fn send_invitation(
    tx: &mut (impl MembershipRepository + CitizenRepository + Inbox + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    business: &Business,
    (phone, role): (&Phone, MemberRole),
) -> Result<Invitation, StoreError> {
    let id = business.id;
    let invitation = Invitation {
        id: now.new_id(),
        business: id,
        phone: Invitation::digest(hasher, phone),
        role,
        expires_at: now.at + Invitation::LIFE,
    };
    tx.put_invitation(&invitation)?;
    if let Some(invited) = tx.citizen_by_phone(phone)? {
        let text = format!("Bạn được mời tham gia tài khoản doanh nghiệp {}.", business.name);
        let message = ("business.invited", text);
        notification::tell(tx, now, invited.id.uuid(), message, id.uuid())?;
    }
    Ok(invitation)
}

/// The invitations that wait for `citizen`, each with its business.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn invitations_to(
    tx: &mut (impl MembershipRepository + CitizenRepository + BusinessRepository),
    hasher: &impl Hasher,
    now: &Moment,
    citizen: &Citizen,
) -> Result<Vec<(Invitation, Business)>, StoreError> {
    let phone = tx.citizen(citizen.id)?.and_then(|account| account.phone);
    let Some(phone) = phone else { return Ok(Vec::new()) };
    let invitations = tx.invitations_to(Invitation::digest(hasher, &phone), now.at)?;
    let mut found = Vec::new();
    for invitation in invitations {
        if let Some(business) = tx.business(invitation.business)? {
            found.push((invitation, business));
        }
    }
    Ok(found)
}

/// `citizen` takes the invitation `id`. Who is a member already becomes what they were invited as,
/// but no owner is made less by it. A business that had no owner has to be verified with its new
/// one.
///
/// # Errors
/// [`BusinessError::NotFound`] when it is not theirs, or has expired.
pub fn accept(
    tx: &mut (impl MembershipRepository + CitizenRepository + BusinessRepository),
    hasher: &impl Hasher,
    now: &Moment,
    citizen: &Citizen,
    id: InvitationId,
) -> Result<(Business, MemberRole), BusinessError> {
    let (invitation, business) = own_invitation(tx, hasher, now, citizen, id)?;
    let business = tx.hold_business(business.id)?.ok_or(BusinessError::NotFound)?;
    if !tx.remove_invitation(id)? {
        return Err(BusinessError::NotFound);
    }
    let before = tx.member(business.id, citizen.id)?;
    let role = match before {
        Some(Member { role: MemberRole::Owner, .. }) => MemberRole::Owner,
        _ => invitation.role,
    };
    let since = before.map_or(now.at, |member| member.since);
    tx.put_member(business.id, &Member { citizen: citizen.id, role, since })?;
    if (business.standing, role) != (Standing::Ownerless, MemberRole::Owner) {
        return Ok((business, role));
    }
    let owned = Business { standing: Standing::Pending, ..business };
    tx.save_business(&owned, Standing::Ownerless)?;
    Ok((owned, role))
}

/// `citizen` turns the invitation `id` down.
///
/// # Errors
/// [`BusinessError::NotFound`] when it is not theirs, or has expired.
pub fn decline(
    tx: &mut (impl MembershipRepository + CitizenRepository + BusinessRepository),
    hasher: &impl Hasher,
    now: &Moment,
    citizen: &Citizen,
    id: InvitationId,
) -> Result<(), BusinessError> {
    own_invitation(tx, hasher, now, citizen, id)?;
    if tx.remove_invitation(id)? { Ok(()) } else { Err(BusinessError::NotFound) }
}

fn own_invitation(
    tx: &mut (impl MembershipRepository + CitizenRepository + BusinessRepository),
    hasher: &impl Hasher,
    now: &Moment,
    citizen: &Citizen,
    id: InvitationId,
) -> Result<(Invitation, Business), BusinessError> {
    let waiting = invitations_to(tx, hasher, now, citizen)?;
    waiting.into_iter().find(|(mine, _)| mine.id == id).ok_or(BusinessError::NotFound)
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

/// Removes a member: an owner anybody, anybody themselves. One owner stays.
///
/// # Errors
/// [`BusinessError::LastOwner`] when nobody would be left to decide.
pub fn remove_member(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    agent: &Agent,
    id: BusinessId,
    who: CitizenId,
) -> Result<(), BusinessError> {
    let themselves = matches!(agent, Agent::Citizen(citizen) if citizen.id == who);
    tx.hold_business(id)?.ok_or(BusinessError::NotFound)?;
    seat(tx, agent, id, if themselves { Deed::Read } else { Deed::Manage })?;
    let members = tx.members(id)?;
    let leaving = members.iter().find(|member| member.citizen == who);
    let leaving = leaving.ok_or(BusinessError::NotFound)?;
    let owners = members.iter().filter(|member| member.role == MemberRole::Owner).count();
    if leaving.role == MemberRole::Owner && owners == 1 {
        return Err(BusinessError::LastOwner);
    }
    Ok(tx.remove_member(id, who)?)
}
