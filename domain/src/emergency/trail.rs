//! The positions of a caller, one after the other.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::{
    Call, Emergency, EmergencyRepository, Fix, Happening, Hearing, RaiseError, Reading, Report,
    Statement, Status, Stranger,
    merge::followed_on,
    raise::known_or_received,
    revision::{Change, revise},
    statement::overhear,
};
use crate::{Moment, StoreError, event::EventLog};

/// Followers are told of a position at most this often.
const TOLD_EVERY: TimeDelta = TimeDelta::seconds(5);

/// What became of one position of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reception {
    /// It is stored.
    Stored,
    /// It was stored before.
    Repeated,
    /// It could not be read; the rest of the batch was stored.
    Unreadable,
}

/// Positions that were told.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// Who told them.
    pub hearing: Hearing,
    /// What became of each, in the order of the batch.
    pub receptions: Vec<Reception>,
}

/// Stores the positions that `call` tells: `readings` in any order, `None` for each that could not
/// be read. Under an id that is not known yet it is a call for help that got ahead of its words;
/// a stranger's positions stand beside, and move nothing.
///
/// # Errors
/// [`RaiseError::Store`] when the store cannot take them; then none was stored.
pub fn report_locations(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    call: &Call,
    readings: &[Option<Reading>],
) -> Result<Located, RaiseError> {
    let told: Vec<Option<Fix>> =
        readings.iter().map(|reading| Some((*reading)?.arrived(now.at))).collect();
    let fixes: Vec<Fix> = told.iter().copied().flatten().collect();
    let (known, verified) = known_or_received(store, now, call)?;
    if !verified {
        let statement = Statement { fixes: fixes.clone(), ..call.statement(&known, now, false) };
        overhear(store, now, &known, &statement)?;
        let hearing = Hearing::Stranger(Stranger::from(&known));
        return Ok(Located { hearing, receptions: receptions(&told, &fixes) });
    }
    let mut fresh = Vec::new();
    let after = revise(store, now, known.id, |store, before| {
        fresh = unseen(store, before, &fixes)?;
        if cries(before, &fresh) {
            let told = followed_on(store, before)?.told(call.report.clone(), newest(&fresh));
            if let Ok(again) = told.called_again(now.at) {
                return Ok(Change::to(again, Happening::Received));
            }
        }
        Ok::<_, RaiseError>(moved(before, call.report.clone(), &fresh, now))
    })?
    .unwrap_or(known);
    store.add_to_trail(after.id, &fresh)?;
    Ok(Located { hearing: Hearing::caller(after), receptions: receptions(&told, &fresh) })
}

/// Whether one of `fresh` positions is a cry for help since the emergency ended, as far as that is
/// known: what a phone kept from before is none.
fn cries(emergency: &Emergency, fresh: &[Fix]) -> bool {
    let ended = emergency.outcome.as_ref().map(|outcome| outcome.at);
    fresh.iter().any(|fix| fix.is_sos() && ended.is_none_or(|ended| fix.fixed_at > ended))
}

fn newest(fixes: &[Fix]) -> Option<Fix> {
    fixes.iter().copied().max_by_key(|fix| fix.fixed_at)
}

/// What becomes of an emergency when its caller tells `fresh` positions. One that stood under
/// another stands up by itself; one that has ended stays so, and keeps its trail.
fn moved(before: &Emergency, said: Report, fresh: &[Fix], now: &Moment) -> Change {
    let after = before.clone().told(said, newest(fresh));
    if after == *before {
        return Change::None;
    }
    if after.status == Status::Duplicate
        && let Ok(again) = after.clone().called_again(now.at)
    {
        return Change::to(again, Happening::Received);
    }
    let due = before.location_told_at.is_none_or(|told| now.at - told >= TOLD_EVERY)
        || fresh.iter().any(|fix| fix.is_sos() || fix.is_last_gasp());
    if due && (after.status.is_open() || after.is_merged()) {
        let after = Emergency { location_told_at: Some(now.at), ..after };
        return Change::to(after, Happening::Location);
    }
    Change::To(Box::new(after), None)
}

/// Those of `fixes` that the trail of `emergency` does not have, each once; and the position that
/// came with the call itself, if it is not in the trail yet.
pub(super) fn unseen(
    store: &mut impl EmergencyRepository,
    emergency: &Emergency,
    fixes: &[Fix],
) -> Result<Vec<Fix>, StoreError> {
    let riding = emergency.location;
    let clocks = || fixes.iter().chain(&riding).map(|fix| fix.device_at);
    let Some(span) = clocks().min().zip(clocks().max()) else { return Ok(Vec::new()) };
    let trail = store.trail(emergency.id, Some(span))?;
    let mut seen: HashSet<_> = trail.iter().map(Fix::mark).collect();
    let riding = riding.filter(|fix| seen.insert(fix.mark()));
    let fresh = fixes.iter().copied().filter(|fix| seen.insert(fix.mark()));
    Ok(fresh.chain(riding).collect())
}

/// What became of each position that was `told` when `fresh` ones were stored.
fn receptions(told: &[Option<Fix>], fresh: &[Fix]) -> Vec<Reception> {
    let mut fresh: HashSet<_> = fresh.iter().map(Fix::mark).collect();
    told.iter()
        .map(|fix| match fix {
            None => Reception::Unreadable,
            Some(fix) if fresh.remove(&fix.mark()) => Reception::Stored,
            Some(_) => Reception::Repeated,
        })
        .collect()
}
