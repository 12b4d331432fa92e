//! The staff as whoever runs the service sees and changes it.

use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    directory::AgencyCode,
    event::EventLog,
    identity::{
        Administrator, Role, SessionRepository, StaffId, StaffMember, StaffRepository, staff,
    },
};

/// Which part of the staff to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterFilter {
    /// Only with this role.
    pub role: Option<Role>,
    /// Only of this agency.
    pub agency: Option<AgencyCode>,
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

/// Why nothing about a staff member was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangePostError {
    /// There is no such staff member.
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
    /// The role is not one of people who work for the province.
    #[error("{0} is not a role of staff")]
    NotAStaffRole(Role),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes the post of the staff member `id`, whom `by` saw at version `seen`. What they were
/// signed in to ends at once.
///
/// # Errors
/// [`ChangePostError`] says why not.
pub fn change_post(
    tx: &mut (impl StaffRepository + SessionRepository + EventLog + AuditLog),
    now: &Moment,
    by: &Administrator,
    (id, seen): (StaffId, i64),
    change: PostChange,
) -> Result<StaffMember, ChangePostError> {
    if by.staff().id == id {
        return Err(ChangePostError::Oneself);
    }
    let member = tx.staff_member(id)?.ok_or(ChangePostError::NotFound)?;
    if member.version != seen {
        return Err(ChangePostError::Seen { version: member.version });
    }
    let PostChange { role, agency, disabled } = change;
    if let Some(role) = role.filter(|role| !Role::STAFF.contains(role)) {
        return Err(ChangePostError::NotAStaffRole(role));
    }
    let changed = StaffMember {
        role: role.unwrap_or(member.role),
        agency: agency.unwrap_or_else(|| member.agency.clone()),
        disabled: disabled.unwrap_or(member.disabled),
        ..member.clone()
    };
    if changed == member {
        return Ok(member);
    }
    audit::record(tx, now, by.staff(), "staff.changed", id, None)?;
    Ok(staff::change(tx, now, changed)?)
}

/// Disables `member`: they are signed out and cannot sign in any more.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed the account since it was read.
pub fn dismiss(
    tx: &mut (impl StaffRepository + SessionRepository + EventLog),
    now: &Moment,
    member: StaffMember,
) -> Result<StaffMember, StoreError> {
    staff::change(tx, now, StaffMember { disabled: true, ..member })
}
