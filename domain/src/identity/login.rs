//! Signing in as staff, by password and second factor.
//!
//! Whoever changes a password or an authenticator app proves themselves in the same way, by all
//! they have, and not by being signed in somewhere.

use std::net::IpAddr;

use crate::{
    Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::{
        Authenticators, InvitationRepository, LockedOut, LoginTries, Password, PasswordHash,
        Passwords, Principal, SessionRepository, SignedIn, Staff, StaffMember, StaffRepository,
        TotpRepository,
        lockout::{Freedom, Try},
        session::{self, DeviceName},
        staff,
        totp::{self, Second},
    },
    secret::Hasher,
};

/// Somebody who wants to prove that they are a staff member, who may not even exist.
#[derive(Debug)]
pub struct Candidate {
    member: Option<StaffMember>,
    attempt: Try,
    address: IpAddr,
}

/// Counts a try to sign in as `username` from `address`, and finds whom it is about. From the last
/// try that is free of waiting on, each is written down.
///
/// # Errors
/// [`LockedOut::Until`] after too many tries, the same for names that nobody has.
pub fn begin_login(
    tx: &mut (impl StaffRepository + LoginTries + AuditLog),
    hasher: &impl Hasher,
    now: &Moment,
    username: &str,
    address: IpAddr,
) -> Result<Candidate, LockedOut> {
    let attempt = Try::new(hasher, username, address);
    let freedom = attempt.begin(tx, now)?;
    let member = tx.staff_by_username(username)?;
    if freedom == Freedom::UsedUp {
        let subject = member.as_ref().map_or_else(String::new, |member| member.id.to_string());
        audit::record_stranger(tx, now, "staff.guessed_at", &subject, address)?;
    }
    Ok(Candidate { member, attempt, address })
}

/// Proof that somebody typed a staff member's password.
#[derive(Clone, Debug)]
pub struct KnownStaff {
    member: StaffMember,
    attempt: Try,
    address: IpAddr,
}

impl KnownStaff {
    /// Whose password it was.
    #[must_use]
    pub const fn member(&self) -> &StaffMember {
        &self.member
    }

    /// The member as they are now; absent when anything about them changed since the password was
    /// checked.
    pub(super) fn still(
        &self,
        tx: &mut impl StaffRepository,
    ) -> Result<Option<StaffMember>, StoreError> {
        let member = tx.staff_member(self.member.id)?;
        Ok(member.filter(|member| member.version == self.member.version))
    }

    /// Notes that they proved themselves for a `deed`, as the `member` they are now, and answers
    /// them as a caller.
    pub(super) fn proven(
        &self,
        tx: &mut (impl LoginTries + AuditLog),
        now: &Moment,
        member: &StaffMember,
        deed: &str,
    ) -> Result<Option<Staff>, StoreError> {
        let Some(staff) = member.clone().active() else { return Ok(None) };
        let staff = Staff { address: Some(self.address), ..staff };
        self.attempt.succeed(tx, now)?;
        audit::record(tx, now, &staff, deed, &staff.id, None)?;
        Ok(Some(staff))
    }
}

/// Checks a typed password. An unknown, invited or disabled member takes as long to refuse as a
/// wrong password. Slow on purpose: never inside a unit of work.
#[must_use]
pub fn check_password(
    passwords: &impl Passwords,
    candidate: Candidate,
    password: &Password,
) -> Option<KnownStaff> {
    let Candidate { member, attempt, address } = candidate;
    let hash = member.as_ref().and_then(|member| member.password.as_ref());
    let matches = passwords.matches(password, hash.unwrap_or_else(|| passwords.nobody()));
    let member = member.filter(|member| matches && !member.disabled)?;
    Some(KnownStaff { member, attempt, address })
}

/// What came of a proof. A refusal is no error: the unit of work has to commit, so that codes that
/// were used stay so.
#[derive(Debug)]
pub enum Login<T> {
    /// They are who they say.
    Proven(T),
    /// They have an authenticator app and did not say its code.
    CodeMissing,
    /// Their role asks for an authenticator app, and they have none yet.
    EnrolmentMissing,
    /// The code is wrong or was used, or the account was changed meanwhile.
    Refused,
}

/// Signs in a staff member whose password was checked. `code` is of their authenticator app, or a
/// recovery code.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn staff_login(
    tx: &mut (
             impl StaffRepository + SessionRepository + EventLog + LoginTries + TotpRepository + AuditLog
         ),
    authenticators: &impl Authenticators,
    now: &Moment,
    known: &KnownStaff,
    code: Option<&str>,
    device: Option<DeviceName>,
) -> Result<Login<SignedIn>, StoreError> {
    let Some(member) = known.still(tx)? else { return Ok(Login::Refused) };
    match totp::second(tx, authenticators, now, &member, code)? {
        Second::Proven => {}
        Second::None if !member.needs_second_factor() => {}
        Second::None => return Ok(Login::EnrolmentMissing),
        Second::Missing => return Ok(Login::CodeMissing),
        Second::Wrong => return Ok(Login::Refused),
    }
    let Some(staff) = known.proven(tx, now, &member, "staff.signed_in")? else {
        return Ok(Login::Refused);
    };
    session::start(tx, authenticators, now, Principal::Staff(staff), device).map(Login::Proven)
}

/// Changes the password of a staff member whose present one was checked. They are signed out
/// everywhere.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn change_password(
    tx: &mut (
             impl StaffRepository
             + SessionRepository
             + InvitationRepository
             + EventLog
             + LoginTries
             + TotpRepository
             + AuditLog
         ),
    authenticators: &impl Authenticators,
    now: &Moment,
    known: &KnownStaff,
    code: Option<&str>,
    password: PasswordHash,
) -> Result<Login<()>, StoreError> {
    let Some(member) = known.still(tx)? else { return Ok(Login::Refused) };
    match totp::second(tx, authenticators, now, &member, code)? {
        Second::Proven | Second::None => {}
        Second::Missing => return Ok(Login::CodeMissing),
        Second::Wrong => return Ok(Login::Refused),
    }
    known.proven(tx, now, &member, "staff.password_changed")?;
    staff::change(tx, now, StaffMember { password: Some(password), ..member })?;
    Ok(Login::Proven(()))
}
