//! Repeating a request without repeating its effect (draft-ietf-httpapi-idempotency-key-header).
//!
//! A client that does not know whether its request arrived sends it again under the same key, and
//! gets the first answer. The key is claimed before the work and in its transaction: of two
//! requests that race, the second waits for the first and finds its answer.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Moment, StoreError,
    secret::{Digest, Hasher, Purpose},
};

/// How long a key is remembered.
pub const KEPT: TimeDelta = TimeDelta::hours(24);

/// A client's key, bound to what it was used for, by whom, and with which body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The key within its operation and principal; within its operation and body where nobody is
    /// signed in, so that two strangers who both use the key "1" share nothing.
    pub slot: Digest,
    /// The body it came with.
    pub body: Digest,
}

impl IdempotencyKey {
    /// The key `key` of `principal`, used for `operation` with `body`.
    #[must_use]
    pub fn new(
        hasher: &impl Hasher,
        operation: &str,
        principal: Option<Uuid>,
        (key, body): (&str, &[u8]),
    ) -> Self {
        let body = hasher.digest(Purpose::Body, &[body]);
        let whose = principal.map_or(body.0.to_vec(), |id| id.as_bytes().to_vec());
        let parts = [operation.as_bytes(), &whose, key.as_bytes()];
        Self { slot: hasher.digest(Purpose::IdempotencyKey, &parts), body }
    }
}

/// What was answered under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstAnswer {
    /// The body of the first request.
    pub body: Digest,
    /// The answer, as JSON.
    pub answer: String,
}

/// Where keys and their answers are kept.
pub trait IdempotencyLog {
    /// Takes the slot of `key` until `expires_at`, and says whether it was free; one that expired
    /// before `at` is. Waits for a transaction that has taken it and is not yet committed.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn claim(
        &mut self,
        key: &IdempotencyKey,
        at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Keeps `answer` under the slot of `key`, which was claimed.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn keep_answer(&mut self, key: &IdempotencyKey, answer: &str) -> Result<(), StoreError>;

    /// What was answered under the slot of `key`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn first_answer(&mut self, key: &IdempotencyKey) -> Result<Option<FirstAnswer>, StoreError>;

    /// Forgets what expired before `at`, at most `limit` keys, and says how many.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_expired(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError>;
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OnceError<E> {
    /// The key was used before with another body.
    #[error("the key was used with another body")]
    KeyReused,
    /// The work failed; the key stays free.
    #[error(transparent)]
    Work(E),
}

impl<E: From<StoreError>> From<StoreError> for OnceError<E> {
    fn from(error: StoreError) -> Self {
        Self::Work(error.into())
    }
}

/// Does `work`, or answers as it was answered the first time the same body came under `key`.
/// Without a key it is simply done. The answer is kept for a day: no secrets in it.
///
/// # Errors
/// [`OnceError::KeyReused`] when the key came with another body before; else what `work` answers.
pub fn once<T, R, E>(
    tx: &mut T,
    now: &Moment,
    key: Option<&IdempotencyKey>,
    work: impl FnOnce(&mut T) -> Result<R, E>,
) -> Result<R, OnceError<E>>
where
    T: IdempotencyLog,
    R: Serialize + DeserializeOwned,
    E: From<StoreError>,
{
    let Some(key) = key else {
        return work(tx).map_err(OnceError::Work);
    };
    if tx.claim(key, now.at, now.at + KEPT)? {
        let answer = work(tx).map_err(OnceError::Work)?;
        let kept = serde_json::to_string(&answer).map_err(unreadable)?;
        tx.keep_answer(key, &kept)?;
        return Ok(answer);
    }
    let first = tx.first_answer(key)?.ok_or(StoreError::Stale)?;
    if first.body == key.body {
        Ok(serde_json::from_str(&first.answer).map_err(unreadable)?)
    } else {
        Err(OnceError::KeyReused)
    }
}

/// What was answered under `key` to the same body, if anything was.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn answered<R: DeserializeOwned>(
    tx: &mut impl IdempotencyLog,
    key: &IdempotencyKey,
) -> Result<Option<R>, StoreError> {
    let first = tx.first_answer(key)?.filter(|first| first.body == key.body);
    first.map(|first| serde_json::from_str(&first.answer)).transpose().map_err(unreadable)
}

/// Does `work` whose answer holds a secret and is therefore not kept. Under a key that came before
/// with the same body nothing is done, and there is no answer.
///
/// # Errors
/// As [`once`].
pub fn once_untold<T, R, E>(
    tx: &mut T,
    now: &Moment,
    key: Option<&IdempotencyKey>,
    work: impl FnOnce(&mut T) -> Result<R, E>,
) -> Result<Option<R>, OnceError<E>>
where
    T: IdempotencyLog,
    E: From<StoreError>,
{
    let mut answer = None;
    once(tx, now, key, |tx| {
        answer = Some(work(tx)?);
        Ok::<(), E>(())
    })?;
    Ok(answer)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Failed(format!("a kept answer: {error}"))
}
