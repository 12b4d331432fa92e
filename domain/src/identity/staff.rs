//! People who work for the province.

use std::{fmt, str::FromStr, sync::Arc};

use crate::{
    Moment, StoreError,
    directory::AgencyCode,
    event::EventLog,
    identity::{
        Holder, InvitationRepository, PasswordHash, Revocation, Role, SessionRepository, Staff,
        StaffId,
    },
};

/// The name under which a staff member signs in: 3 to 40 lower-case letters, digits, dots,
/// hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Username {
    type Err = InvalidUsername;

    fn from_str(text: &str) -> Result<Self, InvalidUsername> {
        let fits = (3..=40).contains(&text.len())
            && text.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte)
            });
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidUsername) }
    }
}

impl fmt::Display for Username {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The text is no username.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a username is 3 to 40 lower-case letters, digits, dots, hyphens and underscores")]
pub struct InvalidUsername;

/// What is kept about somebody who works for the province.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    /// Who it is.
    pub id: StaffId,
    /// The name they sign in with.
    pub username: Username,
    /// What they do.
    pub role: Role,
    /// Where they do it.
    pub agency: AgencyCode,
    /// Their password, hashed; absent until they accept their invitation.
    pub password: Option<PasswordHash>,
    /// Whether they may not sign in any more.
    pub disabled: bool,
    /// Whether they exist only to show the service around.
    pub demo: bool,
    /// Grows with each change of what they are or how they prove it.
    pub version: i64,
}

impl StaffMember {
    /// Whether they have to prove themselves by a second factor: those who see emergencies and
    /// those who run the service, unless they exist only for the demonstration.
    #[must_use]
    pub fn needs_second_factor(&self) -> bool {
        !self.demo && self.role.needs_second_factor()
    }

    /// The person as a caller, unless they were disabled.
    #[must_use]
    pub fn active(self) -> Option<Staff> {
        (!self.disabled).then_some(Staff {
            id: self.id,
            username: self.username.0,
            role: self.role,
            agency: self.agency,
            agencies: Arc::default(),
            version: self.version,
            address: None,
        })
    }
}

/// Where staff members are kept.
pub trait StaffRepository {
    /// Adds a staff member.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when the username is taken.
    fn add_staff_member(&mut self, member: &StaffMember) -> Result<(), StoreError>;

    /// The staff member with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn staff_member(&mut self, id: StaffId) -> Result<Option<StaffMember>, StoreError>;

    /// The staff member with this username.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn staff_by_username(&mut self, username: &str) -> Result<Option<StaffMember>, StoreError>;

    /// Whether anybody works here who is not there for the demonstration.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn has_real_staff(&mut self) -> Result<bool, StoreError>;

    /// Saves `member` if the account is still at version `from`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is not.
    fn save_staff_member(&mut self, member: &StaffMember, from: i64) -> Result<(), StoreError>;

    /// Everybody who is there for the demonstration.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn demo_staff(&mut self) -> Result<Vec<StaffMember>, StoreError>;
}

/// Saves what has changed about a staff member. Whatever they were before ends at once: their
/// sessions, their access tokens on every replica, the streams they follow. So does an open
/// invitation, unless they have nothing but that.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed the account since it was read.
pub(super) fn change(
    tx: &mut (impl StaffRepository + SessionRepository + InvitationRepository + EventLog),
    now: &Moment,
    member: StaffMember,
) -> Result<StaffMember, StoreError> {
    let from = member.version;
    let member = StaffMember { version: from + 1, ..member };
    tx.save_staff_member(&member, from)?;
    tx.remove_sessions(Holder::Staff(member.id))?;
    if member.disabled || member.password.is_some() {
        tx.remove_invitation_of(member.id)?;
    }
    Revocation::Staff { id: member.id, version: member.version }.tell(tx, now)?;
    Ok(member)
}

/// Somebody to add to the staff.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// The name to sign in with.
    pub username: Username,
    /// What they will do.
    pub role: Role,
    /// Where they will do it.
    pub agency: AgencyCode,
    /// Their password, hashed.
    pub password: PasswordHash,
}

/// Why nobody was added to the staff.
#[derive(Debug, thiserror::Error)]
pub enum AddStaffError {
    /// Somebody has this username already.
    #[error("the username is taken")]
    UsernameTaken,
    /// The role is not one of people who work for the province.
    #[error("{0} is not a role of staff")]
    NotAStaffRole(Role),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds somebody to the staff.
///
/// # Errors
/// [`AddStaffError`] when the username is taken or the role is none of staff.
pub fn add_staff(
    tx: &mut impl StaffRepository,
    now: &Moment,
    new: NewStaff,
) -> Result<StaffId, AddStaffError> {
    let NewStaff { username, role, agency, password } = new;
    add(tx, now, (username, role, agency), Some(password)).map(|member| member.id)
}

/// Adds somebody who is `username` with a `role` at an `agency`.
pub(super) fn add(
    tx: &mut impl StaffRepository,
    now: &Moment,
    (username, role, agency): (Username, Role, AgencyCode),
    password: Option<PasswordHash>,
) -> Result<StaffMember, AddStaffError> {
    if !Role::STAFF.contains(&role) {
        return Err(AddStaffError::NotAStaffRole(role));
    }
    let id = now.new_id();
    let member = StaffMember {
        id,
        username,
        role,
        agency,
        password,
        disabled: false,
        demo: false,
        version: 1,
    };
    match tx.add_staff_member(&member) {
        Ok(()) => Ok(member),
        Err(StoreError::Duplicate) => Err(AddStaffError::UsernameTaken),
        Err(error) => Err(error.into()),
    }
}
