//! Where sessions are kept.

use chrono::{DateTime, Utc};

use super::{Holder, Session, SessionId};
use crate::{StoreError, secret::Digest};

/// What using a refresh token met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// There is no such token.
    Unknown,
    /// It was unused until now.
    First(SessionId),
    /// It had been used before.
    Again(SessionId),
}

/// Where sessions and their refresh tokens are kept.
pub trait SessionRepository {
    /// Adds a session.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_session(&mut self, session: &Session) -> Result<(), StoreError>;

    /// The session with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn session(&mut self, id: SessionId) -> Result<Option<Session>, StoreError>;

    /// The sessions of `holder` that have not expired at `at`, the last used first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn sessions_of(
        &mut self,
        holder: Holder,
        at: DateTime<Utc>,
    ) -> Result<Vec<Session>, StoreError>;

    /// Saves when a session was last used and when it will expire.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it has ended.
    fn extend_session(&mut self, session: &Session) -> Result<(), StoreError>;

    /// Removes a session of `holder` with all its refresh tokens, and answers whether it stood.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_session(&mut self, holder: Holder, id: SessionId) -> Result<bool, StoreError>;

    /// Removes all sessions of `holder`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_sessions(&mut self, holder: Holder) -> Result<(), StoreError>;

    /// Removes the sessions of `holder` that have expired at `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_sessions(&mut self, holder: Holder, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Adds a refresh token to a session.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_refresh_token(&mut self, token: Digest, session: SessionId) -> Result<(), StoreError>;

    /// Marks a refresh token as used, and answers whether it was before. Marking and looking are
    /// one step, so that of two uses at once one is the second.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn spend_refresh_token(
        &mut self,
        token: Digest,
        at: DateTime<Utc>,
    ) -> Result<Spent, StoreError>;

    /// Removes the refresh tokens of a session that were used before `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_refresh_tokens(
        &mut self,
        session: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;
}
