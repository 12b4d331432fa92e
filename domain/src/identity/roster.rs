//! The staff as whoever runs the service sees and changes it.

use chrono::TimeDelta;

use crate::{
    Moment, StoreError,
    audit::{self, AuditFilter, AuditLog, AuditTrail},
    directory::{AgencyCode, AgencyTree},
    event::EventLog,
    identity::{
        AddStaffError, Administrator, Invitation, InvitationRepository, Invited, Role,
        SessionRepository, StaffId, StaffMember, StaffRepository, TotpRepository, Username,
        invitation, policy::Scope, staff, totp,
    },
    notification::{self, Inbox},
    secret::Hasher,
};

/// What helping somebody who lost their password is called in the audit log.
const RECOVERY: &str = "staff.recovery_begun";
/// What helping somebody who lost their authenticator app is called there.
const TOTP_RESET: &str = "staff.totp_reset";
/// Supervisors of one agency that are told at once.
const SUPERVISORS: usize = 20;
/// How long whoever did the one to somebody cannot do the other: longer than any session lasts, and
/// as long as an invitation.
const APART: TimeDelta = Invitation::LIFE;

/// Which part of the staff to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterFilter {
    /// Only with this role.
    pub role: Option<Role>,
    /// Only of these agencies.
    pub agencies: Scope,
}

/// Lists the staff.
pub trait Roster {
    /// The staff that passes `filter`, by username, after the one called `after`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn roster(
        &mut self,
        filter: &RosterFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<StaffMember>, StoreError>;
}

/// What changes about a staff member; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostChange {
    /// What they do.
    pub role: Option<Role>,
    /// Where they do it.
    pub agency: Option<AgencyCode>,
    /// Whether they may not sign in any more.
    pub disabled: Option<bool>,
}

/// Why nothing was done about a staff member.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// There is none, or none that the caller's agency answers for.
    #[error("no such staff member")]
    NotFound,
    /// They are not as the caller saw them.
    #[error("the account is at version {version} by now")]
    Seen {
        /// The version they are at.
        version: i64,
    },
    /// Nobody changes their own rights, so that somebody is left who can.
    #[error("nobody changes their own post")]
    Oneself,
    /// Whoever takes the password of somebody away does not take their authenticator app, too.
    #[error("somebody else has to do this: the caller reset the other factor lately")]
    Alone,
    /// Nobody's password is taken away without saying why.
    #[error("a reason is missing")]
    ReasonMissing,
    /// The agency is none that the caller's agency answers for.
    #[error("the caller does not answer for this agency")]
    OutOfReach,
    /// Nobody can be added like this.
    #[error(transparent)]
    Add(#[from] AddStaffError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The staff that `by` answers for and that passes `filter`, by username.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn roster(
    tx: &mut impl Roster,
    by: &Administrator,
    filter: RosterFilter,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<StaffMember>, StoreError> {
    let agencies = by.staff().scope().and(filter.agencies);
    tx.roster(&RosterFilter { agencies, ..filter }, after, limit)
}

/// The supervisors who are nearest to `agency`, from it upwards: those of the first agency that has
/// any.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn nearest_supervisors(
    tx: &mut impl Roster,
    agencies: &AgencyTree,
    agency: &AgencyCode,
) -> Result<Vec<StaffMember>, StoreError> {
    let mut agency = agency.clone();
    loop {
        let filter = RosterFilter {
            role: Some(Role::AgencyManager),
            agencies: Scope::Agencies(vec![agency.clone()]),
        };
        let mut supervisors = tx.roster(&filter, None, SUPERVISORS)?;
        supervisors.retain(|member| !member.disabled);
        if !supervisors.is_empty() || agency.is_province() {
            return Ok(supervisors);
        }
        let above = agencies.find(&agency).and_then(|known| known.parent.clone());
        agency = above.unwrap_or_else(AgencyCode::province);
    }
}

/// The staff member `id`, if `by` answers for them.
///
/// # Errors
/// [`RosterError::NotFound`] when not.
pub fn colleague(
    tx: &mut impl StaffRepository,
    by: &Administrator,
    id: StaffId,
) -> Result<StaffMember, RosterError> {
    let member = tx.staff_member(id)?;
    member.filter(|member| by.staff().reaches(&member.agency)).ok_or(RosterError::NotFound)
}

/// Invites somebody to be `username` with a role at an agency.
///
/// # Errors
/// [`RosterError::Add`] when the username is taken or the role is none of staff;
/// [`RosterError::OutOfReach`] when `by` does not answer for the agency.
pub fn hire(
    tx: &mut (impl StaffRepository + InvitationRepository + AuditLog),
    hasher: &impl Hasher,
    now: &Moment,
    by: &Administrator,
    (username, role, agency): (Username, Role, AgencyCode),
) -> Result<Invited, RosterError> {
    if !by.staff().reaches(&agency) {
        return Err(RosterError::OutOfReach);
    }
    let invited = invitation::invite(tx, hasher, now, (username, role, agency))?;
    let post = post(role, &invited.member.agency);
    audit::record(tx, now, by.staff(), "staff.invited", &invited.member.id, Some(&post))?;
    Ok(invited)
}

/// Invites the staff member `id` once more, whose link was lost, or for a `reason` their password.
/// Who has a password is signed out everywhere and told; it counts until they choose the next one,
/// and their authenticator app stays in use.
///
/// # Errors
/// [`RosterError`] says why not.
pub fn hire_again(
    tx: &mut (
             impl StaffRepository
             + SessionRepository
             + InvitationRepository
             + EventLog
             + AuditLog
             + AuditTrail
             + Inbox
         ),
    hasher: &impl Hasher,
    now: &Moment,
    by: &Administrator,
    (id, reason): (StaffId, Option<&str>),
) -> Result<Invited, RosterError> {
    let member = somebody_else(tx, by, id)?;
    if member.password.is_none() {
        audit::record(tx, now, by.staff(), "staff.invited_again", &id, reason)?;
        return Ok(invitation::invite_again(tx, hasher, now, member)?);
    }
    let reason = reason.ok_or(RosterError::ReasonMissing)?;
    has_not_done(tx, now, by, TOTP_RESET, id)?;
    audit::record(tx, now, by.staff(), RECOVERY, &id, Some(reason))?;
    let member = staff::change(tx, now, member)?;
    let told = "Quản trị viên đã cấp cho bạn liên kết để đặt mật khẩu mới, và bạn đã bị đăng xuất \
                ở mọi nơi. Nếu bạn không yêu cầu việc này, hãy báo ngay cho cơ quan của bạn.";
    notification::tell(tx, now, id.uuid(), (RECOVERY, told.to_owned()), id.uuid())?;
    Ok(invitation::invite_again(tx, hasher, now, member)?)
}

/// The staff member `id`, if `by` answers for them and is not they.
fn somebody_else(
    tx: &mut impl StaffRepository,
    by: &Administrator,
    id: StaffId,
) -> Result<StaffMember, RosterError> {
    if by.staff().id == id {
        return Err(RosterError::Oneself);
    }
    colleague(tx, by, id)
}

/// Makes sure that `by` has not done `deed` to the staff member `id` lately.
fn has_not_done(
    tx: &mut impl AuditTrail,
    now: &Moment,
    by: &Administrator,
    deed: &str,
    id: StaffId,
) -> Result<(), RosterError> {
    let filter = AuditFilter {
        actor: Some(by.staff().id.uuid()),
        action: Some(deed.to_owned()),
        subject: Some(id.to_string()),
        from: Some(now.at - APART),
        ..AuditFilter::default()
    };
    if tx.entries(&filter, None, 1)?.is_empty() { Ok(()) } else { Err(RosterError::Alone) }
}

/// Changes the post of the staff member `id`, whom `by` saw at version `seen`. What they were
/// signed in to ends at once.
///
/// # Errors
/// [`RosterError`] says why not.
pub fn change_post(
    tx: &mut (impl StaffRepository + SessionRepository + InvitationRepository + EventLog + AuditLog),
    now: &Moment,
    by: &Administrator,
    (id, seen): (StaffId, i64),
    change: PostChange,
) -> Result<StaffMember, RosterError> {
    let member = somebody_else(tx, by, id)?;
    if member.version != seen {
        return Err(RosterError::Seen { version: member.version });
    }
    let changed = StaffMember {
        role: change.role.unwrap_or(member.role),
        agency: change.agency.unwrap_or_else(|| member.agency.clone()),
        disabled: change.disabled.unwrap_or(member.disabled),
        ..member.clone()
    };
    if !by.staff().reaches(&changed.agency) {
        return Err(RosterError::OutOfReach);
    }
    if !Role::STAFF.contains(&changed.role) {
        return Err(AddStaffError::NotAStaffRole(changed.role).into());
    }
    if changed == member {
        return Ok(member);
    }
    let before = post(member.role, &member.agency);
    let after = post(changed.role, &changed.agency);
    let moved = (before != after).then(|| format!("{before} -> {after}"));
    audit::record(tx, now, by.staff(), deed(&member, &changed), &id, moved.as_deref())?;
    Ok(staff::change(tx, now, changed)?)
}

/// What somebody does, and where, as the audit log says it.
#[must_use]
pub fn post(role: Role, agency: &AgencyCode) -> String {
    format!("{role}, {agency}")
}

/// What a change is called in the audit log.
const fn deed(before: &StaffMember, after: &StaffMember) -> &'static str {
    match (before.disabled, after.disabled) {
        (false, true) => "staff.disabled",
        (true, false) => "staff.enabled",
        _ => "staff.changed",
    }
}

/// Takes the authenticator app of the staff member `id` out of use, who lost it, and tells them.
///
/// # Errors
/// [`RosterError`] says why not: who still has an app replaces it, and who lost it asks somebody
/// else.
pub fn take_totp_away(
    tx: &mut (
             impl StaffRepository
             + SessionRepository
             + InvitationRepository
             + EventLog
             + TotpRepository
             + AuditLog
             + AuditTrail
             + Inbox
         ),
    now: &Moment,
    by: &Administrator,
    id: StaffId,
) -> Result<StaffMember, RosterError> {
    let member = somebody_else(tx, by, id)?;
    has_not_done(tx, now, by, RECOVERY, id)?;
    audit::record(tx, now, by.staff(), TOTP_RESET, &id, None)?;
    let told = "Quản trị viên đã gỡ ứng dụng xác thực của bạn. Nếu bạn không yêu cầu việc này, hãy \
                báo ngay cho cơ quan của bạn.";
    notification::tell(tx, now, id.uuid(), (TOTP_RESET, told.to_owned()), id.uuid())?;
    Ok(totp::reset_totp(tx, now, member)?)
}

/// Disables `member`: they are signed out and cannot sign in any more.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed the account since it was read.
pub fn dismiss(
    tx: &mut (impl StaffRepository + SessionRepository + InvitationRepository + EventLog),
    now: &Moment,
    member: StaffMember,
) -> Result<StaffMember, StoreError> {
    staff::change(tx, now, StaffMember { disabled: true, ..member })
}
