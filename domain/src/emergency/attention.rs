//! What dispatchers should look at twice: calls that wait too long, calls about the same thing.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Emergency, EmergencyId, Status};

/// How long a call waits unclaimed before it is called out again, and before a supervisor is.
const ESCALATIONS: [TimeDelta; 2] = [TimeDelta::seconds(15), TimeDelta::seconds(60)];
/// How near two calls about the same thing are, in metres.
const NEAR_M: f64 = 300.0;
/// How far apart in time they come.
const APART: TimeDelta = TimeDelta::minutes(30);

impl Emergency {
    /// How often nobody has come to claim it in time: 0 up to 15 s, 1 up to 60 s, then 2.
    #[must_use]
    pub fn escalation(&self, at: DateTime<Utc>) -> usize {
        if self.status != Status::Received {
            return 0;
        }
        ESCALATIONS.iter().filter(|patience| at - self.queued_at >= **patience).count()
    }

    /// Whether both may be about the same thing: the same number to call back, or near each other
    /// in place and time and not of different kinds. A person decides; nothing is suppressed.
    #[must_use]
    pub fn may_be_same_as(&self, other: &Self) -> bool {
        let apart = (self.received_at - other.received_at).abs() > APART;
        if self.id == other.id || apart {
            return false;
        }
        let same_phone = self.said.phone.is_some() && self.said.phone == other.said.phone;
        same_phone || (self.is_of_like_kind(other) && self.is_near(other))
    }

    fn is_of_like_kind(&self, other: &Self) -> bool {
        match (self.said.kind, other.said.kind) {
            (Some(one), Some(another)) => one == another,
            _ => true,
        }
    }

    fn is_near(&self, other: &Self) -> bool {
        match (self.location, other.location) {
            (Some(one), Some(another)) => one.position.distance_m(another.position) <= NEAR_M,
            _ => false,
        }
    }
}

/// Those of `all` that may be about the same thing as `emergency`.
pub(super) fn possible_duplicates(emergency: &Emergency, all: &[Emergency]) -> Vec<EmergencyId> {
    all.iter().filter(|other| emergency.may_be_same_as(other)).map(|other| other.id).collect()
}
