//! What was said under the id of an emergency, one call after the other.

use chrono::{DateTime, Utc};

use super::{
    Call, Emergency, EmergencyId, EmergencyRepository, Fix, Happening, RaiseError, Report,
    merge::followed_on,
    revision::{Change, revise},
};
use crate::{Id, Moment, StoreError, event::EventLog, secret::Digest};

/// One thing that was said under the id of an emergency: the caller's own words each as they came,
/// and what strangers said, which stands beside and overwrites nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Its id.
    pub id: Id<Statement>,
    /// The emergency it was said under.
    pub emergency: EmergencyId,
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// Whether it is the caller who said it.
    pub verified: bool,
    /// What was said.
    pub said: Report,
    /// The positions that were told.
    pub fixes: Vec<Fix>,
    /// Whether it asks to call the emergency off.
    pub cancels: bool,
    /// The digest of the body it came in: the same body again is the same statement.
    pub body: Digest,
}

impl Call {
    /// This call as a statement under `emergency`.
    pub(super) fn statement(
        &self,
        emergency: &Emergency,
        now: &Moment,
        verified: bool,
    ) -> Statement {
        Statement {
            id: now.new_id(),
            emergency: emergency.id,
            at: now.at,
            verified,
            said: self.report.clone(),
            fixes: self.reading.into_iter().map(|reading| reading.arrived(now.at)).collect(),
            cancels: false,
            body: self.body,
        }
    }
}

/// Keeps what the caller of `known` says now, and what they said first, each as it came. `false`
/// when the very same was said before.
pub(super) fn record(
    store: &mut impl EmergencyRepository,
    now: &Moment,
    known: &Emergency,
    statement: &Statement,
) -> Result<bool, StoreError> {
    keep_first(store, now, known)?;
    store.add_statement(statement)
}

/// Keeps what the caller of `known` said first, as it came.
pub(super) fn keep_first(
    store: &mut impl EmergencyRepository,
    now: &Moment,
    known: &Emergency,
) -> Result<(), StoreError> {
    if let Some(body) = known.body {
        store.add_statement(&Statement {
            id: now.new_id(),
            emergency: known.id,
            at: known.received_at,
            verified: true,
            said: known.said.clone(),
            fixes: known.location.into_iter().collect(),
            cancels: false,
            body,
        })?;
    }
    Ok(())
}

/// Keeps what a stranger says under the id of `known`, and shows the dispatchers that something
/// was said. It changes nothing the caller said; but where the emergency had ended, somebody has
/// to look at it again.
pub(super) fn overhear(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    known: &Emergency,
    statement: &Statement,
) -> Result<(), RaiseError> {
    let fresh = store.add_statement(statement)?;
    if !fresh && known.is_recent(now.at) {
        return Ok(());
    }
    revise(store, now, known.id, |store, before| {
        let heard = Emergency { overheard: true, ..followed_on(store, before)? };
        Ok::<_, RaiseError>(match heard.called_again(now.at) {
            Ok(again) if !statement.cancels => Change::to(again, Happening::Received),
            _ => {
                let beside = Emergency { overheard: true, ..before.clone() };
                Change::to(beside, Happening::Statement)
            }
        })
    })?;
    Ok(())
}
