//! What an access token says.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    Moment,
    identity::{Principal, SessionId},
};

/// A signed-in caller for ten minutes: what an access token says, and what a checked one proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The token's own id.
    pub id: Uuid,
    /// Who calls.
    pub principal: Principal,
    /// The session in which they call.
    pub session: SessionId,
    /// When it was given.
    pub issued_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl Access {
    /// How long it lasts.
    pub const LIFE: TimeDelta = TimeDelta::minutes(10);
    /// How far the clocks of two replicas may be apart.
    pub const LEEWAY: TimeDelta = TimeDelta::seconds(5);

    /// Access for `principal` in their `session`, from now on.
    #[must_use]
    pub fn new(now: &Moment, principal: Principal, session: SessionId) -> Self {
        Self {
            id: now.new_id::<Self>().uuid(),
            principal,
            session,
            issued_at: now.at,
            expires_at: now.at + Self::LIFE,
        }
    }

    /// Whether it has begun and not ended at `at`.
    #[must_use]
    pub fn is_in_force(&self, at: DateTime<Utc>) -> bool {
        (self.issued_at - Self::LEEWAY..self.expires_at + Self::LEEWAY).contains(&at)
    }
}
