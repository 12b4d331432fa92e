//! More calls than dispatchers: who waits, how long that may take, and what is asked meanwhile.
//! Nothing is shed; what is not known is said to be unknown.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Emergency, EmergencyId, Priority, QueuePlace, Status};
use crate::{StoreError, directory::AgencyCode, event::Position};

/// How many of the latest claims tell how fast calls are taken.
const CLAIMS: usize = 20;
/// Of fewer nothing can be told.
const FEWEST: usize = 3;
/// Claims of longer ago tell nothing of now.
const CLAIMS_TELL_FOR: TimeDelta = TimeDelta::minutes(30);
/// How many claims are remembered, of all agencies together.
const REMEMBERED: usize = 4_096;

/// A call that nobody has taken yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who answers for it.
    pub agency: AgencyCode,
    /// Its place in the queue.
    pub place: QueuePlace,
}

/// Where waiting calls are found.
pub trait WaitingCalls {
    /// The calls that nobody has taken, in the order of the queue, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn waiting(&mut self, limit: usize) -> Result<Vec<Waiting>, StoreError>;

    /// Up to where the event log tells what happened to calls; none while something happened that
    /// has no place in it yet. As long as this is the same, the same calls wait.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn told_up_to(&mut self) -> Result<Option<Position>, StoreError>;
}

/// The calls that wait, as they were looked up last.
#[derive(Clone, Debug, Default)]
pub struct Load {
    queues: HashMap<AgencyCode, Vec<QueuePlace>>,
    complete: bool,
}

/// How a caller stands in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Their place, from 1; unknown in a queue too long to count.
    pub position: Option<usize>,
    /// How many calls wait for the same dispatchers.
    pub waiting: usize,
    /// How long it may take until somebody takes the call, by how fast calls were taken lately.
    pub expected_wait: Option<TimeDelta>,
    /// Whether there are more calls than dispatchers.
    pub overload: bool,
}

impl Load {
    /// What the store said: `waiting` in the order of the queue, and whether these are all.
    #[must_use]
    pub fn new(waiting: Vec<Waiting>, complete: bool) -> Self {
        let mut queues: HashMap<_, Vec<QueuePlace>> = HashMap::new();
        for Waiting { agency, place } in waiting {
            queues.entry(agency).or_default().push(place);
        }
        Self { queues, complete }
    }

    /// How many calls wait at each agency that `reaches` names, exercises not counted.
    #[must_use]
    pub fn count(&self, reaches: impl Fn(&AgencyCode) -> bool) -> usize {
        let theirs = self.queues.iter().filter(|(agency, _)| reaches(agency));
        // The queue is in the order of urgency: exercises stand at its end.
        theirs.map(|(_, queue)| queue.partition_point(is_real)).sum()
    }

    /// The agencies where calls wait.
    pub fn agencies(&self) -> impl Iterator<Item = &AgencyCode> {
        self.queues.keys()
    }

    /// The calls that wait at `agency` since `at` or longer, in the order of the queue.
    pub fn waiting_since<'l>(
        &'l self,
        agency: &AgencyCode,
        at: DateTime<Utc>,
    ) -> impl Iterator<Item = EmergencyId> + use<'l> {
        let queue = self.queues.get(agency).into_iter().flatten();
        queue.filter(move |place| place.queued_at <= at).map(|place| place.id)
    }

    /// How the caller of `emergency` stands where `present` dispatchers see it, and `pace` is the
    /// time from one claim to the next; none once somebody has taken it.
    #[must_use]
    pub fn standing(
        &self,
        emergency: &Emergency,
        present: usize,
        pace: Option<TimeDelta>,
    ) -> Option<Standing> {
        if emergency.status != Status::Received {
            return None;
        }
        let own = QueuePlace::from(emergency);
        let queue = self.queues.get(&emergency.agency).map(Vec::as_slice).unwrap_or_default();
        let key = |place: &QueuePlace| (place.urgency, place.queued_at, place.id.uuid());
        let ahead = queue.partition_point(|place| key(place) < key(&own));
        let listed = queue.get(ahead).is_some_and(|place| place.id == own.id);
        let waiting = queue.len() + usize::from(!listed);
        let counted = self.complete || ahead < queue.len();
        let position = counted.then_some(ahead + 1);
        let turns = position.and_then(|position| i32::try_from(position).ok());
        Some(Standing {
            position,
            waiting,
            expected_wait: turns.zip(pace).and_then(|(turns, pace)| pace.checked_mul(turns)),
            overload: self.count(|agency| *agency == emergency.agency) > present,
        })
    }
}

fn is_real(place: &QueuePlace) -> bool {
    place.urgency < Priority::Low.urgency(false)
}

/// When calls were taken, lately.
#[derive(Clone, Debug, Default)]
pub struct Claims(VecDeque<(AgencyCode, DateTime<Utc>)>);

impl Claims {
    /// A call of `agency` was taken at `at`.
    pub fn note(&mut self, agency: AgencyCode, at: DateTime<Utc>) {
        self.0.push_back((agency, at));
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
    }

    /// How long it takes from one claim of a call of `agency` to the next, by the latest ones and by
    /// how long nobody has claimed since; unknown where there were too few.
    #[must_use]
    pub fn pace(&self, agency: &AgencyCode, at: DateTime<Utc>) -> Option<TimeDelta> {
        let own = self.0.iter().rev().filter(|(of, _)| of == agency).map(|&(_, claimed)| claimed);
        let recent: Vec<_> =
            own.take_while(|claimed| at - *claimed <= CLAIMS_TELL_FOR).take(CLAIMS).collect();
        let turns = i32::try_from(recent.len().checked_sub(1)?).ok()?;
        if recent.len() < FEWEST {
            return None;
        }
        (at - *recent.last()?).checked_div(turns)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + second, 0).unwrap()
    }

    fn fire() -> AgencyCode {
        "fire".parse().unwrap()
    }

    #[test]
    fn the_pace_of_claims_is_known_from_three_on_and_slows_while_nobody_claims() {
        let mut claims = Claims::default();
        claims.note(fire(), at(0));
        claims.note(fire(), at(10));
        assert_eq!(claims.pace(&fire(), at(20)), None);
        claims.note(fire(), at(20));
        claims.note("medical".parse().unwrap(), at(21));
        assert_eq!(claims.pace(&fire(), at(20)), Some(TimeDelta::seconds(10)));
        assert_eq!(claims.pace(&fire(), at(300)), Some(TimeDelta::seconds(150)));
        assert_eq!(claims.pace(&fire(), at(10_000)), None, "what was long ago tells nothing");
    }

    #[test]
    fn exercises_are_no_load() {
        let place = |urgency| Waiting {
            agency: fire(),
            place: QueuePlace { urgency, queued_at: at(0), id: Uuid::nil().into() },
        };
        let load = Load::new(vec![place(10), place(20), place(30), place(31)], true);
        assert_eq!(load.count(|_| true), 2);
        assert_eq!(load.count(|agency| *agency != fire()), 0);
        assert_eq!(load.waiting_since(&fire(), at(0)).count(), 4);
        assert_eq!(load.waiting_since(&fire(), at(-1)).count(), 0);
    }
}
