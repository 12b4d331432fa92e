//! Asking for a code.

use chrono::{DateTime, TimeDelta, Utc};

use super::{ChallengeId, OtpChallenge, OtpRepository, OtpUse, allowance_of, allowance_to, digest};
use crate::{
    Moment, StoreError,
    allowance::{self, Allowances, Rate, TakeError},
    identity::{CitizenRepository, Phone},
    notification::{self, Outbox, Receiver, Sms, SmsBudget, Texted},
    secret::{Digest, Hasher},
};

/// How many codes may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtpRates {
    /// How many codes may be sent to one phone, used or not. Whoever holds a phone cannot use up by
    /// it what is there for all, and nobody's phone rings all night.
    pub phone: Rate,
    /// How many codes that nobody used one source may ask for. A village can share an address:
    /// codes that are used cost it nothing.
    pub unused: Rate,
    /// How many text messages may leave the house.
    pub sms: SmsBudget,
}

/// Somebody who asks for a code.
#[derive(Debug)]
pub struct OtpRequest {
    /// Where to send it.
    pub phone: Phone,
    /// From where they ask.
    pub source: Digest,
    /// For what.
    pub good_for: OtpUse,
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
    /// Whether the message was held back. For the operator alone: whoever asked must not learn
    /// that nobody has an account with the number.
    pub held_back: bool,
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum RequestOtpError {
    /// Codes were asked for too often: for this phone, from this source, or by all together.
    #[error("the next code can be asked for in {} s", retry_after.num_seconds())]
    TooSoon {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TakeError> for RequestOtpError {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::UsedUp { retry_after } => Self::TooSoon { retry_after },
            TakeError::Store(error) => Self::Store(error),
        }
    }
}

/// Sends a code to the phone of whoever asks. The answer is the same whether or not somebody has
/// an account with the number, and so is the work.
///
/// The wait that grows is that of one source: a stranger who asks for codes to somebody's phone does
/// not make its owner wait, who asks from elsewhere, nor voids the code in their hand.
///
/// # Errors
/// [`RequestOtpError::TooSoon`] within the wait after the source's code before, while three codes
/// stand, and where the phone, the source or all together were sent more than `rates` have.
pub fn request_otp(
    tx: &mut (impl OtpRepository + CitizenRepository + Allowances + Outbox),
    hasher: &impl Hasher,
    now: &Moment,
    OtpRequest { phone, source, good_for }: OtpRequest,
    rates: &OtpRates,
) -> Result<OtpSent, RequestOtpError> {
    tx.forget_challenges(now.at - OtpChallenge::REMEMBERED)?;
    // Requests for one phone go one by one from here on.
    allowance::take(tx, now, allowance_to(hasher, &phone), rates.phone)?;
    let sent = tx.challenges_of(&phone)?;
    let before = sent.iter().find(|challenge| challenge.source == source);
    let retry_after = next_code_at(&sent, before, now.at) - now.at;
    if retry_after > TimeDelta::zero() {
        return Err(RequestOtpError::TooSoon { retry_after });
    }
    let id = now.new_id();
    let code = draw_code(now);
    let challenge = OtpChallenge {
        id,
        code: digest(hasher, id, good_for, &code),
        requested_at: now.at,
        streak: before.map_or(1, |before| before.streak.saturating_add(1)),
        tries: 0,
        source,
        phone,
    };
    tx.add_challenge(&challenge)?;
    allowance::take(tx, now, allowance_of(hasher, source), rates.unused)?;
    let receiver = match tx.citizen_by_phone(&challenge.phone)? {
        Some(_) => Receiver::Verified,
        None => Receiver::Unverified,
    };
    let sms = Sms {
        to: challenge.phone.e164(),
        text: good_for.message(&code),
        useful_until: Some(now.at + OtpChallenge::LIFE),
    };
    let sent = notification::text(tx, hasher, now, (id.uuid(), &sms, receiver), &rates.sms)?;
    Ok(OtpSent {
        challenge: id,
        resend_after: challenge.resend_after(),
        expires_in: OtpChallenge::LIFE,
        held_back: sent == Texted::HeldBack,
    })
}

/// When a phone that was `sent` these codes, the newest first, can be sent the next one by the source
/// whose last one was `before`: after the wait, and when fewer than three stand.
fn next_code_at(
    sent: &[OtpChallenge],
    before: Option<&OtpChallenge>,
    at: DateTime<Utc>,
) -> DateTime<Utc> {
    let waited = before.map_or(at, |before| before.requested_at + before.resend_after());
    let mut standing = sent.iter().filter(|challenge| !challenge.is_expired(at));
    let room = standing.nth(OtpChallenge::AT_ONCE - 1).map_or(at, OtpChallenge::expires_at);
    waited.max(room)
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
    fn the_message_fits_one_sms() {
        for good_for in [OtpUse::SignIn, OtpUse::ChangePhone(Uuid::nil().into())] {
            assert!(good_for.message("123456").chars().count() <= 70);
        }
    }
}
