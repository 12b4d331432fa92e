//! What becomes of businesses when somebody who decides over them is gone for good.
//!
//! A business without an owner loses its keys and its invitations at once, because nobody answers
//! for them any more. It waits for an officer, who can give it to a new owner, or verify another
//! registration of its tax code.

use super::{
    ApiKeyRepository, Business, BusinessError, BusinessId, BusinessRepository, Invitation, Member,
    MemberRole, MembershipRepository, Standing, invitation, verification,
};
use crate::{
    Moment, StoreError,
    audit::{self, Actor, AuditLog},
    event::EventLog,
    identity::{CitizenId, CitizenRepository, Phone, Registrar},
    notification::{self, Inbox},
    secret::Hasher,
};

/// Whether a business is no more than the word of its last owner, or goes by the number of that
/// person: then it goes with them.
fn goes_with_its_owner(business: &Business, others: &[Member]) -> bool {
    others.is_empty()
        && (business.standing != Standing::Verified || business.tax_code.is_personal())
}

/// Looks after the businesses of `citizen`, who was just hidden: where nobody else owns one, its
/// keys and invitations end, and whoever is left to act for it is told. Answers whether one is left
/// without an owner.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn lose_owner(
    tx: &mut (
             impl BusinessRepository
             + MembershipRepository
             + ApiKeyRepository
             + AuditLog
             + Inbox
             + EventLog
         ),
    now: &Moment,
    citizen: CitizenId,
) -> Result<bool, StoreError> {
    let mut left = false;
    for (business, member) in tx.businesses_of(citizen)? {
        // Of two owners who go at the same time, the second one sees that the first is gone.
        let Some(before) = tx.hold_business(business.id)? else { continue };
        tx.remove_invitations_by(before.id, citizen)?;
        let others = tx.members(before.id)?;
        let owned = others.iter().any(|other| other.role == MemberRole::Owner);
        if member.role != MemberRole::Owner || owned {
            continue;
        }
        tx.remove_api_keys(before.id)?;
        tx.remove_invitations(before.id)?;
        let gone = goes_with_its_owner(&before, &others);
        let standing = if gone { Standing::Rejected } else { Standing::Ownerless };
        let after = Business { standing, reason: None, ..before.clone() };
        tx.save_business(after)?;
        audit::record_of(tx, now, Actor::SERVICE, "business.ownerless", &before.id, None)?;
        for other in others {
            let text = format!(
                "Doanh nghiệp {} không còn chủ tài khoản: các khóa API đã ngừng. Liên hệ cán bộ xã, \
                 phường để được giao lại.",
                before.name
            );
            let message = ("business.ownerless", text);
            notification::tell(tx, now, other.citizen.uuid(), message, before.id.uuid())?;
        }
        left |= !gone;
    }
    Ok(left)
}

/// Removes the businesses that go with `citizen`, who is erased.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn remove_with_owner(
    tx: &mut (impl BusinessRepository + MembershipRepository),
    citizen: CitizenId,
) -> Result<(), StoreError> {
    for (business, _) in tx.businesses_of(citizen)? {
        if business.standing != Standing::Ownerless && tx.members(business.id)?.is_empty() {
            tx.remove_business(business.id)?;
        }
    }
    Ok(())
}

/// Invites whoever has `phone` to own the business `id`, which has no owner. Once they accept, it
/// waits to be verified.
///
/// # Errors
/// [`BusinessError::NotFound`] outside the registrar's area, [`BusinessError::Changed`] when it is at
/// another version, [`BusinessError::Decided`] when it has an owner.
pub fn give(
    tx: &mut (
             impl BusinessRepository
             + MembershipRepository
             + CitizenRepository
             + AuditLog
             + Inbox
             + EventLog
         ),
    hasher: &impl Hasher,
    now: &Moment,
    registrar: &Registrar,
    seen: (BusinessId, i64),
    phone: &Phone,
) -> Result<Invitation, BusinessError> {
    let business = verification::as_seen(tx, registrar, seen)?;
    if business.standing != Standing::Ownerless {
        return Err(BusinessError::Decided);
    }
    audit::record(tx, now, registrar.staff(), "business.given", &business.id, None)?;
    let invited = (phone, MemberRole::Owner, None);
    Ok(invitation::send_invitation(tx, hasher, now, &business, invited)?)
}
