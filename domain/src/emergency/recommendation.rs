//! Which unit to send.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    AssignmentRepository, Emergency, EmergencyId, EmergencyRepository, HandlingError, Roads,
    Travel, UnitNow, UnitRepository, UnitStatus, handling::seen, unit::units_in,
};
use crate::{Moment, identity::Dispatcher};

/// How many units are recommended at most.
const MOST: usize = 20;

/// A unit that could be sent, and what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recommended {
    /// The unit.
    pub now: UnitNow,
    /// Whether it can do what such an emergency calls for.
    pub fits: bool,
    /// How old its position is, while that still tells where it is.
    pub position_age: Option<TimeDelta>,
    /// The way there, where both ends are known.
    pub travel: Option<Travel>,
}

/// The units that could be sent to the emergency `id`, the best first: on shift and free before
/// all others, then those that can do what it calls for, then the nearest; where a unit is that
/// nobody knows comes after those that are somewhere.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is none, or another agency answers for it.
pub fn recommended<S>(
    store: &mut S,
    now: &Moment,
    by: &Dispatcher,
    id: EmergencyId,
    roads: Roads,
) -> Result<Vec<Recommended>, HandlingError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository,
{
    let emergency = seen(store, by, id)?;
    let units = units_in(store, &by.staff().scope())?;
    Ok(ranked(units, &emergency, roads, now.at))
}

/// The best of `units` to send to `emergency`, as of `at`. Those that it binds already are left
/// out.
pub(super) fn ranked(
    units: Vec<UnitNow>,
    emergency: &Emergency,
    roads: Roads,
    at: DateTime<Utc>,
) -> Vec<Recommended> {
    let others = units.into_iter().filter(|now| !emergency.units.contains(&now.unit.id));
    let mut ranked: Vec<_> = others.map(|now| Recommended::of(now, emergency, roads, at)).collect();
    ranked.sort_by(Recommended::compare);
    ranked.truncate(MOST);
    ranked
}

impl Recommended {
    fn of(now: UnitNow, emergency: &Emergency, roads: Roads, at: DateTime<Utc>) -> Self {
        let known = now.unit.known_position(at).copied();
        let there = emergency.whereabouts().map(|fix| fix.position);
        Self {
            fits: now.unit.capabilities.iter().any(|each| each.serves(emergency.said.kind)),
            position_age: known.map(|fix| fix.age(at)),
            travel: known.zip(there).map(|(fix, there)| roads.travel(fix.position, there)),
            now,
        }
    }

    /// Whether it can be sent as it stands, and is what the emergency calls for.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.fits && self.now.status() == UnitStatus::Available
    }

    /// The better one is less.
    fn compare(&self, other: &Self) -> Ordering {
        let estimate = |each: &Self| each.travel.map_or(f64::INFINITY, |way| way.estimate_s);
        let free = |each: &Self| match each.now.status() {
            UnitStatus::Available => 0,
            UnitStatus::OffShift => 2,
            _ => 1,
        };
        free(self)
            .cmp(&free(other))
            .then(other.fits.cmp(&self.fits))
            .then(estimate(self).total_cmp(&estimate(other)))
            .then_with(|| self.now.unit.name.cmp(&other.now.unit.name))
            .then(self.now.unit.id.cmp(&other.now.unit.id))
    }
}
