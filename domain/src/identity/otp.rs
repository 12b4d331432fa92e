//! Signing in by phone: a one-time password of six digits, sent by SMS.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Id, Moment, StoreError,
    identity::{
        Citizen, CitizenAccount, CitizenRepository, Phone, Principal, SessionRepository, SignedIn,
        citizen, session,
    },
    notification::{Outbox, Sms},
    secret::{Digest, Hasher, Purpose},
};

/// The id of a challenge.
pub type ChallengeId = Id<OtpChallenge>;

/// A one-time password that was sent to a phone and waits to be typed in.
///
/// A phone has one challenge at a time: the newest takes the place of the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtpChallenge {
    /// Its id, which the phone's owner names together with the code.
    pub id: ChallengeId,
    /// Where the code was sent.
    pub phone: Phone,
    /// The code, as a keyed digest together with the id.
    pub code: Digest,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// How many codes were sent to this phone in a row, this one included, none of them used.
    pub streak: u32,
    /// How many tries were made at the code.
    pub tries: u32,
}

impl OtpChallenge {
    /// How long a code can be used.
    pub const LIFE: TimeDelta = TimeDelta::minutes(5);
    /// How many tries a code has.
    pub const TRIES: u32 = 5;
    /// How long the row of unused codes is remembered.
    pub const REMEMBERED: TimeDelta = TimeDelta::hours(24);
    /// The wait after the first code; it doubles with each further one in a row.
    const FIRST_WAIT: TimeDelta = TimeDelta::seconds(60);
    /// After so many doublings the wait grows no more: 64 minutes.
    const DOUBLINGS: u32 = 6;

    /// How long after this code the next can be asked for.
    #[must_use]
    pub fn resend_after(&self) -> TimeDelta {
        let doublings = self.streak.saturating_sub(1).min(Self::DOUBLINGS);
        Self::FIRST_WAIT * 2_i32.pow(doublings)
    }

    /// Whether the code can no longer be used at `at`.
    #[must_use]
    pub fn is_expired(&self, at: DateTime<Utc>) -> bool {
        at >= self.requested_at + Self::LIFE
    }
}

/// Where challenges are kept.
pub trait OtpRepository {
    /// The challenge of `phone`, usable or not.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn challenge_of(&mut self, phone: &Phone) -> Result<Option<OtpChallenge>, StoreError>;

    /// Puts `challenge` in the place of its phone's challenge `before`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when the phone's challenge is not `before` any more.
    fn put_challenge(
        &mut self,
        challenge: &OtpChallenge,
        before: Option<ChallengeId>,
    ) -> Result<(), StoreError>;

    /// Counts a try at the challenge and answers it, if it stands and had a try left. Counting
    /// and looking are one step, so that tries made at once cannot be more than allowed.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn spend_try(&mut self, id: ChallengeId) -> Result<Option<OtpChallenge>, StoreError>;

    /// Removes a challenge, and answers whether it still stood.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_challenge(&mut self, id: ChallengeId) -> Result<bool, StoreError>;

    /// Removes the challenges that were asked for before `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_challenges(&mut self, at: DateTime<Utc>) -> Result<(), StoreError>;
}

/// What the phone's owner is told about a code on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtpSent {
    /// The challenge to name when typing in the code.
    pub challenge: ChallengeId,
    /// How long to wait before asking for another code.
    pub resend_after: TimeDelta,
    /// How long the code can be used.
    pub expires_in: TimeDelta,
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum RequestOtpError {
    /// The last code went out too short a time ago.
    #[error("the next code can be asked for in {} s", retry_after.num_seconds())]
    TooSoon {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends a code to `phone`, whether or not somebody has an account with it: accounts are not
/// looked at, so nothing can be learned about them.
///
/// # Errors
/// [`RequestOtpError::TooSoon`] within the wait after the code before.
pub fn request_otp(
    tx: &mut (impl OtpRepository + Outbox),
    hasher: &impl Hasher,
    now: &Moment,
    phone: Phone,
) -> Result<OtpSent, RequestOtpError> {
    tx.forget_challenges(now.at - OtpChallenge::REMEMBERED)?;
    let before = tx.challenge_of(&phone)?;
    if let Some(before) = &before {
        let retry_after = before.requested_at + before.resend_after() - now.at;
        if retry_after > TimeDelta::zero() {
            return Err(RequestOtpError::TooSoon { retry_after });
        }
    }
    let id = now.new_id();
    let code = draw_code(now);
    let challenge = OtpChallenge {
        id,
        code: digest(hasher, id, &code),
        requested_at: now.at,
        streak: before.as_ref().map_or(1, |before| before.streak + 1),
        tries: 0,
        phone,
    };
    match tx.put_challenge(&challenge, before.map(|before| before.id)) {
        Err(StoreError::Stale) => {
            return Err(RequestOtpError::TooSoon { retry_after: challenge.resend_after() });
        }
        put => put?,
    }
    tx.send_sms(id.uuid(), &Sms { to: challenge.phone.e164(), text: message(&code) }, now.at)?;
    Ok(OtpSent {
        challenge: id,
        resend_after: challenge.resend_after(),
        expires_in: OtpChallenge::LIFE,
    })
}

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
    /// The challenge is dead: expired, out of tries, used, replaced, or never was.
    Dead,
}

/// Signs in the owner of the phone that `code` was sent to, and makes the account on the first
/// time. `device` is the name of theirs under which the session is listed.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn verify_otp(
    tx: &mut (impl OtpRepository + CitizenRepository + SessionRepository),
    hasher: &impl Hasher,
    now: &Moment,
    (id, code): (ChallengeId, &str),
    device: Option<session::DeviceName>,
) -> Result<OtpVerified, StoreError> {
    let Some(challenge) = tx.spend_try(id)?.filter(|found| !found.is_expired(now.at)) else {
        return Ok(OtpVerified::Dead);
    };
    if challenge.code != digest(hasher, id, code) {
        let tries_left = OtpChallenge::TRIES.saturating_sub(challenge.tries);
        return Ok(OtpVerified::Wrong { tries_left });
    }
    if !tx.remove_challenge(id)? {
        return Ok(OtpVerified::Dead);
    }
    let account = citizen::account_of(tx, now, challenge.phone)?;
    let principal = Principal::Citizen(Citizen { id: account.id });
    let signed_in = session::start(tx, hasher, now, principal, device)?;
    Ok(OtpVerified::SignedIn(Box::new((signed_in, account))))
}

/// Six digits, each code as likely as any other: draws that would favour low ones are drawn
/// again.
fn draw_code(now: &Moment) -> String {
    const CODES: u32 = 1_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let draw = u32::from_be_bytes(now.random());
        if draw < FAIR {
            return format!("{:06}", draw % CODES);
        }
    }
}

/// The digest under which a code is kept: bound to its challenge.
fn digest(hasher: &impl Hasher, id: ChallengeId, code: &str) -> Digest {
    hasher.digest(Purpose::OneTimePassword, &[id.uuid().as_bytes(), code.as_bytes()])
}

/// The text on the phone, short enough for one SMS (70 characters with Vietnamese letters).
fn message(code: &str) -> String {
    format!("{code} là mã đăng nhập của bạn, dùng trong 5 phút. Không đưa cho ai.")
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    };

    use uuid::Uuid;

    use super::*;
    use crate::Entropy;

    /// Draws that begin as high as they can and then count up from zero.
    struct Draws(AtomicU8);

    impl Entropy for Draws {
        fn uuid(&self, _: DateTime<Utc>) -> Uuid {
            Uuid::nil()
        }

        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    #[test]
    fn a_draw_that_would_favour_low_codes_is_drawn_again() {
        let now = Moment::new(DateTime::UNIX_EPOCH, Arc::new(Draws(AtomicU8::new(0xff))));
        assert_eq!(draw_code(&now), "000000", "0xffffffff is passed over");
        assert_eq!(draw_code(&now), "843009", "0x01010101 is taken");
    }

    #[test]
    fn the_wait_doubles_up_to_about_an_hour() {
        let challenge = |streak| OtpChallenge {
            id: Uuid::nil().into(),
            phone: "0912345678".parse().unwrap(),
            code: Digest([0; 32]),
            requested_at: DateTime::UNIX_EPOCH,
            streak,
            tries: 0,
        };
        let waits = [1, 2, 3, 7, 8, u32::MAX].map(|n| challenge(n).resend_after().num_seconds());
        assert_eq!(waits, [60, 120, 240, 3840, 3840, 3840]);
    }

    #[test]
    fn the_message_fits_one_sms() {
        assert!(message("123456").chars().count() <= 70);
    }
}
