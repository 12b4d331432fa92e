//! Access that ends before its token does.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Moment, StoreError,
    event::{Event, EventLog, Topic},
    identity::{Access, Principal, SessionId, StaffId},
};

/// What must not pass any more although its access tokens have not ended yet. It stands in the
/// event log, so that every replica hears of it at once and forgets nothing by a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Whatever a staff member proved by an earlier version of their account.
    Staff {
        /// Who it is.
        id: StaffId,
        /// The version that counts from now on.
        version: i64,
    },
    /// One session, of whomever.
    Session(SessionId),
}

impl Revocation {
    /// What the event is called that ends a session.
    const SESSION_ENDED: &'static str = "session.ended";
    /// What the event is called that changes an account.
    const STAFF_CHANGED: &'static str = "staff.changed";

    /// The revocation that an event of the system tells, where it tells one.
    #[must_use]
    pub fn read(kind: &str, subject: Uuid, data: &str) -> Option<Self> {
        match kind {
            Self::STAFF_CHANGED => {
                let data: Value = serde_json::from_str(data).ok()?;
                let version = data.get("version")?.as_i64()?;
                Some(Self::Staff { id: subject.into(), version })
            }
            Self::SESSION_ENDED => Some(Self::Session(subject.into())),
            _ => None,
        }
    }

    /// Whether `access` is among what was revoked.
    #[must_use]
    pub fn concerns(&self, access: &Access) -> bool {
        match (self, &access.principal) {
            (Self::Staff { id, version }, Principal::Staff(staff)) => {
                staff.id == *id && staff.version < *version
            }
            (Self::Session(id), _) => access.session == *id,
            (Self::Staff { .. }, Principal::Citizen(_)) => false,
        }
    }

    /// Tells every replica.
    pub(super) fn tell(self, tx: &mut impl EventLog, now: &Moment) -> Result<(), StoreError> {
        let (kind, subject, data) = match self {
            Self::Staff { id, version } => {
                (Self::STAFF_CHANGED, id.uuid(), json!({ "version": version }))
            }
            Self::Session(id) => (Self::SESSION_ENDED, id.uuid(), json!({})),
        };
        tx.append(&Event {
            id: now.new_id::<Event>().uuid(),
            topic: Topic::System,
            kind,
            subject,
            agency: None,
            at: now.at,
            data,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::{
        Entropy,
        directory::AgencyCode,
        identity::{Role, Staff},
    };

    struct NoChance;

    impl Entropy for NoChance {
        fn uuid(&self, _: DateTime<Utc>) -> Uuid {
            Uuid::nil()
        }

        fn fill(&self, _: &mut [u8]) {}
    }

    fn access(id: u128, version: i64) -> Access {
        let staff = Staff {
            id: Uuid::from_u128(id).into(),
            username: "an".to_owned(),
            role: Role::Dispatcher,
            agency: AgencyCode::province(),
            agencies: Arc::default(),
            version,
            address: None,
        };
        let now = Moment::new(DateTime::UNIX_EPOCH, Arc::new(NoChance));
        Access::new(&now, Principal::Staff(staff), Uuid::from_u128(9).into())
    }

    #[test]
    fn earlier_versions_and_ended_sessions_are_revoked_and_nothing_else() {
        let id = Uuid::from_u128(1).into();
        let changed = Revocation::Staff { id, version: 3 };
        let concerned = [(1, 2), (1, 3), (1, 4), (2, 2)]
            .map(|(id, version)| changed.concerns(&access(id, version)));
        assert_eq!(concerned, [true, false, false, false]);
        assert!(Revocation::Session(Uuid::from_u128(9).into()).concerns(&access(1, 1)));
        assert!(!Revocation::Session(Uuid::from_u128(8).into()).concerns(&access(1, 1)));
    }

    #[test]
    fn other_events_revoke_nothing() {
        assert_eq!(Revocation::read("keys.rotated", Uuid::nil(), "{}"), None);
        assert_eq!(Revocation::read("staff.changed", Uuid::nil(), "{}"), None);
        assert_eq!(Revocation::read("staff.changed", Uuid::nil(), "nonsense"), None);
    }
}
