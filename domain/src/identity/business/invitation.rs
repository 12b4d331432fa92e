//! Being invited to act for a business, by phone.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Agent, Business, BusinessError, BusinessId, BusinessRepository, Deed, Member, MemberRole,
    MembershipRepository, Standing, seat,
};
use crate::{
    Id, Moment, StoreError,
    allowance::{self, Allowances, Rate},
    event::EventLog,
    identity::{Citizen, CitizenId, CitizenRepository, Phone},
    notification::{self, Inbox},
    secret::{Digest, Hasher, Purpose},
};

/// How many members and open invitations a business may have.
const AT_MOST: usize = 100;

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
    /// Who made it; nobody of the business where an officer did.
    pub invited_by: Option<CitizenId>,
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
/// What a business calls itself is read by whoever it invites: that is for verified ones, and each
/// person invites as often as `rate` has.
///
/// # Errors
/// [`BusinessError::NotAllowed`] for members who are no owners, [`BusinessError::NotVerified`] while
/// nobody has verified the business.
pub fn invite(
    tx: &mut (
             impl BusinessRepository
             + MembershipRepository
             + CitizenRepository
             + Allowances
             + Inbox
             + EventLog
         ),
    hasher: &impl Hasher,
    now: &Moment,
    agent: &Agent,
    id: BusinessId,
    (phone, role, rate): (&Phone, MemberRole, Rate),
) -> Result<Invitation, BusinessError> {
    let by = seat(tx, agent, id, Deed::Manage)?.citizen().ok_or(BusinessError::NotAllowed)?;
    let business = tx.hold_business(id)?.ok_or(BusinessError::NotFound)?;
    if business.standing != Standing::Verified {
        return Err(BusinessError::NotVerified);
    }
    if tx.members(id)?.len() + tx.invitations_of(id, now.at)?.len() >= AT_MOST {
        return Err(BusinessError::TooMany);
    }
    let whose = hasher.digest(Purpose::Allowance, &[b"invitations", by.uuid().as_bytes()]);
    allowance::take(tx, now, whose, rate)?;
    Ok(send_invitation(tx, hasher, now, &business, (phone, role, Some(by)))?)
}

/// Invites whoever has `phone`, and tells them where they have an account, unless they were told of
/// an earlier invitation that they can still take.
pub(super) fn send_invitation(
    tx: &mut (impl MembershipRepository + CitizenRepository + Inbox + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    business: &Business,
    (phone, role, invited_by): (&Phone, MemberRole, Option<CitizenId>),
) -> Result<Invitation, StoreError> {
    let id = business.id;
    let invitation = Invitation {
        id: now.new_id(),
        business: id,
        phone: Invitation::digest(hasher, phone),
        role,
        expires_at: now.at + Invitation::LIFE,
        invited_by,
    };
    let earlier = tx.invitations_to(invitation.phone, now.at)?;
    let was_told = earlier.iter().any(|earlier| earlier.business == id);
    tx.put_invitation(&invitation)?;
    if let Some(invited) = tx.citizen_by_phone(phone)?.filter(|_| !was_told) {
        let text = format!("Bạn được mời tham gia tài khoản doanh nghiệp {}.", business.name);
        let message = ("business.invited", text);
        notification::tell(tx, now, invited.id.uuid(), message, id.uuid())?;
    }
    Ok(invitation)
}

/// The invitations of the business `id` that can be taken, the first made first.
///
/// # Errors
/// [`BusinessError::NotAllowed`] for members who are no owners.
pub fn invitations_of(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    now: &Moment,
    agent: &Agent,
    id: BusinessId,
) -> Result<Vec<Invitation>, BusinessError> {
    seat(tx, agent, id, Deed::Manage)?;
    Ok(tx.invitations_of(id, now.at)?)
}

/// Takes an invitation of the business `id` back.
///
/// # Errors
/// [`BusinessError::NotFound`] when it has no such invitation.
pub fn take_back(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    now: &Moment,
    agent: &Agent,
    (id, invitation): (BusinessId, InvitationId),
) -> Result<(), BusinessError> {
    let open = invitations_of(tx, now, agent, id)?;
    if open.iter().any(|open| open.id == invitation) && tx.remove_invitation(invitation)? {
        Ok(())
    } else {
        Err(BusinessError::NotFound)
    }
}

/// Removes the invitations of a business that were made by `who` and to them.
pub(super) fn forget(
    tx: &mut (impl MembershipRepository + CitizenRepository),
    hasher: &impl Hasher,
    now: &Moment,
    (id, who): (BusinessId, CitizenId),
) -> Result<(), StoreError> {
    tx.remove_invitations_by(id, who)?;
    let Some(phone) = tx.citizen(who)?.and_then(|account| account.phone) else { return Ok(()) };
    for invitation in tx.invitations_to(Invitation::digest(hasher, &phone), now.at)? {
        if invitation.business == id {
            tx.remove_invitation(invitation.id)?;
        }
    }
    Ok(())
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
    Ok((tx.save_business(owned)?, role))
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
