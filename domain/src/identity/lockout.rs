//! Lock-out: who guesses passwords has to wait, longer and longer.
//!
//! Tries are counted by account and source, so that a stranger cannot lock anybody out of where
//! they work. Tries at an account from everywhere are counted, too, but hold up only sources from
//! which nobody has signed in to it before. A name that nobody has is counted like any other.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Moment, StoreError,
    secret::{Digest, Hasher, Purpose},
};

/// The tries at one account from one source, or from everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many in a row have failed, or are not over yet.
    pub failures: u32,
    /// When the last one was made.
    pub last_at: DateTime<Utc>,
    /// When one succeeded last.
    pub succeeded_at: Option<DateTime<Utc>>,
}

impl Tries {
    /// How many from one source are free of waiting.
    const FREE: u32 = 5;
    /// How many from everywhere are free of waiting.
    const FREE_EVERYWHERE: u32 = 100;
    /// The first wait; it doubles with each further try.
    const FIRST_WAIT: TimeDelta = TimeDelta::seconds(30);
    /// After so many doublings the wait grows no more: 16 minutes.
    const DOUBLINGS: u32 = 5;
    /// How long failures are remembered.
    pub const REMEMBERED: TimeDelta = TimeDelta::hours(24);
    /// How long a source is trusted from which somebody signed in.
    pub const TRUSTED: TimeDelta = TimeDelta::days(90);

    const fn none(at: DateTime<Utc>) -> Self {
        Self { failures: 0, last_at: at, succeeded_at: None }
    }

    /// The tries as they still count at `at`.
    fn counting(self, at: DateTime<Utc>) -> Self {
        let failures = if self.last_at + Self::REMEMBERED < at { 0 } else { self.failures };
        Self { failures, ..self }
    }

    /// How long the next try has to wait at `at`, where `free` are free of waiting.
    fn wait(self, free: u32, at: DateTime<Utc>) -> Option<TimeDelta> {
        let doublings = self.failures.checked_sub(free)?.min(Self::DOUBLINGS);
        let left = self.last_at + Self::FIRST_WAIT * 2_i32.pow(doublings) - at;
        (left > TimeDelta::zero()).then_some(left)
    }

    fn is_trusted(self, at: DateTime<Utc>) -> bool {
        self.succeeded_at.is_some_and(|succeeded_at| at < succeeded_at + Self::TRUSTED)
    }

    fn with_one_more(self, at: DateTime<Utc>) -> Self {
        Self { failures: self.failures.saturating_add(1), last_at: at, ..self }
    }

    fn less(self, failures: u32) -> Self {
        Self { failures: self.failures.saturating_sub(failures), ..self }
    }
}

/// Where tries are kept.
pub trait LoginTries {
    /// The tries at `account` from `source`. Others who ask for those at `account` wait until this
    /// unit of work is over.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn login_tries(&mut self, account: Digest, source: Digest)
    -> Result<Option<Tries>, StoreError>;

    /// Saves the tries at `account` from `source`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_login_tries(
        &mut self,
        account: Digest,
        source: Digest,
        tries: &Tries,
    ) -> Result<(), StoreError>;

    /// Removes the tries that say nothing any more at `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_login_tries(&mut self, at: DateTime<Utc>) -> Result<(), StoreError>;
}

/// Why nobody may try now.
#[derive(Debug, thiserror::Error)]
pub enum LockedOut {
    /// Too many tries have failed.
    #[error("the next try can be made in {} s", retry_after.num_seconds())]
    Until {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether further tries are free of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freedom {
    /// At least one is.
    Left,
    /// None is.
    UsedUp,
}

/// A try at an account from a source, as keyed digests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    account: Digest,
    source: Digest,
    everywhere: Digest,
}

impl Try {
    /// A try at the account of `username` from `address`.
    pub(super) fn new(hasher: &impl Hasher, username: &str, address: IpAddr) -> Self {
        let source = address.to_string();
        Self {
            account: hasher.digest(Purpose::Account, &[username.as_bytes()]),
            source: hasher.digest(Purpose::Source, &[source.as_bytes()]),
            everywhere: hasher.digest(Purpose::Source, &[]),
        }
    }

    /// Counts the try as one that fails, before anybody looks at it: tries made at once cannot be
    /// more than allowed.
    pub(super) fn begin(
        &self,
        tx: &mut impl LoginTries,
        now: &Moment,
    ) -> Result<Freedom, LockedOut> {
        tx.forget_login_tries(now.at)?;
        let (own, all) = self.so_far(tx, now.at)?;
        let held_up = own.wait(Tries::FREE, now.at).or_else(|| {
            if own.is_trusted(now.at) { None } else { all.wait(Tries::FREE_EVERYWHERE, now.at) }
        });
        if let Some(retry_after) = held_up {
            return Err(LockedOut::Until { retry_after });
        }
        tx.put_login_tries(self.account, self.source, &own.with_one_more(now.at))?;
        tx.put_login_tries(self.account, self.everywhere, &all.with_one_more(now.at))?;
        Ok(if own.failures.saturating_add(1) < Tries::FREE {
            Freedom::Left
        } else {
            Freedom::UsedUp
        })
    }

    /// Notes that the try succeeded: neither it nor those before it from its source were guesses, and
    /// its source is trusted.
    pub(super) fn succeed(&self, tx: &mut impl LoginTries, now: &Moment) -> Result<(), StoreError> {
        let (before, all) = self.so_far(tx, now.at)?;
        let own = Tries { succeeded_at: Some(now.at), ..Tries::none(now.at) };
        tx.put_login_tries(self.account, self.source, &own)?;
        tx.put_login_tries(self.account, self.everywhere, &all.less(before.failures))
    }

    /// The tries at the account until now: from this source, and from everywhere.
    fn so_far(
        &self,
        tx: &mut impl LoginTries,
        at: DateTime<Utc>,
    ) -> Result<(Tries, Tries), StoreError> {
        let own = tx.login_tries(self.account, self.source)?;
        let all = tx.login_tries(self.account, self.everywhere)?;
        let counting = |tries: Option<Tries>| tries.unwrap_or(Tries::none(at)).counting(at);
        Ok((counting(own), counting(all)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let at = DateTime::UNIX_EPOCH;
        let waits = [4, 5, 6, 7, 10, 11, u32::MAX].map(|failures| {
            let wait = Tries { failures, ..Tries::none(at) }.wait(Tries::FREE, at);
            wait.map(|wait| wait.num_seconds())
        });
        assert_eq!(waits, [None, Some(30), Some(60), Some(120), Some(960), Some(960), Some(960)]);
    }

    #[test]
    fn failures_are_forgotten_after_a_day_and_trust_after_three_months() {
        let at = DateTime::UNIX_EPOCH;
        let tries = Tries { failures: 9, last_at: at, succeeded_at: Some(at) };
        assert_eq!(tries.counting(at + Tries::REMEMBERED).failures, 9);
        assert_eq!(tries.counting(at + Tries::REMEMBERED + TimeDelta::seconds(1)).failures, 0);
        assert!(tries.is_trusted(at + TimeDelta::days(89)));
        assert!(!tries.is_trusted(at + Tries::TRUSTED));
    }
}
