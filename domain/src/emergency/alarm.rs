//! What becomes of calls by the clock alone: those that wait are called out further, level by level,
//! and those whose holder is gone are everybody's again.
//!
//! When a call is looked at next stands in its own row: no crash loses it, and whichever machine comes
//! first settles it by the version of the row, so that nothing is done twice.

use super::{
    Circumstances, Duty, DutyRepository, Emergency, EmergencyRepository, Escalation, Happening,
    StandingOrders,
    alert::{alert_supervisors, remind},
    is_staffed, on_duty,
    page::page,
};
use crate::{
    Moment, StoreError,
    allowance::Allowances,
    directory::AgencyCode,
    event::EventLog,
    identity::Roster,
    notification::{Inbox, Outbox},
    secret::Hasher,
};

/// Where alarms are rung.
pub trait AlarmStore:
    EmergencyRepository + DutyRepository + EventLog + Roster + Inbox + Outbox + Allowances
{
}

impl<S> AlarmStore for S where
    S: EmergencyRepository + DutyRepository + EventLog + Roster + Inbox + Outbox + Allowances
{
}

/// Does what is due with calls that wait, at most `limit` of each kind, and says how many were due.
///
/// # Errors
/// [`StoreError`] when the store cannot do it.
pub fn ring_alarms<H: Hasher>(
    store: &mut impl AlarmStore,
    now: &Moment,
    around: &Circumstances<'_, H>,
    limit: usize,
) -> Result<usize, StoreError> {
    let (orders, duties) = (store.orders(), on_duty(store, now)?);
    let mut due = store.take_due(now.at, limit)?;
    if let Some(attended) = attended(&orders, &duties, now) {
        let soon = now.at + orders.waits.longest_first();
        let unattended = store.take_unattended(&attended, soon, limit)?;
        let fresh = |one: &Emergency| due.iter().all(|known| known.id != one.id);
        let unattended: Vec<_> = unattended.into_iter().filter(fresh).collect();
        due.extend(unattended);
    }
    ring_each(store, now, around, (&orders, &duties), &due)
}

/// Rings those again that everybody on duty was called to and nobody came to, at most `limit`, and
/// says how many there were. Apart from the others, so that however many they are, no call that
/// waits for the first time waits behind them.
///
/// # Errors
/// [`StoreError`] when the store cannot do it.
pub fn ring_again<H: Hasher>(
    store: &mut impl AlarmStore,
    now: &Moment,
    around: &Circumstances<'_, H>,
    limit: usize,
) -> Result<usize, StoreError> {
    let (orders, duties) = (store.orders(), on_duty(store, now)?);
    let due = store.take_ringing(now.at, limit)?;
    ring_each(store, now, around, (&orders, &duties), &due)
}

fn ring_each<H: Hasher>(
    store: &mut impl AlarmStore,
    now: &Moment,
    around: &Circumstances<'_, H>,
    known: (&StandingOrders, &[Duty]),
    due: &[Emergency],
) -> Result<usize, StoreError> {
    for emergency in due {
        match ring(store, now, around, known, emergency) {
            // It was changed just now: it is due again.
            Ok(()) | Err(StoreError::Stale) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(due.len())
}

/// The agencies that somebody is there for; nothing where that are all.
fn attended(orders: &StandingOrders, duties: &[Duty], now: &Moment) -> Option<Vec<AgencyCode>> {
    let there = |code: &AgencyCode| is_staffed(duties, &orders.agencies, code, now.at);
    let all = orders.agencies.agencies().iter().map(|agency| agency.code.clone());
    let (attended, empty): (Vec<_>, Vec<_>) = all.partition(there);
    (!empty.is_empty()).then_some(attended)
}

/// Does what is due with `emergency`.
fn ring<H: Hasher>(
    store: &mut impl AlarmStore,
    now: &Moment,
    around: &Circumstances<'_, H>,
    (orders, duties): (&StandingOrders, &[Duty]),
    emergency: &Emergency,
) -> Result<(), StoreError> {
    if let Some(stale_at) = emergency.held_until(now.at) {
        return store.rearm(emergency, Some(stale_at));
    }
    if !emergency.is_waiting() {
        let mut abandoned = emergency.clone().abandoned(orders, now.at);
        store.advance(&mut abandoned)?;
        return store.append(&Happening::HolderGone.to(&abandoned, now));
    }
    let Some(mut escalated) = emergency.escalated(orders, duties, now.at) else {
        if let Some(next) = emergency.rings_again(orders, now.at) {
            return remind(store, now, around, duties, (emergency, next));
        }
        let armed = emergency.clone().armed(Some(emergency), orders, now.at);
        return store.rearm(emergency, armed.alarm_at);
    };
    let unattended = !is_staffed(duties, &orders.agencies, &escalated.agency, now.at);
    let (was, is) = (emergency.escalation(), escalated.escalation());
    let pages = unattended && !is.paged && around.pages.rings_for(&escalated);
    escalated.escalation = Some(Escalation { paged: is.paged || pages, ..is });
    store.advance(&mut escalated)?;
    store.append(&Happening::Escalated.to(&escalated, now))?;
    if was.level < Escalation::NEIGHBOUR && is.level >= Escalation::NEIGHBOUR {
        alert_supervisors(store, now, orders, &escalated)?;
    }
    if pages { page(store, now, around, &escalated) } else { Ok(()) }
}
