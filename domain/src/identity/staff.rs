//! People who work for the province.

use std::{fmt, str::FromStr};

use crate::{
    Moment, StoreError,
    directory::AgencyCode,
    identity::{
        Password, PasswordHash, Passwords, Principal, Role, SessionRepository, SignedIn, Staff,
        StaffId,
        session::{self, DeviceName},
    },
    secret::Hasher,
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
    /// Their password, hashed.
    pub password: PasswordHash,
    /// Whether they may not sign in any more.
    pub disabled: bool,
    /// Whether they exist only to show the service around.
    pub demo: bool,
}

impl StaffMember {
    /// The person as a caller, unless they were disabled.
    #[must_use]
    pub fn active(self) -> Option<Staff> {
        (!self.disabled).then_some(Staff {
            id: self.id,
            username: self.username.0,
            role: self.role,
            agency: self.agency,
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

    /// Saves a staff member's role, agency, password and whether they are disabled.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when they are gone.
    fn save_staff_member(&mut self, member: &StaffMember) -> Result<(), StoreError>;

    /// Disables everybody who is there for the demonstration.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn disable_demo_staff(&mut self) -> Result<(), StoreError>;
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
    if !Role::STAFF.contains(&role) {
        return Err(AddStaffError::NotAStaffRole(role));
    }
    let id = now.new_id();
    let member = StaffMember { id, username, role, agency, password, disabled: false, demo: false };
    match tx.add_staff_member(&member) {
        Ok(()) => Ok(id),
        Err(StoreError::Duplicate) => Err(AddStaffError::UsernameTaken),
        Err(error) => Err(error.into()),
    }
}

/// Proof that somebody typed a staff member's password.
#[derive(Clone, Debug)]
pub struct KnownStaff(StaffMember);

/// Checks a typed password against `member`, the staff member of the typed username if there is
/// one. An unknown or disabled member takes as long to refuse as a wrong password. Slow on
/// purpose: never inside a unit of work.
#[must_use]
pub fn check_password(
    passwords: &impl Passwords,
    member: Option<StaffMember>,
    password: &Password,
) -> Option<KnownStaff> {
    let hash = member.as_ref().map_or_else(|| passwords.nobody(), |member| &member.password);
    let matches = passwords.matches(password, hash);
    member.filter(|member| matches && !member.disabled).map(KnownStaff)
}

/// Signs in a staff member whose password was checked; absent when they were disabled or changed
/// their password since.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn staff_login(
    tx: &mut (impl StaffRepository + SessionRepository),
    hasher: &impl Hasher,
    now: &Moment,
    KnownStaff(known): KnownStaff,
    device: Option<DeviceName>,
) -> Result<Option<SignedIn>, StoreError> {
    let member = tx.staff_member(known.id)?.filter(|member| member.password == known.password);
    let Some(staff) = member.and_then(StaffMember::active) else {
        return Ok(None);
    };
    session::start(tx, hasher, now, Principal::Staff(staff), device).map(Some)
}
