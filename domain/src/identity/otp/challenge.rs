//! A code on its way, and where it is kept.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Id, StoreError, identity::Phone, secret::Digest};

/// The id of a challenge.
pub type ChallengeId = Id<OtpChallenge>;

/// A one-time password that was sent to a phone and waits to be typed in.
///
/// Up to three stand side by side for a phone, so that nobody voids a code in its owner's hand by
/// asking for another.
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
    /// How many codes were sent to this phone in a row, this one included, that were asked for from
    /// the same source, none of them used.
    pub streak: u32,
    /// How many tries were made at the code.
    pub tries: u32,
    /// From where it was asked for.
    pub source: Digest,
}

impl OtpChallenge {
    /// How long a code can be used.
    pub const LIFE: TimeDelta = TimeDelta::minutes(5);
    /// How many tries a code has.
    pub const TRIES: u32 = 5;
    /// How many stand side by side for a phone.
    pub const AT_ONCE: usize = 3;
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

    /// When the code can no longer be used.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.requested_at + Self::LIFE
    }

    /// Whether the code can no longer be used at `at`.
    #[must_use]
    pub fn is_expired(&self, at: DateTime<Utc>) -> bool {
        at >= self.expires_at()
    }
}

/// Where challenges are kept.
pub trait OtpRepository {
    /// The challenges of `phone`, usable or not, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn challenges_of(&mut self, phone: &Phone) -> Result<Vec<OtpChallenge>, StoreError>;

    /// Adds a challenge beside those that its phone has.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_challenge(&mut self, challenge: &OtpChallenge) -> Result<(), StoreError>;

    /// Counts a try at the challenge and answers it, if it stands and had a try left. Counting
    /// and looking are one step, so that tries made at once cannot be more than allowed.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn spend_try(&mut self, id: ChallengeId) -> Result<Option<OtpChallenge>, StoreError>;

    /// Removes a challenge, with the others that were sent to its phone from its source, and
    /// answers whether it still stood.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_challenge(&mut self, challenge: &OtpChallenge) -> Result<bool, StoreError>;

    /// Removes the challenges that were asked for before `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_challenges(&mut self, at: DateTime<Utc>) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_wait_doubles_up_to_about_an_hour() {
        let challenge = |streak| OtpChallenge {
            id: Uuid::nil().into(),
            phone: "0912345678".parse().unwrap(),
            code: Digest([0; 32]),
            requested_at: DateTime::UNIX_EPOCH,
            streak,
            tries: 0,
            source: Digest([0; 32]),
        };
        let waits = [1, 2, 3, 7, 8, u32::MAX].map(|n| challenge(n).resend_after().num_seconds());
        assert_eq!(waits, [60, 120, 240, 3840, 3840, 3840]);
    }
}
