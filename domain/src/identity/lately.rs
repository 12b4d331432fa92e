//! Having signed in lately: for what whoever finds an unlocked phone must not be able to do.

use chrono::TimeDelta;

use crate::{
    Moment, StoreError,
    identity::{Citizen, Holder, SessionId, SessionRepository},
};

/// How long ago somebody may have signed in.
const LATELY: TimeDelta = TimeDelta::minutes(30);

/// A citizen who signed in lately, by a one-time password or by their identity at a provider. A
/// session that was merely kept alive is no such proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JustSignedIn {
    citizen: Citizen,
    session: SessionId,
}

impl JustSignedIn {
    /// Who it is.
    #[must_use]
    pub const fn citizen(&self) -> &Citizen {
        &self.citizen
    }

    /// The session that they began.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }
}

/// Why somebody has to sign in again.
#[derive(Debug, thiserror::Error)]
pub enum SignInAgain {
    /// Their session has ended.
    #[error("the session has ended")]
    Ended,
    /// They signed in too long ago.
    #[error("the session began too long ago")]
    TooLongAgo,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The proof that `citizen` signed in lately when they began `session`.
///
/// # Errors
/// [`SignInAgain`] when they did not.
pub fn just_signed_in(
    tx: &mut impl SessionRepository,
    now: &Moment,
    citizen: Citizen,
    session: SessionId,
) -> Result<JustSignedIn, SignInAgain> {
    let found = tx.session(session)?.filter(|found| found.holder == Holder::Citizen(citizen.id));
    let found = found.ok_or(SignInAgain::Ended)?;
    if found.started_at + LATELY < now.at {
        return Err(SignInAgain::TooLongAgo);
    }
    Ok(JustSignedIn { citizen, session })
}
