//! Authenticator apps (TOTP, RFC 6238) and the recovery codes that stand in for a lost one.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::{
    Moment, StoreError,
    audit::AuditLog,
    event::EventLog,
    identity::{
        InvitationRepository, KnownStaff, Login, LoginTries, SessionRepository, StaffId,
        StaffMember, StaffRepository, staff,
    },
    secret::{Digest, Hasher, Purpose},
};

/// The secret that a staff member's authenticator app shares with the service.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(pub Vec<u8>);

impl fmt::Debug for TotpSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TotpSecret(..)")
    }
}

/// What is kept of a staff member's authenticator app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totp {
    /// The secret in use.
    pub secret: Option<TotpSecret>,
    /// A secret that waits for the first code that proves that the app has it.
    pub pending: Option<TotpSecret>,
    /// The last step whose code was used: each counts once.
    pub last_step: i64,
}

/// What somebody needs to set up their app. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base32, to type in.
    pub secret: String,
    /// The same as an `otpauth://` address, to show as a picture.
    pub uri: String,
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Enrolment(..)")
    }
}

/// Makes the secrets of authenticator apps, and checks their codes.
pub trait Authenticators: Hasher {
    /// A new secret for `member`, and how their app takes it.
    fn draw(&self, now: &Moment, member: &StaffMember) -> (TotpSecret, Enrolment);

    /// The step whose code this is, among those in force at `at`: the present one and its
    /// neighbours of 30 s.
    fn step(&self, secret: &TotpSecret, code: &str, at: DateTime<Utc>) -> Option<i64>;
}

/// A code that stands in for the app, once: ten characters, 50 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// How many somebody gets.
    pub const COUNT: usize = 10;
    const LENGTH: usize = 10;
    /// Without the letters that look like others (Crockford's base32).
    const ALPHABET: [char; 32] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H',
        'J', 'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
    ];

    fn draw(now: &Moment) -> Self {
        let letter = |byte: u8| Self::ALPHABET.get(usize::from(byte % 32)).copied();
        Self(now.random::<{ Self::LENGTH }>().into_iter().filter_map(letter).collect())
    }

    /// The code in `text`, if it can be one: in any case, with or without hyphens and spaces.
    fn read(text: &str) -> Option<Self> {
        let code: String = text
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect();
        let fits = code.len() == Self::LENGTH && code.chars().all(|c| Self::ALPHABET.contains(&c));
        fits.then_some(Self(code))
    }

    /// The code for its owner's eyes, in two groups.
    #[must_use]
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at(Self::LENGTH / 2);
        format!("{first}-{second}")
    }

    fn digest(&self, hasher: &impl Hasher, staff: StaffId) -> Digest {
        hasher.digest(Purpose::RecoveryCode, &[staff.uuid().as_bytes(), self.0.as_bytes()])
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RecoveryCode(..)")
    }
}

/// Where authenticator apps and recovery codes are kept.
pub trait TotpRepository {
    /// The app of `staff`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn totp_of(&mut self, staff: StaffId) -> Result<Option<Totp>, StoreError>;

    /// Saves the app of `staff`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_totp(&mut self, staff: StaffId, totp: &Totp) -> Result<(), StoreError>;

    /// Marks `step` and all before it as used, and answers whether it was unused. Marking and
    /// looking are one step, so that of two uses at once one is the second.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn spend_step(&mut self, staff: StaffId, step: i64) -> Result<bool, StoreError>;

    /// Removes the app of `staff` and their recovery codes.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_totp(&mut self, staff: StaffId) -> Result<(), StoreError>;

    /// Puts `codes` in the place of the recovery codes of `staff`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_recovery_codes(&mut self, staff: StaffId, codes: &[Digest]) -> Result<(), StoreError>;

    /// Removes a recovery code of `staff`, and answers whether it was one.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn spend_recovery_code(&mut self, staff: StaffId, code: Digest) -> Result<bool, StoreError>;
}

/// What somebody's second factor proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Second {
    /// They have none.
    None,
    /// They have one and said nothing of it.
    Missing,
    /// The code was right, and is used up.
    Proven,
    /// The code was wrong, or had been used.
    Wrong,
}

/// Checks the second factor of `member`.
pub(super) fn second(
    tx: &mut impl TotpRepository,
    authenticators: &impl Authenticators,
    now: &Moment,
    member: &StaffMember,
    code: Option<&str>,
) -> Result<Second, StoreError> {
    let Some(secret) = tx.totp_of(member.id)?.and_then(|totp| totp.secret) else {
        return Ok(Second::None);
    };
    let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
        return Ok(Second::Missing);
    };
    let proven = match RecoveryCode::read(code) {
        Some(recovery) => {
            tx.spend_recovery_code(member.id, recovery.digest(authenticators, member.id))?
        }
        None => match authenticators.step(&secret, code, now.at) {
            Some(step) => tx.spend_step(member.id, step)?,
            None => false,
        },
    };
    Ok(if proven { Second::Proven } else { Second::Wrong })
}

/// A new app that waits for its first code.
pub type Enrolled = Login<Enrolment>;
/// The recovery codes of an app that is in use from now on.
pub type Confirmed = Login<Vec<RecoveryCode>>;

/// Draws a secret for the app of a staff member whose password was checked. Who has an app already
/// proves that, too; it counts until the new one is confirmed.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn enrol_totp(
    tx: &mut (impl StaffRepository + LoginTries + TotpRepository + AuditLog),
    authenticators: &impl Authenticators,
    now: &Moment,
    known: &KnownStaff,
    code: Option<&str>,
) -> Result<Enrolled, StoreError> {
    let Some(member) = known.still(tx)? else { return Ok(Login::Refused) };
    match second(tx, authenticators, now, &member, code)? {
        Second::Proven | Second::None => {}
        Second::Missing => return Ok(Login::CodeMissing),
        Second::Wrong => return Ok(Login::Refused),
    }
    let (secret, enrolment) = authenticators.draw(now, &member);
    let before = tx.totp_of(member.id)?.unwrap_or_default();
    tx.put_totp(member.id, &Totp { pending: Some(secret), ..before })?;
    known.proven(tx, now, &member, "staff.totp_enrolled")?;
    Ok(Login::Proven(enrolment))
}

/// Takes the new app of a staff member into use, whose first `code` proves that it has the secret.
/// They are signed out everywhere and get new recovery codes.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn confirm_totp(
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
    code: &str,
) -> Result<Confirmed, StoreError> {
    let Some(member) = known.still(tx)? else { return Ok(Login::Refused) };
    let Some(pending) = tx.totp_of(member.id)?.and_then(|totp| totp.pending) else {
        return Ok(Login::EnrolmentMissing);
    };
    let Some(last_step) = authenticators.step(&pending, code.trim(), now.at) else {
        return Ok(Login::Refused);
    };
    tx.put_totp(member.id, &Totp { secret: Some(pending), pending: None, last_step })?;
    let codes: Vec<_> = (0..RecoveryCode::COUNT).map(|_| RecoveryCode::draw(now)).collect();
    let digests: Vec<_> = codes.iter().map(|code| code.digest(authenticators, member.id)).collect();
    tx.put_recovery_codes(member.id, &digests)?;
    known.proven(tx, now, &member, "staff.totp_confirmed")?;
    staff::change(tx, now, member)?;
    Ok(Login::Proven(codes))
}

/// Takes the app of `member`, who lost it and all recovery codes, out of use. They are signed out
/// everywhere and enrol anew.
///
/// # Errors
/// [`StoreError::Stale`] when somebody else changed the account since it was read.
pub fn reset_totp(
    tx: &mut (
             impl StaffRepository + SessionRepository + InvitationRepository + EventLog + TotpRepository
         ),
    now: &Moment,
    member: StaffMember,
) -> Result<StaffMember, StoreError> {
    tx.remove_totp(member.id)?;
    staff::change(tx, now, member)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let code = RecoveryCode("0123456789".to_owned());
        assert_eq!(code.shown(), "01234-56789");
        for typed in ["01234-56789", " o1234 56789", "OI23456789", "ol23-45-6789"] {
            assert_eq!(RecoveryCode::read(typed), Some(code.clone()), "{typed}");
        }
        for other in ["123456", "", "0123456789A", "01234-5678U"] {
            assert_eq!(RecoveryCode::read(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read(text in "[0-9A-HJKMNP-TV-Z]{10}") {
            let code = RecoveryCode(text);
            prop_assert_eq!(RecoveryCode::read(&code.shown()), Some(code));
        }

        #[test]
        fn any_text_can_be_typed(text in "\\PC{0,40}") {
            RecoveryCode::read(&text);
        }
    }
}
