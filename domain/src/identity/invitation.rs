//! Invitations: somebody becomes staff by a link of their own, and nobody else ever knows their
//! password.

use std::{fmt, net::IpAddr};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::AgencyCode,
    event::EventLog,
    identity::{
        AddStaffError, PasswordHash, Role, SessionRepository, Staff, StaffId, StaffMember,
        StaffRepository, Username, staff,
    },
    secret::{Digest, Hasher, Purpose, hex},
};

/// The token in an invitation's link: 256 random bits, kept only as a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken(String);

impl InvitationToken {
    fn draw(now: &Moment) -> Self {
        Self(format!("ctn_i_{}", hex(&now.random::<32>())))
    }

    /// The token itself, for whoever is invited.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn digest(&self, hasher: &impl Hasher) -> Digest {
        hasher.digest(Purpose::Invitation, &[self.0.as_bytes()])
    }
}

impl From<String> for InvitationToken {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("InvitationToken(..)")
    }
}

/// An invitation that was not accepted yet. A staff member has one at a time, the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its token.
    pub token: Digest,
    /// Who is invited.
    pub staff: StaffId,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Invitation {
    /// How long it can be accepted.
    pub const LIFE: TimeDelta = TimeDelta::days(3);
}

/// Where invitations are kept.
pub trait InvitationRepository {
    /// Puts `invitation` in the place of its staff member's earlier one.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError>;

    /// The invitation with this token.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn invitation(&mut self, token: Digest) -> Result<Option<Invitation>, StoreError>;

    /// Removes an invitation, and answers whether it still stood.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_invitation(&mut self, token: Digest) -> Result<bool, StoreError>;

    /// Removes the invitation of `staff`, if they have one.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_invitation_of(&mut self, staff: StaffId) -> Result<(), StoreError>;
}

/// Somebody who was invited, and the link they need.
#[derive(Debug)]
pub struct Invited {
    /// Who it is.
    pub member: StaffMember,
    /// The token, to hand over in private. It is shown this once.
    pub token: InvitationToken,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// Adds somebody to the staff who will choose their password themselves.
///
/// # Errors
/// [`AddStaffError`] when the username is taken or the role is none of staff.
pub fn invite(
    tx: &mut (impl StaffRepository + InvitationRepository),
    hasher: &impl Hasher,
    now: &Moment,
    post: (Username, Role, AgencyCode),
) -> Result<Invited, AddStaffError> {
    let member = staff::add(tx, now, post, None)?;
    Ok(issue(tx, hasher, now, member)?)
}

/// Invites `member` once more, whose link or password was lost. The password they have counts until
/// they choose the next one.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn invite_again(
    tx: &mut impl InvitationRepository,
    hasher: &impl Hasher,
    now: &Moment,
    member: StaffMember,
) -> Result<Invited, StoreError> {
    issue(tx, hasher, now, member)
}

fn issue(
    tx: &mut impl InvitationRepository,
    hasher: &impl Hasher,
    now: &Moment,
    member: StaffMember,
) -> Result<Invited, StoreError> {
    let token = InvitationToken::draw(now);
    let expires_at = now.at + Invitation::LIFE;
    tx.put_invitation(&Invitation { token: token.digest(hasher), staff: member.id, expires_at })?;
    Ok(Invited { member, token, expires_at })
}

/// Who is invited by `token`, and until when; absent when it means nothing (any more).
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn open_invitation(
    tx: &mut (impl StaffRepository + InvitationRepository),
    hasher: &impl Hasher,
    now: &Moment,
    token: &InvitationToken,
) -> Result<Option<(StaffMember, DateTime<Utc>)>, StoreError> {
    let invitation = tx.invitation(token.digest(hasher))?;
    let Some(invitation) = invitation.filter(|found| now.at < found.expires_at) else {
        return Ok(None);
    };
    let member = tx.staff_member(invitation.staff)?.filter(|member| !member.disabled);
    Ok(member.map(|member| (member, invitation.expires_at)))
}

/// Accepts the invitation with `token`, once, and answers who did; absent when it means nothing
/// (any more). Whoever was signed in with an earlier password is signed out. The caller is at
/// `address`.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn accept_invitation(
    tx: &mut (impl StaffRepository + InvitationRepository + SessionRepository + EventLog + AuditLog),
    hasher: &impl Hasher,
    now: &Moment,
    token: &InvitationToken,
    password: PasswordHash,
    address: IpAddr,
) -> Result<Option<StaffMember>, StoreError> {
    let Some((member, _)) = open_invitation(tx, hasher, now, token)? else { return Ok(None) };
    if !tx.remove_invitation(token.digest(hasher))? {
        return Ok(None);
    }
    let member = staff::change(tx, now, StaffMember { password: Some(password), ..member })?;
    if let Some(staff) = member.clone().active() {
        let staff = Staff { address: Some(address), ..staff };
        audit::record(tx, now, &staff, "staff.invitation_accepted", &staff.id, None)?;
    }
    Ok(Some(member))
}
