//! Who goes in place of a unit that does not come.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Assignment, AssignmentRepository};
use crate::{
    Moment, StoreError,
    directory::{AgencyCode, AgencyTree},
    emergency::{
        Emergency, EmergencyRepository, Happening, Recommended, Travel, UnitId, UnitRepository,
        recommendation::ranked,
        revision::{Change, revise},
        unit::units_in,
    },
    event::EventLog,
    identity::policy::{self, Scope},
};

/// A unit to send in place of one that does not come. It is not sent by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The unit.
    pub unit: UnitId,
    /// The one that does not come.
    pub instead_of: UnitId,
    /// How long it may take there, in seconds, where both ends are known: the straight line times a
    /// road factor.
    pub travel_estimate_s: Option<u32>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Tells whoever holds `emergency` which unit to send in place of the one that ended its assignment
/// without coming, and notes it there.
pub(super) fn propose<S>(
    store: &mut S,
    now: &Moment,
    emergency: &Emergency,
    instead_of: &Assignment,
) -> Result<(), StoreError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository + EventLog,
{
    let orders = store.orders();
    let units = units_in(store, &below(&orders.agencies, &emergency.agency))?;
    let next = ranked(units, emergency, orders.roads, now.at)
        .into_iter()
        .find(|each| each.now.unit.id != instead_of.unit && each.is_ready());
    let Some(Recommended { now: next, travel, .. }) = next else { return Ok(()) };
    let proposal = Proposal {
        unit: next.unit.id,
        instead_of: instead_of.unit,
        travel_estimate_s: travel.map(Travel::whole_seconds),
        at: now.at,
    };
    let noted = revise(store, now, emergency.id, |_, before| {
        let noted = Emergency { proposal: Some(proposal), ..before.clone() };
        Ok::<_, StoreError>(Change::To(Box::new(noted), None))
    })?;
    let mut event = Happening::UnitProposed.to(noted.as_ref().unwrap_or(emergency), now);
    if let Some(data) = event.data.as_object_mut() {
        data.insert("proposed_unit_id".to_owned(), json!(proposal.unit));
        data.insert("instead_of".to_owned(), json!(proposal.instead_of));
        data.insert("travel_estimate_s".to_owned(), json!(proposal.travel_estimate_s));
    }
    store.append(&event)
}

/// The agency `own` and all below it, as `agencies` stand.
fn below(agencies: &AgencyTree, own: &AgencyCode) -> Scope {
    let all = agencies.agencies().iter().map(|agency| &agency.code);
    let reached = all.filter(|code| policy::reaches(agencies, own, code)).cloned();
    Scope::Agencies(reached.collect())
}
