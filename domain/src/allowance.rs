//! Allowances: how often something may be done, counted in the store and so by all replicas
//! together.
//!
//! The generic cell rate algorithm: each use puts off by one interval the instant at which the
//! allowance will be whole again, and a use is refused while that instant lies too far ahead.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Moment, StoreError, secret::Digest};

/// How often something may be done: so many times at once, and once more each interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    at_once: i32,
    interval: TimeDelta,
}

impl Rate {
    /// As often as anybody likes.
    pub const UNLIMITED: Self = Self { at_once: i32::MAX, interval: TimeDelta::zero() };

    /// `at_once` times at once, and once more each `interval`.
    #[must_use]
    pub fn new(at_once: u16, interval: TimeDelta) -> Self {
        Self { at_once: at_once.into(), interval }
    }

    /// `times` an hour, of which a sixth may come at once; not at all where `times` is zero.
    #[must_use]
    pub fn per_hour(times: u16) -> Self {
        let hour = TimeDelta::hours(1);
        Self::new(times.div_ceil(6), hour / i32::from(times.max(1)))
    }

    /// How long to wait at `at` for the next use of an allowance that is whole at `whole_at`.
    fn wait(self, whole_at: DateTime<Utc>, at: DateTime<Utc>) -> TimeDelta {
        whole_at + self.interval - (at + self.interval * self.at_once)
    }
}

/// Where allowances are kept.
pub trait Allowances {
    /// When the allowance `of` somebody or something will be whole again; no later than `at` where
    /// it is. Nobody else can use it until the unit of work ends.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn hold_allowance(
        &mut self,
        of: Digest,
        at: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError>;

    /// Saves when an allowance that is held will be whole again.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn keep_allowance(&mut self, of: Digest, whole_at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Forgets up to `limit` allowances that are whole at `at`, which is how a new one begins, and
    /// says how many those were.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_allowances(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError>;
}

/// Why something may not be done now.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The allowance is used up.
    #[error("the allowance is used up for {} s", retry_after.num_seconds())]
    UsedUp {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Uses the allowance `of` somebody or something once.
///
/// # Errors
/// [`TakeError::UsedUp`] says how long to wait.
pub fn take(
    tx: &mut impl Allowances,
    now: &Moment,
    of: Digest,
    rate: Rate,
) -> Result<(), TakeError> {
    if rate == Rate::UNLIMITED {
        return Ok(());
    }
    let whole_at = tx.hold_allowance(of, now.at)?.max(now.at);
    let retry_after = rate.wait(whole_at, now.at);
    if retry_after > TimeDelta::zero() {
        return Err(TakeError::UsedUp { retry_after });
    }
    Ok(tx.keep_allowance(of, whole_at + rate.interval)?)
}

/// Undoes one use of the allowance `of` somebody or something.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn give_back(
    tx: &mut impl Allowances,
    now: &Moment,
    of: Digest,
    rate: Rate,
) -> Result<(), StoreError> {
    if rate == Rate::UNLIMITED {
        return Ok(());
    }
    let whole_at = tx.hold_allowance(of, now.at)?;
    tx.keep_allowance(of, whole_at - rate.interval)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::Entropy;

    struct NoChance;

    impl Entropy for NoChance {
        fn uuid(&self, _: DateTime<Utc>) -> Uuid {
            Uuid::nil()
        }

        fn fill(&self, _: &mut [u8]) {}
    }

    /// One allowance, of whatever.
    #[derive(Default)]
    struct One(Option<DateTime<Utc>>);

    impl Allowances for One {
        fn hold_allowance(
            &mut self,
            _: Digest,
            at: DateTime<Utc>,
        ) -> Result<DateTime<Utc>, StoreError> {
            Ok(*self.0.get_or_insert(at))
        }

        fn keep_allowance(&mut self, _: Digest, at: DateTime<Utc>) -> Result<(), StoreError> {
            self.0 = Some(at);
            Ok(())
        }

        fn forget_allowances(&mut self, _: DateTime<Utc>, _: usize) -> Result<usize, StoreError> {
            Ok(0)
        }
    }

    fn at(seconds: i64) -> Moment {
        Moment::new(DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds), Arc::new(NoChance))
    }

    /// How many seconds to wait after a try, none where it was taken.
    fn wait(allowance: &mut One, seconds: i64, rate: Rate) -> i64 {
        match take(allowance, &at(seconds), Digest([0; 32]), rate) {
            Ok(()) => 0,
            Err(TakeError::UsedUp { retry_after }) => retry_after.num_seconds(),
            Err(TakeError::Store(error)) => panic!("{error}"),
        }
    }

    #[test]
    fn some_at_once_then_one_each_interval() {
        let (mut allowance, rate) = (One::default(), Rate::new(3, TimeDelta::seconds(60)));
        let tries = [0, 0, 0, 0, 10, 60, 60, 3600, 3600, 3600, 3600];
        let waits = tries.map(|seconds| wait(&mut allowance, seconds, rate));
        assert_eq!(waits, [0, 0, 0, 60, 50, 0, 60, 0, 0, 0, 60]);
    }

    #[test]
    fn what_is_given_back_can_be_used_again() {
        let (mut allowance, rate) = (One::default(), Rate::new(1, TimeDelta::seconds(60)));
        assert_eq!(wait(&mut allowance, 0, rate), 0);
        give_back(&mut allowance, &at(0), Digest([0; 32]), rate).unwrap();
        assert_eq!(wait(&mut allowance, 0, rate), 0);
        assert_eq!(wait(&mut allowance, 0, rate), 60);
    }

    #[test]
    fn none_an_hour_is_none_at_all() {
        assert!(wait(&mut One::default(), 0, Rate::per_hour(0)) > 0);
        assert_eq!(wait(&mut One::default(), 0, Rate::UNLIMITED), 0);
    }

    proptest! {
        #[test]
        fn an_hour_never_sees_more_than_a_sixth_beyond_its_rate(
            times in 1_u16..2000,
            tries in prop::collection::vec(0_i64..3600, 0..3000),
        ) {
            let (mut allowance, mut tries) = (One::default(), tries);
            tries.sort_unstable();
            let rate = Rate::per_hour(times);
            let taken = tries.into_iter().filter(|&at| taken_at(&mut allowance, at, rate));
            prop_assert!(taken.count() <= usize::from(times + times.div_ceil(6)));
        }
    }

    /// Whether a try was taken.
    fn taken_at(allowance: &mut One, seconds: i64, rate: Rate) -> bool {
        take(allowance, &at(seconds), Digest([0; 32]), rate).is_ok()
    }
}
