//! Calls that the service makes itself, to see that calls get through: raised, told, taken and
//! followed as any other, and gone again. Nobody is asked to answer one.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Call, CallName, CallSource, EmergencyId, EmergencyRepository, Evidence, Happening, Lease,
    RaiseError, Report, raise,
    revision::{Change, revise},
};
use crate::{Moment, StoreError, event::EventLog, secret::Digest};

/// How long events of probes are kept after them: nobody follows them by then.
const EVENTS_KEPT: TimeDelta = TimeDelta::minutes(10);
/// The name of whoever takes probes.
const TAKER: &str = "probe";

/// Where it is kept which calls are probes.
pub trait ProbeRepository {
    /// Notes that `id` is a probe.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_probe(&mut self, id: EmergencyId, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Removes the emergency `id`, if it is a probe, with all that belongs to it but its events.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_probe(&mut self, id: EmergencyId) -> Result<(), StoreError>;

    /// Removes whatever is left of probes that were raised before `at`, at most `limit`, and says how
    /// many.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_probes(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError>;
}

/// Raises a probe as any call is raised, and says under which id.
///
/// # Errors
/// [`RaiseError::Store`] when the store cannot take it.
pub fn raise_probe(
    store: &mut (impl EmergencyRepository + ProbeRepository + EventLog),
    now: &Moment,
    id: EmergencyId,
) -> Result<(), RaiseError> {
    let secret = Digest(now.random());
    let source = CallSource { digest: secret, calls: 1, empty_calls: 0, empty_case: None };
    let call = Call {
        name: CallName::Given(id),
        report: Report { drill: Some(true), probe: true, ..Report::default() },
        reading: None,
        commune: None,
        evidence: Evidence { secret: Some(secret), ..Evidence::default() },
        body: secret,
        source,
    };
    store.add_probe(id, now.at)?;
    raise(store, now, call).map(|_| ())
}

/// Takes the probe `id` as a dispatcher takes a call, and says whether it was there to be taken.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn claim_probe(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    id: EmergencyId,
) -> Result<bool, StoreError> {
    let lease = Lease {
        holder: uuid::Uuid::nil().into(),
        username: TAKER.to_owned(),
        since: now.at,
        heard_at: now.at,
        gone_at: None,
        reason: None,
    };
    let taken = revise(store, now, id, |_, before| {
        let claimed = before.clone().under(lease.clone());
        let claimed = claimed.ok().filter(|_| before.said.probe);
        Ok::<_, StoreError>(match claimed {
            Some(claimed) => Change::to(claimed, Happening::Claimed),
            None => Change::None,
        })
    })?;
    Ok(taken.is_some_and(|taken| taken.lease.is_some_and(|held| held.username == TAKER)))
}

/// Removes the probe `id`, and what older probes left behind: also those of a process that died over
/// them.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn end_probe(
    store: &mut impl ProbeRepository,
    now: &Moment,
    id: EmergencyId,
    limit: usize,
) -> Result<(), StoreError> {
    store.remove_probe(id)?;
    store.forget_probes(now.at - EVENTS_KEPT, limit).map(|_| ())
}
