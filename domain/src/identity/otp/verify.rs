//! Typing in a code.

use super::{ChallengeId, OtpChallenge, OtpRates, OtpRepository, OtpUse, allowance_of, digest};
use crate::{
    Moment, StoreError,
    allowance::{self, Allowances},
    event::EventLog,
    identity::{
        Citizen, CitizenAccount, CitizenRepository, DeviceName, Phone, Principal,
        SessionRepository, SignedIn, citizen, session,
    },
    secret::Hasher,
};

/// What came of typing in a code. A wrong one is no error: the unit of work has to commit, so
/// that the try counts.
#[derive(Debug)]
pub enum OtpVerified {
    /// The code was right.
    SignedIn(Box<(SignedIn, CitizenAccount)>),
    /// The code was wrong.
    Wrong {
        /// How many more tries the challenge has.
        tries_left: u32,
    },
    /// The challenge is dead: expired, out of tries, used, or never was.
    Dead,
}

/// Signs in the owner of the phone that `code` was sent to, and makes the account on the first
/// time. `device` is the name of theirs under which the session is listed.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn verify_otp(
    tx: &mut (impl OtpRepository + Allowances + CitizenRepository + SessionRepository + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    typed: (ChallengeId, &str),
    device: Option<DeviceName>,
    rates: &OtpRates,
) -> Result<OtpVerified, StoreError> {
    let phone = match prove_phone(tx, hasher, now, typed, OtpUse::SignIn, rates)? {
        PhoneProof::Given(phone) => phone,
        PhoneProof::Wrong { tries_left } => return Ok(OtpVerified::Wrong { tries_left }),
        PhoneProof::Dead => return Ok(OtpVerified::Dead),
    };
    let account = citizen::account_of(tx, now, phone)?;
    let principal = Principal::Citizen(Citizen { id: account.id });
    let signed_in = session::start(tx, hasher, now, principal, device)?;
    Ok(OtpVerified::SignedIn(Box::new((signed_in, account))))
}

/// Whether somebody has a phone in their hands.
pub(in crate::identity) enum PhoneProof {
    /// They typed in what was sent to this one.
    Given(Phone),
    /// The code was wrong.
    Wrong { tries_left: u32 },
    /// The challenge is dead.
    Dead,
}

/// Uses up a challenge by its code, which was sent for this use. A code that is used costs its source
/// nothing; what the phone may be sent, it has cost nevertheless.
pub(in crate::identity) fn prove_phone(
    tx: &mut (impl OtpRepository + Allowances),
    hasher: &impl Hasher,
    now: &Moment,
    (id, code): (ChallengeId, &str),
    good_for: OtpUse,
    rates: &OtpRates,
) -> Result<PhoneProof, StoreError> {
    let Some(challenge) = tx.spend_try(id)?.filter(|found| !found.is_expired(now.at)) else {
        return Ok(PhoneProof::Dead);
    };
    if challenge.code != digest(hasher, id, good_for, code) {
        let tries_left = OtpChallenge::TRIES.saturating_sub(challenge.tries);
        return Ok(PhoneProof::Wrong { tries_left });
    }
    if !tx.remove_challenge(&challenge)? {
        return Ok(PhoneProof::Dead);
    }
    allowance::give_back(tx, now, allowance_of(hasher, challenge.source), rates.unused)?;
    Ok(PhoneProof::Given(challenge.phone))
}
