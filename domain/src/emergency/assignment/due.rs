//! What becomes of assignments by the clock alone: crews that have not seen one are told by text
//! message, and for those that do not answer somebody else is proposed.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Assignment, AssignmentRepository, Step, proceed::take};
use crate::{
    Moment, StoreError,
    allowance::{Allowances, TakeError},
    directory::{AgencyCode, AgencyTree},
    emergency::{
        Emergency, EmergencyRepository, Happening, Recommended, Roads, UnitRepository,
        recommendation::ranked, unit::units_in,
    },
    event::EventLog,
    identity::{
        Phone,
        policy::{self, Scope},
    },
    notification::{Outbox, Receiver, Sms, SmsBudget, text},
    secret::Hasher,
};

/// The most characters of a place in words that go into a text message.
const LANDMARK: usize = 60;

/// What timers need to know beside the store.
pub struct Circumstances<'c, H> {
    /// Makes digests.
    pub hasher: &'c H,
    /// The agencies as they stand.
    pub agencies: &'c AgencyTree,
    /// What is assumed of all roads alike.
    pub roads: Roads,
    /// What text messages may cost.
    pub budget: SmsBudget,
}

/// Tells crews by text message of what they have not seen in time, at most `limit` of them, and
/// says how many were due. Each is told once, whichever machine is first.
///
/// # Errors
/// [`StoreError`] when the store cannot do it.
pub fn text_unseen<S, H: Hasher>(
    store: &mut S,
    now: &Moment,
    around: &Circumstances<'_, H>,
    limit: usize,
) -> Result<usize, StoreError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository + Outbox + Allowances,
{
    let due = store.unseen_assignments(now.at, limit)?;
    let count = due.len();
    for assignment in due {
        let mut told = Assignment { text_at: None, ..assignment };
        match store.save_assignment(&mut told) {
            Err(StoreError::Stale) => continue,
            saved => saved?,
        }
        let (unit, emergency) = (store.unit(told.unit)?, store.find(told.emergency)?);
        let Some((unit, emergency)) = unit.zip(emergency) else { continue };
        let Some(phone) = &unit.duty_phone else { continue };
        let sms = message(phone, &unit.name, &emergency, told.answer_by);
        let id = now.new_id::<Sms>().uuid();
        let sent = text(store, around.hasher, now, (id, &sms, Receiver::Verified), &around.budget);
        match sent {
            // The next unit is proposed all the same when nobody answers.
            Ok(_) | Err(TakeError::UsedUp { .. }) => {}
            Err(TakeError::Store(error)) => return Err(error),
        }
    }
    Ok(count)
}

/// What is written to the phone in a unit: enough to set out, and nobody's name or number.
fn message(
    phone: &Phone,
    unit: &str,
    emergency: &Emergency,
    useful_until: Option<DateTime<Utc>>,
) -> Sms {
    let kind = emergency.said.kind.map_or("other", |kind| kind.as_str());
    let place = emergency.whereabouts().map(|fix| fix.position);
    let place = place.map(|place| format!(" {:.5},{:.5}", place.lat(), place.lon()));
    let words = emergency
        .said
        .landmark
        .as_deref()
        .map(|landmark| format!(" {}", landmark.chars().take(LANDMARK).collect::<String>()));
    let text = format!(
        "C-ThaiNguyen: {unit} co nhiem vu {kind}, ma {}.{}{} Mo ung dung de xac nhan.",
        emergency.receipt,
        place.unwrap_or_default(),
        words.unwrap_or_default(),
    );
    Sms { to: phone.e164(), text, useful_until }
}

/// Ends what crews have not answered in time, at most `limit`, proposes the next unit to the holder
/// of each emergency, and says how many were due.
///
/// # Errors
/// [`StoreError::Stale`] when a crew answered, or another machine was faster, just now: then nothing
/// is changed, and what is left is due the next time. [`StoreError`] when the store cannot do it.
pub fn time_out<S, H>(
    store: &mut S,
    now: &Moment,
    around: &Circumstances<'_, H>,
    limit: usize,
) -> Result<usize, StoreError>
where
    S: EmergencyRepository + AssignmentRepository + UnitRepository + EventLog,
{
    let due = store.unanswered_assignments(now.at, limit)?;
    let count = due.len();
    for assignment in due {
        match take(store, now, assignment, (Step::TimeOut, None), false) {
            Ok((ended, Some(emergency))) if emergency.status.is_open() => {
                propose(store, now, around, &emergency, &ended)?;
            }
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

/// Tells whoever holds `emergency` which unit to send in place of the one that did not answer. It
/// is not sent by itself.
fn propose<S, H>(
    store: &mut S,
    now: &Moment,
    around: &Circumstances<'_, H>,
    emergency: &Emergency,
    instead_of: &Assignment,
) -> Result<(), StoreError>
where
    S: AssignmentRepository + UnitRepository + EventLog,
{
    let units = units_in(store, &below(around.agencies, &emergency.agency))?;
    let next = ranked(units, emergency, around.roads, now.at)
        .into_iter()
        .find(|each| each.now.unit.id != instead_of.unit && each.is_ready());
    let Some(Recommended { now: next, travel, .. }) = next else { return Ok(()) };
    let mut event = Happening::UnitProposed.to(emergency, now);
    if let Some(data) = event.data.as_object_mut() {
        data.insert("proposed_unit_id".to_owned(), json!(next.unit.id));
        data.insert("instead_of".to_owned(), json!(instead_of.unit));
        let estimate = travel.map(|way| way.estimate_s.round());
        data.insert("travel_estimate_s".to_owned(), json!(estimate));
    }
    store.append(&event)
}

/// The agency `own` and all below it, as `agencies` stand.
fn below(agencies: &AgencyTree, own: &AgencyCode) -> Scope {
    let all = agencies.agencies().iter().map(|agency| &agency.code);
    let reached = all.filter(|code| policy::reaches(agencies, own, code)).cloned();
    Scope::Agencies(reached.collect())
}
